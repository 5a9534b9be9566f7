import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { jsonOf, writeCsv } from '../../src/privacy/export';
import { personalData } from '../../src/privacy/personal-data';
import { subjectOf } from '../../src/privacy/subject';
import { openCorrections } from '../../src/roster/corrections';
import type { School } from '../apis/powerschool/school';
import { DAY, NEXT, openTraces, TRACE } from './traces';

let school: School;
let folder: string;
beforeEach(async () => {
  school = await openTraces();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-export-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await school.close();
});

type Export = Record<string, { rows: Record<string, unknown>[]; count: number }>;
async function exported(person: number): Promise<Export> {
  let text = '';
  for await (const piece of jsonOf(school.world.database, await subjectOf(school.world.database, person)))
    text += piece;
  return JSON.parse(text);
}
const csvOf = async (person: number) => {
  const out = join(folder, 'out');
  await writeCsv(school.world.database, await subjectOf(school.world.database, person), out);
  return (name: string): Record<string, string>[] => parse(readFileSync(join(out, `${name}.csv`)), { columns: true });
};

test('a student has all that was said of them, through whichever API, and the days on which they were there', async () => {
  const { people, enrollments, sections } = school.world;
  const held = await exported(people.ada);
  expect(held.person!.rows).toEqual([expect.objectContaining({ id: people.ada, given_name: `${TRACE}-given_name` })]);
  expect(held.enrollments!.rows.map(({ id }) => id)).toEqual([
    enrollments.ada,
    enrollments.adaInBiology,
    school.daily.ada,
  ]);
  expect(held.sections!.rows.map(({ title }) => title)).toEqual(['Algebra', 'Biology', 'Homeroom 7A']);
  expect(held.schools!.rows.map(({ number }) => number)).toEqual(['200']);
  expect(held.marks!.rows.map(({ date, status, comment }) => [date, status, comment])).toEqual([
    [DAY, 4, `${TRACE} has a note`],
    [DAY, 2, `${TRACE} at home`],
  ]);
  expect(held.present).toEqual({
    count: 1,
    rows: [expect.objectContaining({ section_id: sections.algebra, enrollment_id: enrollments.ada, date: NEXT })],
  });
  expect(held.journal!.rows.map(({ to_comment }) => to_comment)).toEqual([
    `${TRACE} is ill`,
    `${TRACE} has a note`,
    `${TRACE} came after all`,
    `${TRACE} at home`,
  ]);
  expect(held.powerschool_attendance!.rows).toEqual([expect.objectContaining({ comment: `${TRACE} at home` })]);
  expect(held.osdi_attendances!.rows).toEqual([expect.objectContaining({ comment: `${TRACE} looks forward` })]);
  expect(held.osdi_identifiers!.rows).toEqual([expect.objectContaining({ identifier: `system:${TRACE}` })]);
  expect(held.wix_attendances!.rows).toEqual([expect.objectContaining({ number_of_attendees: 3 })]);
  expect(held.api_clients!.rows).toEqual([expect.objectContaining({ name: `${TRACE}'s app` })]);
  expect([held.tokens!.count, held.acts!.count, held.marks_made!.count]).toEqual([1, 0, 0]);
});

test('it has what was said to have been wrong in the past, and which rolls that has changed', async () => {
  const { database, enrollments, sections, districts, people } = school.world;
  const correction = { section: sections.algebra, what: 'days', from: '', to: '2025-09-01/..' } as const;
  await database.transaction((tx) =>
    openCorrections(database).note(tx, { district: districts.larkspur, api: 'enrollment set' }, '2025-11-03', [
      { ...correction, enrollment: enrollments.ada, on: [DAY], off: [NEXT] },
      { ...correction, enrollment: enrollments.grace, on: [DAY] },
    ]),
  );
  const held = await exported(people.ada);
  expect(held.corrections).toMatchObject({
    count: 1,
    rows: [{ enrollment_id: enrollments.ada, date: '2025-11-03', api: 'enrollment set', to_value: '2025-09-01/..' }],
  });
  expect(held.corrected_rolls!.rows.map(({ date, is_on }) => [date, Boolean(is_on)])).toEqual([
    [DAY, true],
    [NEXT, false],
  ]);
});

