import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Database } from '../src/database/database';
import { observed, type StatementObserver } from '../src/database/observed';
import { openDatabase } from '../src/database/open';
import type { Actor } from '../src/ledger/actor';
import { type Ledger, openLedger } from '../src/ledger/ledger';

/**
 * A small school. Larkspur's Algebra has Ada and Grace all year, Alan from 2025-10-06, Katherine until before
 * 2025-10-10, and is taught by Noether; Biology has Ada, and is taught by Mendel. Eve goes to school elsewhere.
 */
export interface World extends TestDatabase {
  readonly ledger: Ledger;
  readonly districts: { larkspur: number; elsewhere: number };
  readonly sections: { algebra: number; biology: number; elsewhere: number };
  readonly people: Record<PersonName, number>;
  /** Of a student or teacher, in Algebra unless the name says otherwise. */
  readonly enrollments: Record<PersonName | 'adaInBiology', number>;
  /** Acts for Larkspur. */
  readonly actor: Actor;
}

type PersonName = 'ada' | 'grace' | 'alan' | 'katherine' | 'noether' | 'mendel' | 'eve';

/** @param reuse as of `openTestDatabase` */
export async function openWorld({ reuse = true } = {}): Promise<World> {
  const test = await openTestDatabase({ reuse });
  const { knex } = test.database;
  /** A statement for each table: every test of an API begins with these. */
  const insert = async <Name extends string>(table: string, rows: Record<Name, object>) => {
    const ids: { id: number }[] = await knex(table).insert(Object.values(rows)).returning('id');
    return Object.fromEntries(Object.keys(rows).map((name, index) => [name, ids[index]!.id])) as Record<Name, number>;
  };

  const district = (name: string) => ({ name, time_zone: 'America/Chicago', created_at: '2025-08-01T00:00:00.000Z' });
  const districts = await insert('districts', { larkspur: district('Larkspur'), elsewhere: district('Elsewhere') });
  const { school } = await insert('schools', {
    school: {
      district_id: districts.larkspur,
      sourced_id: 'school',
      name: 'Larkspur Middle School',
      type: 'school',
      number: '200',
    },
  });
  const inSchool = (district_id: number) => ({
    district_id,
    school_id: district_id === districts.larkspur ? school : null,
  });

  const section = (title: string, district_id = districts.larkspur) => ({
    ...inSchool(district_id),
    sourced_id: title.toLowerCase(),
    title,
    section_code: title.slice(0, 3).toUpperCase(),
    class_type: 'scheduled',
    location: '',
    periods: '1',
    subjects: '',
    grades: '07',
  });
  const sections = await insert('sections', {
    algebra: section('Algebra'),
    biology: section('Biology'),
    elsewhere: section('Chemistry', districts.elsewhere),
  });

  const person = (given_name: string, family_name: string, role: string, district_id = districts.larkspur) => ({
    ...inSchool(district_id),
    sourced_id: given_name.toLowerCase(),
    role,
    username: given_name.toLowerCase(),
    email: `${given_name.toLowerCase()}@example.org`,
    given_name,
    middle_name: '',
    family_name,
    preferred_name: '',
    identifier: '',
    grades: '07',
  });
  const people = await insert<PersonName>('people', {
    ada: person('Ada', 'Lovelace', 'student'),
    grace: person('Grace', 'Hopper', 'student'),
    alan: person('Alan', 'Turing', 'student'),
    katherine: person('Katherine', 'Johnson', 'student'),
    noether: person('Emmy', 'Noether', 'teacher'),
    mendel: person('Gregor', 'Mendel', 'teacher'),
    eve: person('Eve', 'Else', 'student', districts.elsewhere),
  });

  const enrollment = (name: PersonName, section_id: number, days: { begin_date?: string; end_date?: string } = {}) => {
    const isTeacher = name === 'noether' || name === 'mendel';
    return {
      district_id: section_id === sections.elsewhere ? districts.elsewhere : districts.larkspur,
      section_id,
      person_id: people[name],
      sourced_id: `${name}-${section_id}`,
      admin: isTeacher,
      begin_date: '2025-08-25',
      // Teachers go on, since only they may write who teach today.
      end_date: isTeacher ? '2099-12-31' : '2026-06-12',
      ...days,
    };
  };
  const enrollments = await insert('enrollments', {
    noether: enrollment('noether', sections.algebra),
    ada: enrollment('ada', sections.algebra),
    grace: enrollment('grace', sections.algebra),
    alan: enrollment('alan', sections.algebra, { begin_date: '2025-10-06' }),
    katherine: enrollment('katherine', sections.algebra, { end_date: '2025-10-10' }),
    mendel: enrollment('mendel', sections.biology),
    adaInBiology: enrollment('ada', sections.biology),
    eve: enrollment('eve', sections.elsewhere),
  });

  const ledger = openLedger(test.database);
  const actor = { district: districts.larkspur, api: 'test', client: null, person: null };
  return { ...test, ledger, districts, sections, people, enrollments, actor };
}

