import { Client } from 'pg';
import { startPostgres } from '../../engines/postgres-server';
import type { Lab } from '../lab';

/** Does one statement on a connection of its own. */
export async function query<Row>(connectionString: string, sql: string): Promise<Row[]> {
  const connection = new Client({ connectionString });
  await connection.connect();
  try {
    return (await connection.query(sql)).rows;
  } finally {
    await connection.end();
  }
}

/** A PostgreSQL as it is installed: what is committed is on disk. What is returned creates a database and tells its URL. */
export async function postgresOf(
  lab: Pick<Lab, 'keep'>,
): Promise<(name: string, template?: string) => Promise<string>> {
  const { url } = lab.keep(await startPostgres({ fsync: 'on' }));
  return async (name, template = 'template1') => {
    await query(`${url}postgres`, `create database ${name} template ${template}`);
    return url + name;
  };
}
