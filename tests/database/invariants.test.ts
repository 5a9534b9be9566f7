import { invariantsOf } from '../../src/cli/check';
import { claimEpoch } from '../../src/database/epoch';
import { findingsOf } from '../../src/database/invariants';
import { migrate } from '../../src/database/migrate';
import { openWorld, type World } from '../world';

let world: World;
const onPostgres = process.env.ENGINE === 'postgres';
beforeEach(async () => {
  world = await openWorld();
  const { ada, grace, noether: _, ...rest } = world.enrollments;
  await world.ledger.record(
    [
      { enrollment: ada, date: DAY, status: 2, comment: 'Flu' },
      { enrollment: grace, date: DAY, status: 1, comment: '' },
      { enrollment: rest.alan, date: '2025-10-08', status: 3, comment: '' },
      { enrollment: rest.alan, date: '2025-10-08', status: 1, comment: '' },
    ],
    world.actor,
    { roll: 'always' },
  );
  await world.ledger.record([{ enrollment: ada, date: UNTAKEN, status: 1 }], world.actor);
  await migrate(world.database); // makes the part for these days
  const { larkspur: district_id } = world.districts;
  const { knex } = world.database;
  await knex('attendance_codes').insert(code(1, district_id));
  await knex('terms').insert({ ...term, district_id: world.districts.elsewhere });
  await knex('api_clients').insert({ ...client, district_id });
  await knex('api_tokens').insert({ hash: 'a', client_id: 1, created_at: NOW, expires_at: null });
  const entry = { district_id, enrollment_id: ada, date: DAY };
  await knex('powerschool_attendance').insert({ ...part, ...entry, section_id: world.sections.algebra });
  await knex('osdi_attendances').insert({ ...entry, comment: '', identifiers: '[]', created_at: NOW, changed_at: NOW });
  await knex('osdi_identifiers').insert({
    district_id,
    identifier: 'x:1',
    local_part: '1',
    person_id: world.people.ada,
  });
  await knex('wix_attendances').insert({ ...entry, number_of_attendees: 2 });
  await knex('webhook_targets').insert({ ...target, district_id, epoch: await claimEpoch(world.database) });
  await knex('schoology_subscriptions').insert({ ...subscription, district_id });
});
afterEach(() => world.close());

const DAY = '2025-10-07';
/** Of which nothing is known but that Ada was there. */
const UNTAKEN = '2025-10-09';
const NOW = '2025-10-07T08:00:00.000Z';
const code = (school_id: number, district_id: number) => ({
  district_id,
  school_id,
  year: 2025,
  code: 'A',
  description: 'Absent',
  status: 2,
});
const term = { title: 'Fall', type: 'term', begin_date: '2025-08-25', end_date: '2025-12-20', school_year: '2026' };
const client = { name: 'test', key: 'k', secret: 's', scopes: 'attendance:read', created_at: NOW };
const target = {
  client_id: 1,
  api: 'schoology',
  url: 'https://sis.example.org/',
  description: '',
  secret: 's',
  created_at: NOW,
  after_transaction: '0',
  after_id: 0,
};
const subscription = { target_id: 1, event: 'attendance', subscribed: true, include_object: true };
const part = {
  part: 'daily',
  mode: 'ATT_ModeDaily',
  code_id: 1,
  status: 2,
  comment: '',
  period: '',
  program: '',
  calendar_day: '',
};

const findings = (first = 10) => findingsOf(world.database, invariantsOf(world.database), first);
const names = async () => [...new Set((await findings()).map(({ name }) => name))].sort();

/** Breaks what the tables themselves would refuse. */
async function behindItsBack(...statements: string[]): Promise<void> {
  const { knex } = world.database;
  const [off, on] = onPostgres
    ? [
        ['set session_replication_role = replica', 'alter table marks drop constraint marks_status_check'],
        [
          'reset session_replication_role',
          'alter table marks add constraint marks_status_check check (status in (2, 3, 4)) not valid',
        ],
      ]
    : [
        ['pragma foreign_keys = off', 'pragma ignore_check_constraints = on'],
        ['pragma foreign_keys = on', 'pragma ignore_check_constraints = off'],
      ];
  const connection = await knex.client.acquireConnection();
  for (const sql of [...off, ...statements, ...on]) await knex.raw(sql).connection(connection);
  await knex.client.releaseConnection(connection);
}

