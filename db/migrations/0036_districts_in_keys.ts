import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/*
 * The district is in every key of a table that has one, and in what leads from one such table to another: no row names one
 * of another district, and a database can keep each district elsewhere. Clients are looked up before their district is
 * known: nothing leads from them to such a table, nor back. On SQLite `id` stays the primary key, since ids of others
 * would be used again (AUTOINCREMENT); where other tables lead to it, a unique key has the district.
 */

/** Their primary key was `id`. */
const byId = [
  'schools',
  'terms',
  'people',
  'courses',
  'sections',
  'enrollments',
  'attendance_codes',
  'powerschool_attendance',
  'erasures',
  'recounts',
];

/** Other tables lead to these. */
const targets = ['schools', 'terms', 'people', 'courses', 'sections', 'enrollments', 'webhook_targets'];

/** Their unique keys, and what these were called before they had the district. */
const uniques = [
  {
    table: 'attendance_codes',
    columns: 'school_id, year, code',
    name: 'attendance_codes_code_unique',
    before: 'attendance_codes_school_id_year_id_code_unique',
  },
  {
    table: 'powerschool_attendance',
    columns: 'section_id, date, enrollment_id, part',
    name: 'powerschool_attendance_part_unique',
    before: 'powerschool_attendance_section_id_date_enrollment_id_part_unique',
  },
];

/**
 * On PostgreSQL the district is in front of these, too: before it has counted what is in a table it takes every index for as
 * good as another, and would go through a whole district. On SQLite a plus keeps it from that.
 */
const indexes = [
  { table: 'enrollments', columns: 'section_id, id', name: 'enrollments_section_id_id_index' },
  { table: 'enrollments', columns: 'person_id, id', name: 'enrollments_person_id_id_index' },
  { table: 'journal', columns: 'section_id, id', name: 'journal_section_id_id_index' },
  { table: 'kept_days', columns: 'section_id', name: 'kept_days_section_id_index' },
  { table: 'osdi_identifiers', columns: 'person_id', name: 'osdi_identifiers_person_id_index' },
  { table: 'person_aliases', columns: 'person_id', name: 'person_aliases_person_id_index' },
  { table: 'sections', columns: 'course_id', name: 'sections_course_id_index' },
  { table: 'sign_ins', columns: 'client_id', name: 'sign_ins_client_id_index' },
];

/**
 * People are deleted, when two are made one. Whatever leads to them is then looked for by both columns, and where no index has
 * both, SQLite may go through a whole district.
 */
const ofPeople = [
  { table: 'enrollments', columns: 'person_id, id', name: 'enrollments_person_id_id_index' },
  { table: 'osdi_identifiers', columns: 'person_id', name: 'osdi_identifiers_person_id_index' },
  { table: 'person_aliases', columns: 'person_id', name: 'person_aliases_person_id_index' },
];
/** Nothing led from these to a person by an index. */
const unindexed = ['counted_students', 'erasures'];

/** These lead nowhere any more. */
const ofClients = [
  { table: 'sign_ins', column: 'client_id', target: 'api_clients' },
  { table: 'webhook_targets', column: 'client_id', target: 'api_clients' },
  { table: 'api_clients', column: 'person_id', target: 'people' },
];

export async function up(knex: Knex, { partitioned }: Engine): Promise<void> {
  // Whether it was made for somebody to sign in with: who they are is asked once its district is known.
  await knex.schema.alterTable('api_clients', (table) => {
    table.boolean('signs_in').notNullable().defaultTo(knex.raw('false'));
  });
  await knex.raw('update api_clients set signs_in = true where id in (select sign_ins.client_id from sign_ins)');
  await (partitioned ? postgres : sqlite).up(knex);
}

export async function down(knex: Knex, { partitioned }: Engine): Promise<void> {
  await (partitioned ? postgres : sqlite).down(knex);
  // As text: knex would make the table anew on SQLite, and others refer to it.
  await knex.raw('alter table api_clients drop column signs_in');
}

/** What an engine says of a foreign key to one of the tables, with the district in it; others stay as they are. */
const paired = (sql: string): string =>
  sql.replaceAll(
    /foreign key ?\([`"]?(\w+)[`"]?\) references [`"]?(\w+)[`"]? ?\([`"]?id[`"]?\)/gi,
    (whole, column, target) =>
      targets.includes(target) ? `foreign key (district_id, ${column}) references ${target} (district_id, id)` : whole,
  );

const unpaired = (sql: string): string =>
  sql.replaceAll(
    /foreign key ?\(district_id, (\w+)\) references (\w+) ?\(district_id, id\)/gi,
    'foreign key ($1) references $2 (id)',
  );

