import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/database/database';
import { makeReady } from '../../src/database/migrate';
import { SchemaError, schemaOf } from '../../src/database/schema';
import { openYears } from '../../src/database/years';
import { root } from '../../src/lib/root';
import { openTestDatabase, type TestDatabase } from '../world';

let opened: TestDatabase;
let database: Database;
beforeEach(async () => {
  opened = await openTestDatabase();
  database = opened.database;
});
afterEach(() => opened.close());

const onPostgres = process.env.ENGINE === 'postgres';
const serving = (migrate = false) => makeReady(database, { migrate });
const run = async (...statements: string[]) => {
  for (const statement of statements) await database.knex.raw(statement);
};

test('what the migrations make is what db/schema says; `rollbook migrate --schema` prints it', async () => {
  const kept = readFileSync(join(root, 'db', 'schema', database.schemaFile), 'utf8');
  expect(`${(await schemaOf(database.knex, database)).join('\n')}\n`).toBe(kept);
});

const nothing = 'create function nothing() returns trigger language plpgsql as $$ begin return null; end $$';

/** Statements of one engine, of the other, and what is said of what they leave. */
const faults: [what: string, sqlite: string[] | undefined, postgres: string[], sentence: RegExp][] = [
  [
    'a table that is missing',
    ['drop table erased_years'],
    ['drop table erased_years'],
    /the table erased_years is missing/,
  ],
  [
    'a column that is missing',
    ['alter table wix_attendances drop column number_of_attendees'],
    ['alter table wix_attendances drop column number_of_attendees'],
    /wix_attendances lacks the column number_of_attendees \(bigint not null\)/,
  ],
  [
    'a column that has to be filled',
    undefined,
    ['alter table wix_attendances add column extra text not null'],
    /wix_attendances\.extra has text not null, which is not rollbook's/,
  ],
  [
    'a column of another type',
    [
      'drop table wix_attendances',
      `create table wix_attendances (district_id bigint not null references districts (id), enrollment_id bigint not null,
        date date not null, number_of_attendees text not null,
        foreign key (district_id, enrollment_id) references enrollments (district_id, id),
        primary key (district_id, enrollment_id, date))`,
    ],
    ['alter table wix_attendances alter column number_of_attendees type text'],
    /wix_attendances\.number_of_attendees is text not null, not bigint not null/,
  ],
  [
    'a column that may be null',
    undefined,
    ['alter table journal alter column api drop not null'],
    /journal\.api is text, not text not null/,
  ],
  [
    'another primary key, and a reference less',
    [
      'drop table wix_attendances',
      `create table wix_attendances (district_id bigint not null, enrollment_id bigint not null, date date not null,
        number_of_attendees bigint not null,
        foreign key (district_id, enrollment_id) references enrollments (district_id, id),
        primary key (enrollment_id, date))`,
    ],
    [
      'alter table wix_attendances drop constraint wix_attendances_pkey, add primary key (enrollment_id, date)',
      'alter table wix_attendances drop constraint wix_attendances_district_id_foreign',
    ],
    /wix_attendances lacks FOREIGN KEY \(district_id\) REFERENCES districts\(id\); wix_attendances lacks PRIMARY KEY \(district_id, enrollment_id, date\); wix_attendances has PRIMARY KEY \(enrollment_id, date\), which is not rollbook's/,
  ],
  [
    'an index that is missing',
    ['drop index sections_uncounted_index'],
    ['drop index sections_uncounted_index'],
    /sections lacks INDEX \(district_id\) where/i,
  ],
  [
    'a key that is unique no more',
    ['drop index people_district_id_sourced_id_unique'],
    ['alter table people drop constraint people_district_id_sourced_id_unique'],
    /people lacks UNIQUE \(district_id, sourced_id\)/,
  ],
  [
    'one that is unique of late',
    ['create unique index mine on people (email)'],
    ['create unique index mine on people (email)'],
    /people has UNIQUE (INDEX )?\(email\), which is not rollbook's/,
  ],
  [
    'a check that is missing',
    [
      'drop table marks',
      `create table marks (district_id bigint not null references districts (id), section_id bigint not null,
        date date not null, enrollment_id bigint not null, status smallint not null,
        comment text not null, code_id bigint, changed_at datetime not null, client_id bigint, person_id bigint,
        foreign key (district_id, section_id) references sections (district_id, id),
        foreign key (district_id, enrollment_id) references enrollments (district_id, id),
        primary key (district_id, section_id, date, enrollment_id)) without rowid`,
    ],
    ['alter table marks drop constraint marks_status_check'],
    /works on: marks lacks CHECK [^;]*\. Change/,
  ],
  [
    'a trigger that takes back what is written',
    ['create trigger mine after insert on journal begin delete from journal where id = new.id; end'],
    [nothing, 'create trigger mine before insert on journal for each row execute function nothing()'],
    /works on: journal has TRIGGER mine, which is not rollbook's\. Change/,
  ],
  [
    'one of another table, before updates',
    ['create trigger mine before update on People begin select raise(ignore); end'],
    [nothing, 'create trigger mine before update on people for each row execute function nothing()'],
    /works on: people has TRIGGER mine, which is not rollbook's\. Change/,
  ],
  [
    'a trigger of all parts of a table',
    undefined,
    [nothing, 'create trigger mine after insert on marks for each row execute function nothing()'],
    /works on: marks has TRIGGER mine, which is not rollbook's\. Change/,
  ],
  [
    'a trigger of the part of a school year',
    undefined,
    [nothing, 'create trigger mine before insert on marks_default for each row execute function nothing()'],
    /works on: marks has TRIGGER mine ON marks_default, which is not rollbook's\. Change/,
  ],
  [
    'a rule by which nothing is written',
    undefined,
    ['create rule mine as on insert to people do instead nothing'],
    /works on: people has RULE mine, which is not rollbook's\. Change/,
  ],
  [
    'row-level security',
    undefined,
    ['alter table people enable row level security'],
    /works on: people has ROW LEVEL SECURITY, which is not rollbook's\. Change/,
  ],
  [
    'a view in the place of a table',
    ['alter table erased_years rename to mine', 'create view erased_years as select * from mine'],
    ['alter table erased_years rename to mine', 'create view erased_years as select * from mine'],
    /the table erased_years is missing/,
  ],
];