test('a ledger that has been written through its verbs breaks no invariant', async () => {
  expect(await findings()).toEqual([]);
});

/** Each with what SQLite says of it besides, by its own checks. */
const corruptions: [what: string, sql: string, finding: string, sqlite?: string][] = [
  [
    'a present that is stored',
    `update marks set status = 1; update journal set to_status = 1 where to_status = 2`,
    'mark_status',
    'file_intact',
  ],
  ['a mark changed without the journal', 'update marks set status = 4', 'mark_journaled'],
  ['a comment changed without the journal', "update marks set comment = 'Cold'", 'mark_journaled'],
  ['a code changed without the journal', 'update marks set code_id = 1', 'mark_journaled'],
  ['a mark whose journal row is gone', 'delete from journal where to_status = 2', 'mark_journaled'],
  ['a mark that is gone', 'delete from marks', 'journal_marked'],
  [
    'a roll that is not taken though the journal says that it was',
    `update meetings set taken_at = null where date = '${DAY}'`,
    'meeting_journaled',
  ],
  ['a mark without its meeting', `delete from meetings where date = '${DAY}'`, 'journal_meeting mark_meeting'],
  [
    'a presence on a roll that is taken',
    `update meetings set taken_at = '${NOW}' where date = '${UNTAKEN}'`,
    'meeting_journaled presence_meeting',
  ],
  [
    'a presence beside a mark',
    `insert into marks (district_id, section_id, date, enrollment_id, status, comment, changed_at)
      values (:larkspur, :algebra, '${UNTAKEN}', :ada, 2, '', '${NOW}')`,
    'mark_journaled presence_mark',
  ],
  [
    'a presence that was taken back',
    `update journal set to_status = null where date = '${UNTAKEN}'`,
    'presence_journaled',
  ],
  ['a presence that is gone', 'delete from presences', 'journal_present'],
  ['a meeting that is gone', "delete from meetings where date = '2025-10-08'", 'journal_meeting'],
  [
    'a meeting of which the journal says nothing',
    "delete from journal where date = '2025-10-08' and enrollment_id is null",
    'meeting_journaled',
  ],
  [
    'a mark of a teacher',
    'update enrollments set admin = (1 = 1) where id = :ada',
    'mark_enrollment osdi_attendances_enrollment powerschool_attendance_enrollment presence_enrollment wix_attendances_enrollment',
  ],
  [
    'an enrollment in another section',
    'update enrollments set section_id = :biology where id = :ada',
    'journal_enrollment mark_enrollment person_once powerschool_attendance_section presence_enrollment',
  ],
  ['an enrollment that is gone', 'delete from enrollments where id = :alan', 'journal_enrollment'],
  [
    'an enrollment that ended before its mark',
    `update enrollments set end_date = '${DAY}' where id = :ada`,
    'mark_days presence_days',
  ],
  [
    'an enrollment that ends before it begins',
    `update enrollments set end_date = '2025-01-01' where id = :katherine`,
    'enrollment_days',
  ],
  [
    'a code of a mark that is not there',
    'update marks set code_id = 99; update journal set code_id = 99 where to_status = 2',
    'mark_code',
  ],
  [
    'a section of another district',
    'update sections set district_id = :elsewhere where id = :biology',
    'enrollments_section sections_school',
    'foreign_keys',
  ],
  [
    'a course of another district',
    `insert into courses (id, district_id, school_id, title, course_code, subjects, grades)
      values (1, :elsewhere, null, 'Chess', '', '', ''); update sections set course_id = 1 where id = :biology`,
    'sections_course',
    'foreign_keys',
  ],
  [
    'a course in a school of another district',
    `insert into courses (id, district_id, school_id, title, course_code, subjects, grades)
      values (1, :elsewhere, :school, 'Chess', '', '', '')`,
    'courses_school',
    'foreign_keys',
  ],
  [
    'a code of a school of another district',
    `insert into attendance_codes (district_id, school_id, year, code, description, status)
      values (:elsewhere, :school, 2026, 'A', '', 2)`,
    'attendance_codes_school',
    'foreign_keys',
  ],
  [
    'a person of another district',
    'update people set district_id = :elsewhere where id = :mendel',
    'enrollments_person people_school',
    'foreign_keys',
  ],
  [
    'a meeting of another district',
    `insert into meetings (district_id, section_id, date) values (:elsewhere, :biology, '${DAY}'); insert into journal (district_id, section_id, date, at, api, from_comment, to_comment) values (:elsewhere, :biology, '${DAY}', '${NOW}', '', '', 'scheduled'); update sections set revision = 1`,
    'meeting_section',
    'foreign_keys',
  ],
  [
    'a term of another district',
    'insert into section_terms (district_id, section_id, term_id) values (:larkspur, :algebra, 1)',
    'section_terms_district',
    'foreign_keys',
  ],
  ['a revision that was not raised', 'update sections set revision = 0', 'section_revision'],
  ['a client of a person of another district', 'update api_clients set person_id = :eve', 'client_person'],
  ['a token of nobody', 'update api_tokens set client_id = 99', 'token_client', 'foreign_keys'],
  ['a webhook of nobody', 'update webhook_targets set client_id = 99', 'webhook_client'],
  [
    'a webhook of a section of another district',
    'update webhook_targets set section_id = (select id from sections where district_id = :elsewhere)',
    'webhook_sight',
  ],
  [
    'a webhook that was disabled',
    `update webhook_targets set disabled_at = '${NOW}', disabled_reason = 'failing'`,
    'webhook_disabled',
  ],
  [
    'a webhook of before the database was restored, which nobody has written down yet',
    "update webhook_targets set epoch = 'another'",
    'webhook_disabled',
  ],
  [
    'a subscription of a webhook of another API',
    "update webhook_targets set api = 'rollbook'",
    'schoology_subscription_target',
  ],
  ['a token that has expired', `update api_tokens set expires_at = '${NOW}'`, 'tokens_expired'],
  [
    'a part of a day with a code that is not there',
    'update powerschool_attendance set code_id = 99',
    'powerschool_attendance_code',
  ],
  [
    'a post that was made at no time',
    "update powerschool_attendance set fingerprint = 'x'",
    'powerschool_attendance_posted',
  ],
  [
    'an identifier of a person of another district',
    'update osdi_identifiers set person_id = :eve',
    'osdi_identifiers_person',
    'foreign_keys',
  ],
  [
    'kept days of an enrollment in another section',
    `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:larkspur, :biology, :ada, '2025-07-01', '2025-07-02')`,
    'kept_days_counted kept_days_enrollment',
  ],
  [
    'kept days that are days of the enrollment anyway',
    `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:larkspur, :algebra, :ada, '2025-07-01', '2025-09-02')`,
    'kept_days_counted kept_days_outside',
  ],
  [
    'a school whose rolls are open to teachers for longer than a year',
    'update schools set edit_days = 400 where district_id = :larkspur',
    'school_edit_days',
  ],
  [
    'a school in whose grade late counts more than present',
    'update schools set grade_late = 101 where district_id = :larkspur',
    'school_grade',
  ],
  [
    'a section that was in a school of another district',
    `insert into former_schools (district_id, section_id, school_id, begin_date, end_date)
      values (:larkspur, :algebra, 99, '0001-01-01', '2025-09-02')`,
    'former_schools_section',
  ],
  [
    'a section that was in no school on no day',
    `insert into former_schools (district_id, section_id, school_id, begin_date, end_date)
      values (:larkspur, :algebra, 0, '0001-01-01', '0001-01-01')`,
    'former_schools_days',
  ],
  [
    'a section that was in a school from a day on, and nobody knows where before',
    `insert into former_schools (district_id, section_id, school_id, begin_date, end_date)
      values (:larkspur, :algebra, 0, '2025-09-01', '2025-09-02')`,
    'former_schools_days',
  ],
  [
    'a section that was in two schools at a time',
    `insert into former_schools (district_id, section_id, school_id, begin_date, end_date)
      values (:larkspur, :algebra, 0, '0001-01-01', '2025-09-02'), (:larkspur, :algebra, 0, '2025-09-01', '2025-09-03')`,
    'former_schools_days',
  ],
  [
    'former terms of a section of another district',
    `insert into former_terms (district_id, section_id, begin_date, end_date, is_between)
      select districts.id, :algebra, '0001-01-01', '2025-09-02', (1 = 1) from districts where districts.id <> :larkspur`,
    'former_terms_section',
    'foreign_keys',
  ],
  [
    'former terms of no day',
    `insert into former_terms (district_id, section_id, begin_date, end_date, is_between)
      values (:larkspur, :algebra, '0001-01-01', '0001-01-01', (1 = 1))`,
    'former_terms_days',
  ],
  [
    'former terms from a day on, before which others are not known',
    `insert into former_terms (district_id, section_id, begin_date, end_date, is_between)
      values (:larkspur, :algebra, '2025-09-01', '2025-09-02', (1 = 1))`,
    'former_terms_days',
  ],
  [
    'former terms of days to come',
    `insert into former_terms (district_id, section_id, begin_date, end_date, is_between)
      values (:larkspur, :algebra, '0001-01-01', '2999-01-02', (1 = 1))`,
    'former_terms_days',
  ],
  [
    'a correction of the terms of an enrollment',
    `insert into corrections (district_id, section_id, enrollment_id, date, at, api, what, from_value, to_value)
      values (:larkspur, :algebra, :ada, '2025-09-01', '${NOW}', 'import --correct-past', 'terms', '', '')`,
    'corrections_enrollment',
  ],
  [
    'a correction of an enrollment in another section',
    `insert into corrections (district_id, section_id, enrollment_id, date, at, api, what, from_value, to_value)
      values (:larkspur, :biology, :ada, '2025-09-01', '${NOW}', 'enrollment set', 'days', '', '')`,
    'corrections_enrollment',
  ],
  [
    'a correction of the days of a whole section',
    `insert into corrections (district_id, section_id, enrollment_id, date, at, api, what, from_value, to_value)
      values (:larkspur, :algebra, null, '2025-09-01', '${NOW}', 'enrollment set', 'days', '', '')`,
    'corrections_enrollment',
  ],
  [
    'a corrected roll of another section',
    `insert into corrected_rolls (district_id, section_id, date, enrollment_id, at, is_on)
      values (:larkspur, :biology, '2025-09-01', :ada, '${NOW}', true)`,
    'corrected_rolls_enrollment',
  ],
  [
    'a student who is in a section twice',
    'update enrollments set person_id = (select person_id from enrollments where id = :ada) where id = :grace',
    'person_once',
  ],
  [
    'a student who is in a section twice, once by a day that was kept',
    `update enrollments set person_id = (select person_id from enrollments where id = :ada),
        begin_date = '2026-06-12' where id = :grace; insert into kept_days
        (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:larkspur, :algebra, :grace, '2025-09-01', '2025-09-02')`,
    'kept_days_counted person_once',
  ],
  [
    'kept days that are still to come',
    `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:larkspur, :algebra, :ada, '2999-01-01', '2999-01-02')`,
    'kept_days_ahead kept_days_counted',
  ],
  [
    'kept days on which nobody took a roll or said anything',
    `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:larkspur, :algebra, :ada, '2025-07-01', '2025-07-02')`,
    'kept_days_counted',
  ],
  [
    'an enrollment that goes on though nobody lists it',
    "update enrollments set active = (1 = 0), end_date = '2999-01-01' where id = :alan",
    'enrollment_ended',
  ],
  [
    'a row of an enrollment that does not go by it',
    `insert into enrollment_rows (district_id, sourced_id, enrollment_id, begin_date, end_date, inherits_begin, inherits_end)
      values (:larkspur, 'x', :ada, '${DAY}', '${DAY}', (1 = 0), (1 = 0))`,
    'enrollment_rows_enrollment',
  ],
  ...['people', 'sections', 'schools'].map((table): (typeof corruptions)[number] => [
    `an enrollment that goes on though it is of what was deleted: ${table}`,
    `update ${table} set active = (1 = 0); update enrollments set end_date = '2999-01-01'`,
    'enrollment_orphaned',
  ]),
  [
    'another sourcedId of a person who has none of their own',
    `update people set sourced_id = null where id = :mendel; insert into person_aliases (district_id, sourced_id, person_id)
      values (:larkspur, 'x', :mendel)`,
    'person_aliases_person',
  ],
  [
    'another sourcedId of an enrollment that was made one with another',
    `update enrollments set sourced_id = null where id = :katherine; insert into enrollment_aliases
        (district_id, sourced_id, enrollment_id)
      values (:larkspur, 'x', :katherine)`,
    'enrollment_aliases_enrollment',
  ],
  [
    'another sourcedId of an enrollment of a teacher',
    "insert into enrollment_aliases (district_id, sourced_id, enrollment_id) values (:larkspur, 'x', :noether)",
    'enrollment_aliases_enrollment',
  ],
  [
    'another sourcedId of a person of another district',
    "insert into person_aliases (district_id, sourced_id, person_id) values (:larkspur, 'x', :eve)",
    'person_aliases_person',
    'foreign_keys',
  ],
  [
    'another sourcedId by which a second enrollment is known',
    "insert into enrollment_aliases (district_id, sourced_id, enrollment_id) values (:larkspur, 'grace-1', :ada)",
    'enrollment_aliases_enrollment',
  ],
  [
    'a word by which a person of another district is found',
    "insert into person_names (district_id, person_id, name) values (:larkspur, :eve, 'eve')",
    'person_names_person',
  ],
  [
    'an absence of a teacher',
    `insert into absences (id, district_id, from_date, to_date, students, classes, created_at)
        values (1, :larkspur, '${DAY}', '${DAY}', 1, 1, '${DAY}T12:00:00.000Z'); insert into absence_marks (district_id, absence_id, section_id, enrollment_id, date, from_comment, to_status, to_comment)
        select :larkspur, 1, enrollments.section_id, enrollments.id, '${DAY}', '', 2, '' from enrollments
        where enrollments.id = :noether`,
    'absence_marks_enrollment',
  ],
  ['a week that is none', "update schools set weekdays = '89'", 'school_week'],
  ['a week that has a day twice', "update schools set weekdays = '1123'", 'school_week'],
  ['a week that is not in order', "update schools set weekdays = '21'", 'school_week'],
  ['a school that counts as nobody said', "update schools set untaken = 'absent'", 'school_untaken'],
  [
    'a day in the calendar of a school of another district',
    `insert into calendar_days (district_id, school_id, date, school_day, reason)
      values (:elsewhere, :school, '${DAY}', (1 = 0), '')`,
    'calendar_days_school',
    'foreign_keys',
  ],
  [
    'a period in the bell schedule of a school of another district',
    `insert into bell_periods (district_id, school_id, year, period, start_time, end_time)
      values (:elsewhere, :school, 2025, '1', 30600, 33300)`,
    'bell_periods_school',
    'foreign_keys',
  ],
  [
    'a period that ends before it begins',
    `insert into bell_periods (district_id, school_id, year, period, start_time, end_time)
      values (:larkspur, :school, 2025, '1', 33300, 30600)`,
    'bell_period_times',
  ],
  ['a session that ends before it begins', "update terms set end_date = '2025-01-01'", 'term_days'],
  ['a session that is part of none', "update terms set parent_sourced_id = 'x'", 'term_parent'],
  [
    'a section that is listed, and is not',
    `update sections set inactive_from = '${DAY}' where id = :biology`,
    'section_inactive',
  ],
  [
    'a bundle that was imported last at no time',
    "update districts set roster_modified_at = 'yesterday' where id = :larkspur",
    'roster_modified',
  ],
  ['fewer attendees than none', 'update wix_attendances set number_of_attendees = -1', 'wix_attendances_number'],
];

