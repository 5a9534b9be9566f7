import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../../src/ledger/ledger';
import { root } from '../../src/lib/root';
import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import { bundleOf, type Said } from './builder';
import { changes, exportOf, openRoster, type Roster } from './bundles';

let roster: Roster;
let folder: string;
beforeEach(async () => {
  roster = await openRoster();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-export-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await roster.close();
});

const exported = (district: number) => exportOf(roster.database, district);
async function imported(files: Record<string, string>, district: number, today = '2025-10-15') {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return importOneRoster(roster.database, district, await openOneRoster(folder), { today });
}
/** But for what is made up of ids of this database. */
const named = (files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [
      name,
      text.replace(/rollbook:(district|role):\d+/g, '$1').replace(/Other|Larkspur(?=,district)/, 'D'),
    ]),
  );

const awkward = bundleOf({
  sessions: [
    { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12', year: '2026' },
    { id: 'fall', begin: '2025-08-25', end: '2026-01-20', parent: 'year' },
    { id: 'open', begin: '2025-08-25', end: '' },
  ],
  classes: [
    { id: 'k', terms: ['year', 'open'] },
    { id: 'empty', terms: [] },
  ],
  people: [
    { id: 'ada', given: '"Ada ""A."""', family: '=Lovelace', email: 'ada@example.org', number: '0017' },
    { id: 'josé', given: 'José', family: 'Núñez' },
    { id: 'emmy', role: 'teacher' },
    { id: 'head', role: 'districtAdministrator' },
  ],
  enrollments: [{ id: 'ada', begin: '2025-09-01' }, { id: 'josé' }, { id: 'emmy', role: 'teacher', end: '2026-01-01' }],
});
const sample = () => {
  const path = join(root, 'db/seeds/sample-school');
  const files = readdirSync(path).filter((name) => name.endsWith('.csv') && name !== 'attendance.csv');
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
};

test.each<[string, () => Record<string, string>]>([
  ['a small roster with awkward values', () => awkward as Record<string, string>],
  ['the sample school', sample],
])('%s goes out as OneRoster 1.2, and comes in again as it was', async (_what, files) => {
  expect((await imported(files(), roster.district)).refused).toEqual([]);
  const out = await exported(roster.district);
  const again = await imported(out, roster.district);
  expect([again.refused, again.adopted, changes(again)]).toEqual([[], [], 0]);
  const other = await roster.newDistrict('Other');
  expect((await imported(out, other)).refused).toEqual([]);
  expect(named(await exported(other))).toEqual(named(out));
});

/** What spreadsheets would compute, or take for guards, and how it is written. */
const guarded: [said: string, written: string][] = [
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  ['p|=1+1', `"p|'=1+1"`],
  ['x\n=2', `"x\n'=2"`],
  ['"=1+1', `"""'=1+1"`],
  ["'=1", "''=1"],
  ["'t Hooft", "'t Hooft"],
  ["'-", "''-"],
  ['-1,+2', `"'-1,'+2"`],
  ["O'Neil", "O'Neil"],
  ['\uff1d1', "'\uff1d1"],
];

test.each(guarded)('%j is written as %s, and comes in again as it was', async (said, written) => {
  const cell = `"${said.replaceAll('"', '""')}"`;
  const files = bundleOf({
    schools: [{ id: 's', name: cell }],
    sessions: [{ id: '=year', begin: '2025-08-25', end: '2026-06-12' }],
    classes: [{ id: '-k', title: cell, terms: ['=year'] }],
    people: [{ id: '+ada', given: cell, family: cell, number: '-17' }],
    enrollments: [{ id: '@ada', class: '-k', person: '+ada' }],
  }) as Record<string, string>;
  expect((await imported(files, roster.district)).refused).toEqual([]);
  const before = await roster.everything();
  expect(before).toMatchObject({
    schools: [{ name: said }],
    sections: [{ sourced_id: '-k', title: said }],
    people: [{ sourced_id: '+ada', given_name: said, family_name: said, identifier: '-17' }],
    enrollments: [{ sourced_id: '@ada' }],
  });
  const out = await exported(roster.district);
  expect(out['orgs.csv']).toContain(`\r\ns,,,${written},school,`);
  expect(out['classes.csv']).toContain(`\r\n'-k,,,${written},,,'-k,`);
  expect(out['classes.csv']).toContain(",s,'=year,");
  expect(out['users.csv']).toContain(`\r\n'+ada,,,true,'+ada,,${written},${written},,'-17,`);
  expect(out['enrollments.csv']).toContain("\r\n'@ada,,,'-k,s,'+ada,student,");
  const again = await imported(out, roster.district);
  expect([again.refused, again.warnings, changes(again)]).toEqual([[], [], 0]);
  expect(await roster.everything()).toEqual(before);
  const other = await roster.newDistrict('Other');
  expect((await imported(out, other)).refused).toEqual([]);
  expect(named(await exported(other))).toEqual(named(out));
});

test('a bundle that another system has written keeps its apostrophes', async () => {
  const files = bundleOf({ people: [{ id: 'ada', given: "'=1", family: "'-t Hooft" }] }) as Record<string, string>;
  await imported(files, roster.district);
  expect(await roster.database.knex('people')).toMatchObject([{ given_name: "'=1", family_name: "'-t Hooft" }]);
});

test('a session has the parent that the SIS said', async () => {
  await imported(awkward as Record<string, string>, roster.district);
  const [header, ...lines] = (await exported(roster.district))['academicSessions.csv']!.split('\r\n');
  const at = header!.split(',').indexOf('parentSourcedId');
  expect(lines.slice(0, 3).map((line) => [line.split(',')[0], line.split(',')[at]])).toEqual([
    ['year', ''],
    ['fall', 'year'],
    ['open', ''],
  ]);
  const stored = () => roster.database.knex('terms').where({ sourced_id: 'fall' }).pluck('parent_sourced_id');
  expect(await stored()).toEqual(['year']);
  const none = {
    ...awkward,
    'academicSessions.csv': String(awkward['academicSessions.csv']).replace('2026-01-20,year', '2026-01-20,'),
  };
  expect((await imported(none as Record<string, string>, roster.district)).counts.academicSessions.updated).toBe(1);
  expect(await stored()).toEqual([null]);
});

test('what the SIS no longer lists is not in it', async () => {
  await imported(awkward as Record<string, string>, roster.district);
  const delta = bundleOf({
    modes: { orgs: 'absent', academicSessions: 'absent', classes: 'delta', users: 'absent', enrollments: 'delta' },
    classes: [{ id: 'empty', status: 'tobedeleted', terms: [] }],
    enrollments: [{ id: 'josé', status: 'tobedeleted' }],
  });
  await imported(delta as Record<string, string>, roster.district);
  const out = await exported(roster.district);
  const ids = (file: string) =>
    out[file]!.trim()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 2));
  expect(ids('classes.csv')).toEqual([['k', '']]);
  expect(ids('enrollments.csv')).toEqual([
    ['ada', ''],
    ['emmy', ''],
  ]);
  expect(changes(await imported(out, roster.district))).toBe(0);
});