/** An empty, migrated database of its own on the engine in $ENGINE. `close` leaves nothing behind. */
export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param reuse for tests that leave the schema as it is: on PostgreSQL they share a database, emptied after each
 * @param engine in place of the one in $ENGINE
 */
export async function openTestDatabase({ reuse = false, engine = process.env.ENGINE } = {}): Promise<TestDatabase> {
  if (engine === 'postgres' && reuse) return spare.pop() ?? kept(await createDatabase());
  const { url, drop } = await (engine === 'postgres' ? postgresUrl() : sqliteUrl());
  const database = openChecked(url);
  return {
    database,
    url,
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

declare global {
  /** Told of each statement that a test runs (engines/districts.ts). */
  var statementObserver: StatementObserver | undefined;
}

/** A database whose statements are held to what they say of themselves, and to the district. */
export function openChecked(url: string): Database {
  const { statementObserver } = globalThis;
  return observed(openDatabase(url, { checked: true }), statementObserver ? [statementObserver] : []);
}

async function sqliteUrl() {
  const folder = mkdtempSync(join(process.env.TEST_DATABASES!, 'world-'));
  const file = join(folder, 'rollbook.db');
  copyFileSync(join(process.env.TEST_DATABASES!, 'rollbook.db'), file);
  return { url: `sqlite:${file}`, drop: async () => rmSync(folder, { recursive: true }) };
}

async function postgresUrl() {
  const name = await createDatabase();
  return { url: process.env.TEST_POSTGRES_URL + name, drop: () => administer(`drop database ${name} with (force)`) };
}

/** Emptied databases of this file, with their connections: to make one takes ten times as long. They go with the server. */
const spare: TestDatabase[] = [];
let isOver = false;
// Not where scripts use this.
globalThis.afterAll?.(async () => {
  isOver = true;
  await Promise.all(spare.map(({ database }) => database.knex.destroy()));
});

/** A PostgreSQL database that is used again. */
function kept(name: string): TestDatabase {
  const url = process.env.TEST_POSTGRES_URL + name;
  const database = openChecked(`${url}?application_name=${KEPT}`);
  const test: TestDatabase = {
    database: { ...database, close: async () => undefined },
    url,
    close: async () => {
      if (isOver) return database.close();
      await database.knex.raw(empty);
      spare.push(test);
    },
  };
  return test;
}

async function createDatabase(): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(`create database ${name} template template_rollbook`);
  return name;
}

/** What the connections that are kept call themselves. */
const KEPT = 'kept';

/** Ends all other connections, and deletes every row but those of the migrations, in whatever order, and every sequence that was used back to its start. */
const empty = `do $$ declare each record; begin
  perform pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name <> '${KEPT}';
  set local session_replication_role = replica;
  for each in select tablename from pg_tables where schemaname = 'public' and tablename not like 'knex\\_%' loop
    execute format('delete from %I', each.tablename);
  end loop;
  perform setval(format('%I', sequencename), start_value, false) from pg_sequences
    where schemaname = 'public' and sequencename not like 'knex\\_%' and last_value is not null;
end $$`;

async function administer(sql: string, database = 'postgres'): Promise<void> {
  const client = new Client(process.env.TEST_POSTGRES_URL + database);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