const postgres = {
  async up(knex: Knex): Promise<void> {
    const references = await takeReferences(knex);
    await knex.raw('alter table section_terms add column district_id bigint references districts (id)');
    await knex.raw(
      `update section_terms set district_id = sections.district_id from sections where sections.id = section_terms.section_id`,
    );
    await knex.raw('alter table section_terms alter column district_id set not null');
    for (const table of byId) await setKey(knex, table, 'district_id, id');
    await setKey(knex, 'section_terms', 'district_id, section_id, term_id');
    await setKey(knex, 'kept_days', 'district_id, enrollment_id, begin_date');
    await setKey(knex, 'journal', 'district_id, id, date');
    for (const table of ['sections', 'enrollments'])
      await knex.raw(`alter table ${table} drop constraint ${table}_district_id_id_unique`);
    for (const { table, columns, name, before } of uniques)
      await knex.raw(
        `alter table ${table} drop constraint ${before}, add constraint ${name} unique (district_id, ${columns})`,
      );
    for (const { table, columns, name } of indexes) await setIndex(knex, name, `${table} (district_id, ${columns})`);
    for (const table of unindexed) await makeIndex(knex, table, 'district_id, person_id');
    for (const { table, name, definition } of references)
      if (!ofClients.some((each) => name === nameOf(each)))
        await knex.raw(`alter table ${table} add constraint ${name} ${paired(definition)}`);
  },

  async down(knex: Knex): Promise<void> {
    const references = await takeReferences(knex);
    for (const table of unindexed) await knex.raw(`drop index ${table}_person_id_index`);
    for (const { table, columns, name } of indexes) await setIndex(knex, name, `${table} (${columns})`);
    for (const { table, columns, name, before } of uniques)
      await knex.raw(`alter table ${table} drop constraint ${name}, add constraint ${before} unique (${columns})`);
    for (const table of ['sections', 'enrollments'])
      await knex.raw(`alter table ${table} add constraint ${table}_district_id_id_unique unique (district_id, id)`);
    await setKey(knex, 'journal', 'id, date');
    await setKey(knex, 'kept_days', 'enrollment_id, begin_date');
    await setKey(knex, 'section_terms', 'section_id, term_id');
    for (const table of byId) await setKey(knex, table, 'id');
    await knex.raw('alter table section_terms drop column district_id');
    for (const { table, name, definition } of references)
      await knex.raw(
        `alter table ${table} add constraint ${name} ${hadDistrict.test(table) ? definition : unpaired(definition)}`,
      );
    for (const each of ofClients)
      await knex.raw(
        `alter table ${each.table} add constraint ${nameOf(each)} foreign key (${each.column}) references ${each.target} (id)`,
      );
  },
};

/** What led from these on PostgreSQL had the district before; school years that were taken off are among them. */
const hadDistrict =
  /^(detached_)?(meetings|marks|presences)|^(corrections|corrected_rolls|former_schools|former_terms|schoology_subscriptions)$/;

const nameOf = ({ table, column }: (typeof ofClients)[number]): string => `${table}_${column}_foreign`;