test.each(faults.filter(([, sqlite]) => onPostgres || sqlite))(
  '%s is named, and nothing is served or changed, whether it may be migrated or not',
  async (_what, sqlite, postgres, sentence) => {
    await run(...(onPostgres ? postgres : sqlite!));
    const before = await schemaOf(database.knex, database);
    for (const migrate of [true, false]) {
      await expect(serving(migrate)).rejects.toThrow(SchemaError);
      await expect(serving(migrate)).rejects.toThrow(sentence);
    }
    expect(await schemaOf(database.knex, database)).toEqual(before);
    expect(await database.knex('epochs')).toEqual([]);
  },
);

test('at most five differences are named, and how many more there are', async () => {
  await run(
    ...['sign_ins', 'invitations', 'calendar_days', 'erasures', 'erased_years', 'recounts', 'counted_days'].map(
      (table) => `drop table ${table}`,
    ),
  );
  await expect(serving()).rejects.toThrow(/(the table \w+ is missing; ){5}and 2 more/);
});

test('what somebody has added is let be, where it refuses nothing', async () => {
  await run(
    'create table mine (id integer not null)',
    'alter table people add column note text',
    "alter table people add column colour text not null default 'red'",
    'create index mine_index on people (family_name)',
    'create view names as select family_name, given_name from people',
  );
  await expect(serving()).resolves.toBeUndefined();
  await expect(serving(true)).resolves.toBeUndefined();
});

if (onPostgres)
  test('school years that come and go make no difference', async () => {
    await database.knex.raw(
      `create table marks_2001 partition of marks for values from ('2001-07-01') to ('2002-07-01');
      create table meetings_2001 partition of meetings for values from ('2001-07-01') to ('2002-07-01');
      create table presences_2001 partition of presences for values from ('2001-07-01') to ('2002-07-01');
      create table journal_2001 partition of journal for values from ('2001-07-01') to ('2002-07-01')`,
    );
    await expect(serving()).resolves.toBeUndefined();
    await openYears(database).detach(2001, []);
    await expect(serving()).resolves.toBeUndefined();
  });
