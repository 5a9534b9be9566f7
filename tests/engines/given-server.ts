import { Client } from 'pg';

/**
 * The PostgreSQL that `TEST_DATABASE_URL` gives tests, in place of the one that comes with the packages; ends in a slash. Its
 * user is a superuser: tests make and drop databases, end connections, and lay keys aside while they empty tables.
 */
export function givenServer(): string | undefined {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) return undefined;
  if (/^postgres(ql)?:\/\/[^/?#]+\/?$/.test(url)) return url.replace(/\/?$/, '/');
  throw new Error(
    'TEST_DATABASE_URL is postgres://<user>:<password>@<host>:<port>, without a database: tests make their own.',
  );
}

/** Drops what a run has made there, or one before it that was killed: the databases that are called so, and no others. */
export async function dropDatabases(url: string): Promise<void> {
  const client = new Client(`${url}postgres`);
  await client.connect();
  const { rows } = await client.query(
    "select datname from pg_database where datname ~ '^(test_[0-9a-f]{16}|template_rollbook)$'",
  );
  for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  await client.end();
}