interface Reference {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

/** Drops what leads to the tables, or from one of them to a client, and says what it was. */
async function takeReferences(knex: Knex): Promise<Reference[]> {
  const names = (tables: readonly string[]) => tables.map((table) => `'${table}'::regclass`).join(', ');
  const { rows } = await knex.raw<{ rows: Reference[] }>(
    `select cast(cast(conrelid as regclass) as text) as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where contype = 'f' and conparentid = 0 and (confrelid in (${names(targets)})
      or (conrelid in (${names(['sign_ins', 'webhook_targets'])}) and confrelid = 'api_clients'::regclass))`,
  );
  for (const { table, name } of rows) await knex.raw(`alter table ${table} drop constraint ${name}`);
  return rows;
}

const setKey = (knex: Knex, table: string, columns: string) =>
  knex.raw(`alter table ${table} drop constraint ${table}_pkey, add primary key (${columns})`);

const makeIndex = (knex: Knex, table: string, columns: string) =>
  knex.raw(`create index ${table}_person_id_index on ${table} (${columns})`);

async function setIndex(knex: Knex, name: string, of: string): Promise<void> {
  await knex.raw(`drop index ${name}`);
  await knex.raw(`create index ${name} on ${of}`);
}

const sqlite = {
  async up(knex: Knex): Promise<void> {
    // The id first, else the planner would go through a whole district for what it finds by other indexes.
    for (const table of targets) await knex.raw(`create unique index ${table}_key on ${table} (id, district_id)`);
    await knex.schema.createTable('section_terms_made', (table) => {
      table.bigInteger('district_id').notNullable().references('districts.id');
      table.bigInteger('section_id').notNullable();
      table.bigInteger('term_id').notNullable();
      table.primary(['district_id', 'section_id', 'term_id']);
      table.foreign(['district_id', 'section_id']).references(['district_id', 'id']).inTable('sections');
      table.foreign(['district_id', 'term_id']).references(['district_id', 'id']).inTable('terms');
    });
    await replace(
      knex,
      'section_terms',
      `select sections.district_id, section_terms.section_id, section_terms.term_id
      from section_terms join sections on sections.id = section_terms.section_id`,
    );
    await makeKeptDays(knex, ['district_id', 'enrollment_id', 'begin_date'], true);
    await rewrite(knex, (table, sql) => paired(clientsOf(table).reduce((whole, each) => whole.replace(each, ''), sql)));
    for (const { table, columns, name, before } of uniques) {
      await knex.raw(`drop index ${before}`);
      await knex.raw(`create unique index ${name} on ${table} (district_id, ${columns})`);
    }
    for (const { table, columns, name } of ofPeople) await setIndex(knex, name, `${table} (${columns}, district_id)`);
    for (const table of unindexed) await makeIndex(knex, table, 'person_id, district_id');
  },

  async down(knex: Knex): Promise<void> {
    for (const table of unindexed) await knex.raw(`drop index ${table}_person_id_index`);
    for (const { table, columns, name } of ofPeople) await setIndex(knex, name, `${table} (${columns})`);
    for (const { table, columns, name, before } of uniques) {
      await knex.raw(`drop index ${name}`);
      await knex.raw(`create unique index ${before} on ${table} (${columns})`);
    }
    await makeKeptDays(knex, ['enrollment_id', 'begin_date'], false);
    await knex.schema.createTable('section_terms_made', (table) => {
      table.bigInteger('section_id').notNullable().references('sections.id');
      table.bigInteger('term_id').notNullable().references('terms.id');
      table.primary(['section_id', 'term_id']);
    });
    await replace(knex, 'section_terms', 'select section_id, term_id from section_terms');
    await rewrite(knex, (table, sql) =>
      unpaired(sql).replace(DISTRICT, (district) => [district, ...clientsOf(table)].join('')),
    );
    for (const table of targets) await knex.raw(`drop index ${table}_key`);
  },
};

const reference = (column: string, target: string) => `, foreign key(\`${column}\`) references \`${target}\`(\`id\`)`;
const DISTRICT = reference('district_id', 'districts');

const clientsOf = (table: string): string[] =>
  ofClients.filter((each) => each.table === table).map(({ column, target }) => reference(column, target));

async function makeKeptDays(knex: Knex, key: string[], isPaired: boolean): Promise<void> {
  await knex.schema.createTable('kept_days_made', (table) => {
    table.bigInteger('district_id').notNullable().references('districts.id');
    table.bigInteger('section_id').notNullable();
    table.bigInteger('enrollment_id').notNullable();
    table.date('begin_date').notNullable();
    table.date('end_date').notNullable();
    table.primary(key);
    for (const [column, target] of [
      ['section_id', 'sections'],
      ['enrollment_id', 'enrollments'],
    ] as const)
      table
        .foreign(isPaired ? ['district_id', column] : [column])
        .references(isPaired ? ['district_id', 'id'] : ['id'])
        .inTable(target);
  });
  await replace(
    knex,
    'kept_days',
    'select district_id, section_id, enrollment_id, begin_date, end_date from kept_days',
  );
  await knex.raw('create index kept_days_section_id_index on kept_days (section_id)');
}

/** Puts the table that was made in the place of the one that is there, with its rows. */
async function replace(knex: Knex, table: string, rows: string): Promise<void> {
  await knex.raw(`insert into ${table}_made ${rows}`);
  await knex.schema.dropTable(table);
  await knex.schema.renameTable(`${table}_made`, table);
}

/**
 * Changes the foreign keys of tables as SQLite keeps them, which is as text: to copy every table, with the marks of all years,
 * would take hours and twice the disk. `reset` has the schema read anew (https://sqlite.org/pragma.html#pragma_writable_schema).
 * Every row is held against the keys afterwards.
 */
async function rewrite(knex: Knex, change: (table: string, sql: string) => string): Promise<void> {
  const connection: { unsafeMode(isUnsafe: boolean): void } = await knex.client.acquireConnection();
  const tables: { name: string; sql: string }[] = await knex.raw(
    "select name, sql from sqlite_schema where type = 'table' and sql is not null",
  );
  const changed = tables.filter(({ name, sql }) => change(name, sql) !== sql);
  connection.unsafeMode(true); // else the schema cannot be written (SQLITE_DBCONFIG_DEFENSIVE)
  try {
    await knex.raw('pragma writable_schema = on');
    for (const { name, sql } of changed)
      await knex.raw("update sqlite_schema set sql = ? where type = 'table' and name = ?", [change(name, sql), name]);
    await knex.raw('pragma writable_schema = reset');
  } finally {
    connection.unsafeMode(false);
  }
  for (const { name } of changed) {
    const [wrong]: { parent: string }[] = await knex.raw(
      `select parent from pragma_foreign_key_check('${name}') limit 1`,
    );
    if (wrong)
      throw new Error(`A row of ${name} names one of ${wrong.parent} that is missing, or of another district.`);
  }
}