test('a teacher has what was written for them', async () => {
  const { people, sections, enrollments } = school.world;
  const teacher = await school.as({ person: people.noether });
  const attendance = { enrollment_id: enrollments.grace, date: DAY, status: 3, comment: 'the bus' };
  await teacher.put(`/v1/sections/${sections.algebra}/attendance`).send({ attendances: { attendance } });
  const held = await exported(people.noether);
  expect(held.marks_made!.rows).toEqual([
    expect.objectContaining({ enrollment_id: enrollments.grace, comment: 'the bus' }),
  ]);
  expect(held.acts!.rows).toEqual([
    expect.objectContaining({ person_id: people.noether, api: 'schoology', to_status: 3 }),
  ]);
  expect([held.marks!.count, held.present!.count, held.journal!.count]).toEqual([0, 0, 0]);
});

test('no secret is in it, nor anything of somebody else', async () => {
  const { database, people } = school.world;
  const client = await database.knex('api_clients').where({ person_id: people.ada }).first();
  const token = await database.knex('api_tokens').where({ client_id: client.id }).first();
  const text = JSON.stringify(await exported(people.ada));
  for (const other of [client.secret, token.hash, 'Hopper', 'the bus']) expect(text).not.toContain(other);
  expect(JSON.stringify((await exported(people.eve)).marks)).toBe('{"rows":[],"count":0}');
});

test('CSV says the same as JSON, and what each field means', async () => {
  const { people } = school.world;
  const held = await exported(people.ada);
  const csv = await csvOf(people.ada);
  for (const { name, columns } of personalData) {
    expect(csv(name)).toHaveLength(held[name]!.count);
    for (const [index, row] of csv(name).entries())
      for (const field of Object.keys(columns)) expect(row[field]).toBe(String(held[name]!.rows[index]![field] ?? ''));
  }
  expect(csv('fields')).toContainEqual({ file: 'marks.csv', field: 'status', meaning: '2 absent, 3 late, 4 excused' });
  expect(readdirSync(join(folder, 'out'))).toHaveLength(personalData.length + 1);
  expect(statSync(join(folder, 'out', 'marks.csv')).mode & 0o777).toBe(0o600);
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "\t'=1"],
  ['=cmd|"/c calc"!A1', `'=cmd|"/c calc"!A1`],
  ['x;=1+1', "x;'=1+1"],
  ['x\t=1+1', "x\t'=1+1"],
])('a spreadsheet takes %j for text, also in a name', async (said, written) => {
  const { people, enrollments, database } = school.world;
  await school.mark([enrollments.ada, DAY, 3, said]);
  await database.knex('people').where({ id: people.ada }).update({ family_name: said });
  const csv = await csvOf(people.ada);
  expect([csv('marks')[0]!.comment, csv('person')[0]!.family_name]).toEqual([written, written]);
});

test('more rows than are in memory at a time are all there, once', async () => {
  const { people, enrollments, database, districts, sections } = school.world;
  await database.knex('enrollments').where({ id: enrollments.ada }).update({ begin_date: '2000-01-01' });
  const days = Array.from({ length: 2_500 }, (_, index) =>
    new Date(Date.UTC(2010, 0, index)).toISOString().slice(0, 10),
  );
  const rows = days.map((date) => ({
    district_id: districts.larkspur,
    section_id: sections.algebra,
    date,
    taken_at: new Date().toISOString(),
  }));
  await database.knex.batchInsert('meetings', rows, 100);
  await school.mark(...days.slice(0, 1_200).map((date): [number, string, number] => [enrollments.ada, date, 2]));
  const held = await exported(people.ada);
  expect([held.marks!.count, held.present!.count, held.journal!.count]).toEqual([1_202, 1_301, 1_204]);
  expect(new Set(held.present!.rows.map(({ date }) => date)).size).toBe(1_301);
});
