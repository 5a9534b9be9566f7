import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { openOneRoster } from '../../src/roster/oneroster/import';
import type { ImportReport } from '../../src/roster/oneroster/report';
import { BundleError } from '../../src/roster/oneroster/source';
import { bundle, changes, type Files, openRoster, type Roster, withEnrollments } from './bundles';

let roster: Roster;
let folder: string;
let district: number;
beforeEach(async () => {
  roster = await openRoster();
  ({ folder, district } = roster);
});
afterEach(() => roster.close());

const knex = () => roster.database.knex;
const importFiles: Roster['importFiles'] = (...asked) => roster.importFiles(...asked);
const enrollment = (sourced_id: string) => knex()('enrollments').where({ district_id: district, sourced_id }).first();
const inserted = ({ counts }: ImportReport) =>
  Object.fromEntries(Object.entries(counts).map(([file, count]) => [file, count.inserted]));

test('a bundle of 1.1 goes in: schools, terms, courses, sections, people, enrollments', async () => {
  const report = await importFiles(bundle);
  expect(report.refused).toEqual([]);
  expect(inserted(report)).toEqual({ orgs: 1, academicSessions: 2, courses: 1, classes: 1, users: 2, enrollments: 2 });
  const section = await knex()('sections').first();
  expect(section).toMatchObject({ title: 'Algebra 1', section_code: 'ALG-1', class_type: 'scheduled', periods: '1,3' });
  expect(await knex()('courses').where({ id: section.course_id }).first()).toMatchObject({ course_code: 'ALG' });
  expect(await knex()('schools').where({ id: section.school_id }).first()).toMatchObject({
    name: 'Larkspur Middle',
    number: '200',
  });
  expect(await knex()('section_terms').where({ section_id: section.id })).toHaveLength(2);
  expect(await knex()('people').where({ sourced_id: 'ada' }).first()).toMatchObject({
    given_name: 'Ada',
    role: 'student',
  });
  expect(await enrollment('e1')).toMatchObject({ begin_date: '2025-08-25', end_date: '2026-06-12' });
  expect(Boolean((await enrollment('e1')).admin)).toBe(false);
  expect(Boolean((await enrollment('e2')).admin)).toBe(true);
});

test('an enrollment without days has those of the terms of its class', async () => {
  await importFiles(bundle);
  expect(await enrollment('e2')).toMatchObject({ begin_date: '2025-08-25', end_date: '2026-06-12' });
});

test('a bundle of 1.2 has its roles in a file of their own, the primary one counts', async () => {
  const report = await importFiles({
    ...bundle,
    'manifest.csv': 'propertyName,value\noneroster.version,1.2\nfile.roles,bulk\n',
    'users.csv':
      'sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns\n' +
      'ada,,,true,ada,,Augusta,Lovelace,,,,,,,,,,,Ada,,,s,\nemmy,,,true,emmy,,Emmy,Noether,,,,,,,,,,,,,,,\n',
    'roles.csv':
      'sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n' +
      'r1,,,ada,primary,student,,,s,\nr2,,,emmy,secondary,aide,,,s,\nr3,,,emmy,primary,teacher,,,s,\n',
  });
  expect(report.refused).toEqual([]);
  const people = await knex()('people').orderBy('sourced_id');
  expect(people.map(({ role, preferred_name, school_id }) => [role, preferred_name, school_id !== null])).toEqual([
    ['student', 'Ada', true],
    ['teacher', '', true],
  ]);
});

test('the same again changes nothing', async () => {
  await importFiles(bundle);
  const again = await importFiles(bundle);
  expect([changes(again), again.refused]).toEqual([0, []]);
});

test('a change is counted as one, and nothing else is touched', async () => {
  await importFiles(bundle);
  const report = await importFiles({
    ...bundle,
    'users.csv': String(bundle['users.csv']).replace('Ada,Lovelace', 'Ada,King'),
  });
  expect(report.counts.users).toEqual({ inserted: 0, updated: 1, ended: 0, refused: 0 });
  expect(changes(report)).toBe(1);
});

async function zipped(files: Files, prefix = ''): Promise<string> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content as string), prefix + name);
  zip.addBuffer(Buffer.from('junk'), `__MACOSX/._users.csv`);
  zip.end();
  const path = join(folder, 'bundle.zip');
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