test('who came late keeps the day on which they came, and whoever is there for the terms has none', async () => {
  const said: Said = { people: [{ id: 'ada' }, { id: 'late' }], enrollments: [{ id: 'ada' }] };
  await imported(bundleOf(said) as Record<string, string>, roster.district);
  const { knex } = roster.database;
  const section = await knex('sections').where({ sourced_id: 'k' }).first();
  await openLedger(roster.database).open((ledger) =>
    ledger.take(
      { section: section.id, date: '2025-10-14' },
      { district: roster.district, api: 'test', client: null, person: null },
    ),
  );
  const late = bundleOf({ ...said, enrollments: [{ id: 'ada' }, { id: 'late' }] });
  expect((await imported(late as Record<string, string>, roster.district)).delayed).toMatchObject([
    { sourcedId: 'late', begins: '2025-10-15' },
  ]);
  const out = await exported(roster.district);
  const lines = out['enrollments.csv']!.trim().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',').slice(-3))).toEqual([
    ['', '', ''],
    ['2025-10-15', '', 'begin'],
  ]);
  const days = async (district_id: number) =>
    (await knex('enrollments').where({ district_id }).orderBy('sourced_id')).map(
      ({ sourced_id, begin_date, end_date, inherits_begin, inherits_end }) => [
        ...[sourced_id, begin_date, end_date],
        ...[inherits_begin, inherits_end].map(Boolean),
      ],
    );
  const stands = [
    ['ada', '2025-08-25', '2026-06-12', true, true],
    ['late', '2025-10-15', '2026-06-12', true, true],
  ];
  const other = await roster.newDistrict('Other');
  for (const district of [roster.district, other]) {
    expect((await imported(out, district, '2025-11-03')).refused).toEqual([]);
    expect(await days(district)).toEqual(stands);
    expect(named(await exported(district))).toEqual(named(out));
  }
});