test.each(
  corruptions.map(([what, sql, finding, sqlite = '']): [string, string, string, string] => [
    what,
    sql,
    finding,
    sqlite,
  ]),
)('%s is found, and nothing else', async (_what, sql, finding, sqlite) => {
  const ids: Record<string, number> = {
    ...world.enrollments,
    ...world.sections,
    mendel: world.people.mendel,
    school: 1,
    eve: world.people.eve,
    elsewhere: world.districts.elsewhere,
    larkspur: world.districts.larkspur,
  };
  const statements = sql.replace(/:([a-z]\w*)/g, (_all, name) => String(ids[name])).split('; ');
  await behindItsBack(...statements);
  expect(await names()).toEqual([...finding.split(' '), ...(onPostgres || !sqlite ? [] : [sqlite])].sort());
});

test('there is a corruption for each invariant', () => {
  const found = new Set(corruptions.flatMap(([, , finding]) => finding.split(' ')));
  const house = invariantsOf({ ...world.database, invariants: [] }).map(({ name }) => name);
  expect(house.filter((name) => !found.has(name))).toEqual([]);
});

test('a finding says which rows, what would be right, and of many only the first with their count', async () => {
  const { ada, grace } = world.enrollments;
  await world.ledger.record([{ enrollment: grace, date: DAY, status: 3, comment: '' }], world.actor);
  await behindItsBack('update marks set status = 4');
  expect(await findings(1)).toEqual([
    {
      name: 'mark_journaled',
      table: 'marks',
      level: 'error',
      right: 'The last row of the journal of the same enrollment and date says the same status, comment and code.',
      count: 2,
      rows: [
        {
          district_id: world.districts.larkspur,
          section_id: world.sections.algebra,
          date: DAY,
          enrollment_id: expect.any(Number),
          status: 4,
          journal_id: expect.any(Number),
          journal_status: expect.any(Number),
        },
      ],
    },
  ]);
  const [all] = await findings();
  expect(all!.rows.map((row) => (row as { enrollment_id: number }).enrollment_id).sort()).toEqual([ada, grace].sort());
});