test.each(['', 'export-2025/'])('a zip goes in like a folder, its files below "%s"', async (prefix) => {
  const report = await roster.importFrom(await zipped(bundle, prefix));
  expect([changes(report), report.refused]).toEqual([9, []]);
});

test('a bulk file ends what it no longer lists, and the marks stay', async () => {
  await importFiles(bundle);
  const { id, section_id } = await enrollment('e1');
  const mark = {
    district_id: district,
    section_id,
    date: '2025-10-01',
    enrollment_id: id,
    status: 2,
    comment: '',
    changed_at: '2025-10-01T00:00:00Z',
  };
  await knex()('marks').insert(mark);
  const report = await importFiles(withEnrollments('e2,,,k,s,emmy,teacher,true,,\n'));
  expect(report.counts.enrollments).toEqual({ inserted: 0, updated: 0, ended: 1, refused: 0 });
  const ended = await enrollment('e1');
  expect([Boolean(ended.active), ended.begin_date, ended.end_date]).toEqual([false, '2025-08-25', '2025-10-15']);
  expect(await knex()('marks')).toHaveLength(1);
});

test('what comes back has the days of the file again', async () => {
  await importFiles(bundle);
  await importFiles(withEnrollments('e2,,,k,s,emmy,teacher,true,,\n'));
  const report = await importFiles(bundle);
  expect(report.counts.enrollments).toEqual({ inserted: 0, updated: 1, ended: 0, refused: 0 });
  const back = await enrollment('e1');
  expect([Boolean(back.active), back.end_date]).toEqual([true, '2026-06-12']);
});

test.each([
  ['before it began', '2025-01-01', '2025-08-25'],
  ['after it was over', '2026-09-01', '2026-06-12'],
])('an enrollment that is ended %s ends on %s... on its own day', async (_when, today, end_date) => {
  await importFiles(bundle);
  await importFiles(withEnrollments('e2,,,k,s,emmy,teacher,true,,\n'), district, today);
  expect((await enrollment('e1')).end_date).toBe(end_date);
});

test('a delta changes what it names and ends what it says is to be deleted', async () => {
  await importFiles(bundle);
  const manifest =
    'propertyName,value\noneroster.version,1.1\nfile.orgs,absent\nfile.users,delta\nfile.enrollments,delta\n';
  const delta = {
    'manifest.csv': manifest,
    'users.csv':
      'sourcedId,status,givenName,familyName,role\ngrace,active,Grace,Hopper,student\nnobody,tobedeleted,,,\n',
    'enrollments.csv':
      'sourcedId,status,classSourcedId,userSourcedId,role\ne1,tobedeleted,,,\ne3,active,k,grace,student\n',
  };
  const report = await importFiles(delta);
  expect(report.refused).toEqual([]);
  expect(report.counts.users).toEqual({ inserted: 1, updated: 0, ended: 0, refused: 0 });
  expect(report.counts.enrollments).toEqual({ inserted: 1, updated: 0, ended: 1, refused: 0 });
  expect((await knex()('enrollments')).filter(({ active }) => active)).toHaveLength(2);
  expect(await knex()('people')).toHaveLength(3);
});

test('a class that is to be deleted goes in with enrollments that are over, as these refer to it, once', async () => {
  const over = String(bundle['enrollments.csv']).replace('2026-06-12', '2025-09-30'); // Emmy's goes on
  const classes = String(bundle['classes.csv']).replace('k,,', 'k,tobedeleted,');
  const files = { ...bundle, 'classes.csv': classes, 'enrollments.csv': over };
  const report = await importFiles(files);
  expect(inserted(report)).toMatchObject({ classes: 1, enrollments: 1 });
  const reason = 'The class was deleted: the enrollment has ended.';
  expect(report.warnings).toContainEqual({
    file: 'enrollments.csv',
    line: 3,
    column: 'classSourcedId',
    reason,
    rows: 1,
  });
  expect(Boolean((await knex()('sections').first()).active)).toBe(false);
  expect(changes(await importFiles(files))).toBe(0);
});

