import BetterSqlite3 from 'better-sqlite3';
import { Client as Postgres } from 'pg';
import { rollbook } from '../processes/rollbook';
import type { Client } from './client';
import { MARKS_OF_A_SECTION } from './sizes';
import { assemblySql, rollsSql, rosterSql, schoolDaysSql } from './sql';

export interface Size {
  /** How many marks stand, to the next full section. */
  readonly marks: number;
  /** Students of a section of their own, each with a mark on every school day. */
  readonly assembly?: number;
}

/** A database of a stated size, and a client that may call rollbook on it. */
export interface School {
  readonly url: string;
  readonly client: Client;
  readonly sections: number;
  /** The section of the assembly. */
  readonly assembly: number;
}

/** The file of a database that is one. */
export const fileOf = ({ url }: Pick<School, 'url'>): string => url.replace('sqlite:', '');

/** How many sections are filled by one statement. */
const AT_ONCE = 5_000;

/** Makes the schema by `rollbook migrate`, the rows by bulk SQL that need not be durable, and a client. */
export async function buildSchool(url: string, size: Size): Promise<School> {
  rollbook(url, 'migrate');
  const sections = Math.ceil(size.marks / MARKS_OF_A_SECTION);
  const assembly = sections + 1;
  const bulk = await openBulk(url);
  for (const sql of [...rosterSql(sections), ...schoolDaysSql]) await bulk.run(sql);
  for (let from = 1; from <= sections; from += AT_ONCE)
    for (const sql of rollsSql(from, Math.min(sections, from + AT_ONCE - 1))) await bulk.run(sql);
  if (size.assembly) for (const sql of assemblySql(assembly, size.assembly)) await bulk.run(sql);
  await bulk.close();
  const scopes = 'attendance:read,attendance:write,roster:read,roster:write';
  const client: Client = rollbook(url, 'client', 'create', '--district', '1', '--name', 'bench', '--scopes', scopes);
  return { url, client, sections, assembly };
}

/** Takes statements without the guards that a database in use has. */
interface Bulk {
  run(sql: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A connection that writes as fast as it can, and durably enough for a measurement. */
export async function openBulk(url: string): Promise<Bulk> {
  return url.startsWith('sqlite:') ? openSqlite(fileOf({ url })) : openPostgres(url);
}

function openSqlite(file: string): Bulk {
  const connection = new BetterSqlite3(file);
  const pragmas = ['journal_mode = off', 'synchronous = off', 'foreign_keys = off', 'cache_size = -200000'];
  for (const pragma of pragmas) connection.pragma(pragma);
  return { run: async (sql) => connection.exec(sql), close: async () => connection.close() };
}

async function openPostgres(connectionString: string): Promise<Bulk> {
  const connection = new Postgres({ connectionString });
  await connection.connect();
  await connection.query('set session_replication_role = replica'); // what is built refers to what there is
  return {
    run: (sql) => connection.query(sql),
    close: async () => {
      await connection.query('vacuum analyze');
      await connection.end();
    },
  };
}