if (!onPostgres)
  test.each([
    ['enrollments', "update enrollments set end_date = '2026-02-30' where id = (select max(id) from enrollments)"],
    ['terms', "update terms set begin_date = '2025-8-25'"],
    ['calendar_days', "insert into calendar_days values ((select min(id) from districts), 1, '10/07/2025', 0, '')"],
    [
      'kept_days',
      "insert into kept_days select district_id, section_id, id, '2025-02-29', '2025-03-01' from enrollments limit 1",
    ],
    ['meetings', `update meetings set date = 'Tuesday' where date = '${UNTAKEN}'`],
  ])('a day in %s that is none is found', async (table, sql) => {
    await behindItsBack(sql);
    const found = (await findings()).filter(({ name }) => name === 'days_written');
    expect(found.map((finding) => finding.table)).toEqual([table]);
  });

if (onPostgres) {
  test('a part of days that are not its own, a year without all its parts, and days without a part are found', async () => {
    const { knex } = world.database;
    await knex.raw('alter table journal_2025 rename to journal_1999');
    expect(await names()).toEqual(['part_bounds', 'part_of_each_table']);
    await knex.raw('alter table journal_1999 rename to journal_2025');
    await knex('enrollments').where({ id: world.enrollments.ada }).update({ end_date: '2051-01-01' });
    await world.ledger.record([{ enrollment: world.enrollments.ada, date: '2050-10-07', status: 2 }], world.actor);
    expect(await findings()).toMatchObject(
      ['meetings_default', 'marks_default', 'journal_default'].map((table) => ({
        name: 'part_missing',
        level: 'warning',
        table,
      })),
    );
  });
}
