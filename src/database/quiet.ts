const nothing = () => undefined;

/** How knex is told to print nothing itself, since what is wrong is thrown, and to leave values out of messages. */
export const quiet = {
  compileSqlOnError: false,
  log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
};
