/*
 * The built command, loaded once and run again and again: to load it takes ten times as long as most of what it does. What is
 * run here gets what a process of its own would: its environment, what is typed, and streams to print to. It has ended once
 * nothing is open any more that would keep a process from its end.
 */
const { Readable } = require('node:stream');
const { setTimeout: wait } = require('node:timers/promises');
const { fail } = require('../../dist/src/cli/failure');
const { program } = require('../../dist/src/cli/program');

/** What `process.exit` throws: commander calls it, to print help or why arguments are wrong. */
class Exit {
  constructor(code) {
    this.code = code;
  }
}

const exit = process.exit.bind(process);
process.exit = (code) => {
  throw new Exit(code);
};
process.once('disconnect', () => exit());

let said;
for (const name of ['stdout', 'stderr'])
  process[name].write = (chunk, ...rest) => {
    said[name].push(Buffer.from(chunk));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };

/** What keeps this process running, beyond what did before. */
function opened(before) {
  const left = [...before];
  return process.getActiveResourcesInfo().filter((each) => {
    const place = left.indexOf(each);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
}

process.on('message', async ({ args, env, input }) => {
  const before = process.getActiveResourcesInfo();
  said = { stdout: [], stderr: [] };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true });
  process.exitCode = 0;
  try {
    await program(args[0]).parseAsync([process.execPath, 'rollbook', ...args]);
  } catch (error) {
    if (error instanceof Exit) process.exitCode = error.code;
    else fail(error);
  }
  while (opened(before).length > 0) await wait(1, undefined, { ref: false });
  const [stdout, stderr] = [said.stdout, said.stderr].map((chunks) => Buffer.concat(chunks).toString());
  process.send({ code: process.exitCode, stdout, stderr });
});