test('the same sourcedIds in another district are other things', async () => {
  await importFiles(bundle);
  const other = await roster.newDistrict('Elsewhere');
  expect(changes(await importFiles(bundle, other))).toBe(9);
  await importFiles(withEnrollments(''), other);
  expect(Boolean((await enrollment('e1')).active)).toBe(true);
});

test.each<[string, string | Buffer]>([
  ['a byte order mark and CRLF', `\ufeff${String(bundle['users.csv']).replaceAll('\n', '\r\n')}`],
  ['CR alone', String(bundle['users.csv']).replaceAll('\n', '\r')],
  ['UTF-16', Buffer.from(`\ufeff${bundle['users.csv']}`, 'utf16le')],
  ['no last line end', String(bundle['users.csv']).trimEnd()],
  ['empty lines and spaces', String(bundle['users.csv']).replaceAll('\n', '\n\n').replace('ada,,', ' ada , ,')],
  ['other letters in the header', String(bundle['users.csv']).replace('sourcedId,status', 'SourcedID,STATUS')],
  ['unknown columns', String(bundle['users.csv']).replaceAll('\n', ',extra\n')],
  [
    'status and enabledUser as exports have them',
    String(bundle['users.csv']).replaceAll(',,,true,', ',Active,2025-01-01,TRUE,'),
  ],
])('users with %s are understood', async (_what, users) => {
  const report = await importFiles({ ...bundle, 'users.csv': users });
  expect(report.refused).toEqual([]);
  expect((await knex()('people').orderBy('sourced_id')).map(({ given_name }) => given_name)).toEqual(['Ada', 'Emmy']);
});

test('a file saved as Windows-1252 keeps its accents', async () => {
  await importFiles({
    ...bundle,
    'users.csv': Buffer.from(String(bundle['users.csv']).replace('Ada,', 'Zoë,'), 'latin1'),
  });
  expect((await knex()('people').where({ sourced_id: 'ada' }).first()).given_name).toBe('Zoë');
});

test.each([
  '2025-09-01',
  '2025-09-01T08:00:00Z',
  '9/1/2025',
  '09/01/2025',
  '20250901',
  '2025/09/01',
  '1.9.2025',
  '09-01-2025',
])('a beginDate of %s is the first of September', async (date) => {
  const proof = 'e2,,,k,s,emmy,teacher,true,08/25/2025,\n';
  const report = await importFiles(withEnrollments(`e1,,,k,s,ada,student,false,${date},\n${proof}`));
  expect(report.refused).toEqual([]);
  expect((await enrollment('e1')).begin_date).toBe('2025-09-01');
});

test.each(['Scheduled', 'scheduled', '', 'ext:lab'])('classType "%s" is scheduled', async (type) => {
  await importFiles({ ...bundle, 'classes.csv': String(bundle['classes.csv']).replace('scheduled', type) });
  expect((await knex()('sections').first()).class_type).toBe('scheduled');
});

test('a class whose course file is absent has no course', async () => {
  const { 'courses.csv': _, ...rest } = bundle;
  const report = await importFiles(rest);
  expect([report.refused, (await knex()('sections').first()).course_id]).toEqual([[], null]);
});

test.each([
  ['sourcedId', ',,,k,s,ada,student,,,', 'It is empty.'],
  ['sourcedId', `${'x'.repeat(256)},,,k,s,ada,student,,,`, 'It has 256 characters; at most 255 are kept.'],
  ['status', 'e1,gone,,k,s,ada,student,,,', '"gone" is not a status; active and tobedeleted are.'],
  ['classSourcedId', 'e1,,,nope,s,ada,student,,,', '"nope" is no class of classes.csv that was imported.'],
  ['userSourcedId', 'e1,,,k,s,nope,student,,,', '"nope" is no user of users.csv that was imported.'],
  [
    'role',
    'e1,,,k,s,ada,parent,,,',
    '"parent" is not enrolled in classes; student, teacher, administrator, aide, proctor are.',
  ],
  ['beginDate', 'e1,,,k,s,ada,student,,2025-02-30,', '"2025-02-30" is not a day; YYYY-MM-DD would be.'],
  ['endDate', 'e1,,,k,s,ada,student,,2025-09-02,2025-09-01', '2025-09-01 is before beginDate 2025-09-02.'],
])('a wrong %s is reported by file, line, column and reason, and the rest goes in', async (column, row, reason) => {
  const report = await importFiles(
    withEnrollments(`e0,,,k,s,ada,student,,,\n"e\n9",,,k,s,emmy,teacher,,,\n${row}\ne2,,,k,s,emmy,teacher,,,\n`),
  );
  expect(report.refused).toEqual([{ file: 'enrollments.csv', line: 5, column, reason }]);
  expect(report.counts.enrollments).toEqual({ inserted: 3, updated: 0, ended: 0, refused: 1 });
});