test('who was added by another system is in it, and is the same person when it comes in again, still without the SIS', async () => {
  await imported(awkward as Record<string, string>, roster.district);
  const { knex } = roster.database;
  const section = await knex('sections').where({ sourced_id: 'k' }).first();
  const blank = { username: '', email: '', middle_name: '', preferred_name: '', identifier: '', grades: '' };
  const [{ id }] = await knex('people')
    .insert({
      district_id: roster.district,
      role: 'student',
      given_name: 'Nova',
      family_name: 'Quist',
      school_id: section.school_id,
      ...blank,
    })
    .returning('id');
  const days = { begin_date: '2025-10-01', end_date: '2026-06-12' };
  await knex('enrollments').insert({
    district_id: roster.district,
    section_id: section.id,
    person_id: id,
    admin: false,
    ...days,
  });
  const out = await exported(roster.district);
  expect(out['users.csv']).toContain(`rollbook:person:${id},`);
  const before = await roster.everything();
  const report = await imported(out, roster.district);
  expect([report.refused, report.adopted, changes(report)]).toEqual([[], [], 0]);
  expect(await roster.everything()).toEqual(before);
  expect(await exported(roster.district)).toEqual(out);

  const other = await roster.newDistrict('Other');
  expect((await imported(out, other)).refused).toEqual([]);
  expect(named(await exported(other))).toEqual(named(out));
  const [nova] = await knex('people').where({ district_id: other, given_name: 'Nova' });
  expect(await knex('enrollments').where({ district_id: other, person_id: nova.id })).toMatchObject([days]);

  // The SIS lists them by the name of the export, but they are somebody else's there.
  await knex('people').where({ id }).update({ given_name: 'Una', family_name: 'Other' });
  const twice = await imported(out, roster.district);
  expect(twice.counts.users).toMatchObject({ inserted: 1, updated: 0 });
});

test('a student who is listed twice in a class is so in the export, and an import of it changes nothing', async () => {
  const said: Said = {
    people: [{ id: 'ada' }, { id: 'alan' }],
    enrollments: [
      { id: 'ada' },
      { id: 'semester', person: 'ada', end: '2026-01-20' },
      { id: 'alan', end: '2026-01-20' },
    ],
  };
  await imported(bundleOf(said) as Record<string, string>, roster.district);
  const { knex } = roster.database;
  const aliases = (district_id: number) => knex('enrollment_aliases').where({ district_id }).pluck('sourced_id');
  expect(await aliases(roster.district)).toEqual(['semester']);
  const out = await exported(roster.district);
  const before = await roster.everything();
  const report = await imported(out, roster.district);
  expect([report.refused, report.warnings, changes(report)]).toEqual([[], [], 0]);
  expect([await roster.everything(), await aliases(roster.district)]).toEqual([before, ['semester']]);
  const other = await roster.newDistrict('Other');
  expect((await imported(out, other)).refused).toEqual([]);
  expect([named(await exported(other)), await aliases(other)]).toEqual([named(out), ['semester']]);
});