test('a sourcedId that comes twice counts once, the later line is refused', async () => {
  const row = 'e1,,,k,s,ada,student,,,\n';
  const report = await importFiles(withEnrollments(row + row));
  expect(report.refused).toEqual([
    { file: 'enrollments.csv', line: 3, column: 'sourcedId', reason: 'The same sourcedId stands on an earlier line.' },
  ]);
});

test('a row that has become wrong does not end what it is about', async () => {
  await importFiles(bundle);
  const report = await importFiles(withEnrollments('e1,,,k,s,ada,student,,nonsense,\ne2,,,k,s,emmy,teacher,,,\n'));
  expect(report.counts.enrollments).toMatchObject({ ended: 0, refused: 1 });
  expect(Boolean((await enrollment('e1')).active)).toBe(true);
});

test('a NUL character is refused, as the engines cannot both keep it', async () => {
  const report = await importFiles({
    ...bundle,
    'users.csv': String(bundle['users.csv']).replace('Ada,', 'A\u0000da,'),
  });
  expect(report.refused).toContainEqual({
    file: 'users.csv',
    line: 2,
    column: 'givenName',
    reason: 'There is a NUL character in it.',
  });
});

test('a file that the manifest names but that is not there is reported and ends nothing', async () => {
  await importFiles(bundle);
  const { 'enrollments.csv': _, ...rest } = bundle;
  const report = await importFiles({ ...rest, 'manifest.csv': 'propertyName,value\nfile.enrollments,bulk\n' });
  expect(report.refused).toEqual([
    {
      file: 'enrollments.csv',
      line: 0,
      column: '',
      reason: 'The manifest says bulk, but the file is not there; nothing was ended.',
    },
  ]);
  expect(Boolean((await enrollment('e1')).active)).toBe(true);
});

test('a file that the manifest calls absent is not read, and that is said', async () => {
  const report = await importFiles({ ...bundle, 'manifest.csv': 'propertyName,value\nfile.enrollments,absent\n' });
  expect(report.counts.enrollments.inserted).toBe(0);
  expect(report.refused).toMatchObject([{ file: 'enrollments.csv', line: 0 }]);
});

test('a record without end stops its file from there on, which then ends nothing', async () => {
  await importFiles(bundle);
  const report = await importFiles(withEnrollments(`e2,,,k,s,emmy,teacher,true,,\n"${'x'.repeat(2 * 1024 * 1024)}`));
  expect(report.refused).toMatchObject([
    { file: 'enrollments.csv', line: 2, reason: expect.stringContaining('Nothing was ended.') },
  ]);
  expect(Boolean((await enrollment('e1')).active)).toBe(true);
});

test('passwords are nowhere in the database', async () => {
  await importFiles(bundle);
  for (const table of ['people', 'enrollments', 'sections'])
    expect(JSON.stringify(await knex()(table))).not.toContain('hunter2');
});

test.each<[string, Files]>([
  ['a folder without any of its files', { 'other.csv': 'a,b\n' }],
  ['OneRoster 2.0', { ...bundle, 'manifest.csv': 'propertyName,value\noneroster.version,2.0\n' }],
])('%s is no bundle', async (_what, files) => {
  roster.write(files);
  await expect(openOneRoster(folder)).rejects.toBeInstanceOf(BundleError);
});

test.each(['nowhere', 'text.zip'])('%s is no bundle', async (name) => {
  writeFileSync(join(folder, 'text.zip'), 'not a zip');
  await expect(openOneRoster(join(folder, name))).rejects.toBeInstanceOf(BundleError);
});
