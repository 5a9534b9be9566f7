import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peopleNames } from '../../src/apis/tables';
import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import { type Osdi, openOsdi, scheduled } from '../apis/osdi/osdi';
import { bundleOf, type Said } from './builder';

/** Nova walks in; an OSDI client adds her before the SIS lists her. */
let osdi: Osdi;
let folder: string;
beforeEach(async () => {
  osdi = await openOsdi();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-adoption-'));
  const event = await scheduled(osdi);
  const person = {
    identifiers: ['clinic:N7'],
    given_name: 'Nova',
    family_name: 'Quist',
    email_addresses: [{ address: 'Quist@example.org' }],
  };
  const { status } = await osdi
    .post(`${event}/record_attendance_helper`)
    .send({ person, status: 'accepted', attended: false });
  expect(status).toBe(201);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await osdi.api.close();
});

const knex = () => osdi.api.world.database.knex;
const delta = {
  orgs: 'absent',
  academicSessions: 'absent',
  classes: 'absent',
  users: 'delta',
  enrollments: 'delta',
} as const;
const listed = { id: 'nova', given: 'Nova', family: 'Quist', school: 'school' };
async function imported(
  people: NonNullable<Said['people']>,
  enrollments: NonNullable<Said['enrollments']> = [{ id: 'nova', class: 'algebra' }],
) {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  const files = bundleOf({ modes: delta, people, enrollments });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { database, districts } = osdi.api.world;
  const options = { today: '2025-10-15', otherNames: peopleNames };
  return importOneRoster(database, districts.larkspur, await openOneRoster(folder), options);
}
const novas = () => knex()('people').where({ family_name: 'Quist' }).orderBy('id');
const enrollmentsOf = (person_id: number) => knex()('enrollments').where({ person_id });

test.each([
  ['email', 'the same email', { ...listed, email: 'quist@EXAMPLE.org' }],
  ['identifier', 'a number by which the other system knows her', { ...listed, number: 'N7' }],
])('by %s: who is listed with %s is adopted, with her enrollment', async (column, _what, row) => {
  const [before] = await novas();
  const report = await imported([row]);
  expect([report.refused, report.counts.users, report.counts.enrollments]).toEqual([
    [],
    { inserted: 0, updated: 1, ended: 0, refused: 0 },
    { inserted: 0, updated: 1, ended: 0, refused: 0 },
  ]);
  expect(report.adopted).toEqual([
    { file: 'users.csv', line: 2, column, reason: `It is person ${before.id}, whom another system has added.` },
  ]);
  const people = await novas();
  expect([people.length, people[0].id, people[0].sourced_id]).toEqual([1, before.id, 'nova']);
  expect((await enrollmentsOf(before.id)).map(({ sourced_id }) => sourced_id)).toEqual(['nova']);
  const again = await imported([row]);
  expect([again.adopted, again.counts.users.updated, again.counts.enrollments.updated]).toEqual([[], 0, 0]);
  const { sections, people: known } = osdi.api.world;
  const month = (await osdi.api.get(`/reports/sections/${sections.algebra}/month?month=2025-10`)).body.students;
  expect(month.filter(({ person_id }: { person_id: number }) => person_id === before.id)).toHaveLength(1);
  expect(known.ada).not.toBe(before.id);
});

test.each([
  ['a brother with the same address', [{ ...listed, given: 'Leo', email: 'quist@example.org' }]],
  [
    'somebody else whom the SIS gives the number that another system has given her',
    [{ ...listed, given: 'Leo', family: 'Quist', number: 'N7' }],
  ],
])('%s is not taken for her', async (_who, people) => {
  const report = await imported(people, []);
  expect([report.adopted, report.counts.users.inserted, (await novas()).length]).toEqual([[], 1, 2]);
  expect((await novas())[0].sourced_id).toBeNull();
});

test.each([
  ['identifier', { ...listed, given: 'Leo', family: 'Marsh', number: 'N7' }],
  ['sourcedId', { ...listed, id: 'N7', given: 'Leo', family: 'Quist' }],
])('of somebody else who has her number as %s a warning is given', async (column, row) => {
  const [nova] = await novas();
  const report = await imported([{ ...listed, id: 'ivo', given: 'Ivo', family: 'Ashe' }, row], []);
  expect([report.refused, report.adopted, report.counts.users.inserted]).toEqual([[], [], 2]);
  expect(report.warnings).toEqual([
    {
      file: 'users.csv',
      line: 3,
      column,
      reason: `Another system calls person ${nova.id} by this number, under another name: they were not taken for the same; \`person merge\` makes one of two.`,
      rows: 1,
    },
  ]);
});

test('of a brother with the same address a warning is given, and she herself is adopted beside him', async () => {
  const brother = { ...listed, id: 'leo', given: 'Leo', email: 'quist@example.org' };
  const report = await imported([brother, { ...listed, email: 'quist@example.org' }]);
  expect(report.adopted).toMatchObject([{ line: 3, column: 'email' }]);
  expect(report.warnings[0]).toMatchObject({ file: 'users.csv', line: 2, column: 'email' });
  expect((await novas()).map(({ sourced_id }) => sourced_id)).toEqual(['nova', 'leo']);
});

test('where several rows may be hers, nobody is adopted, and that is said', async () => {
  const twin = { ...listed, id: 'twin', email: 'quist@example.org' };
  const report = await imported([{ ...listed, email: 'quist@example.org' }, twin], []);
  expect([report.adopted, report.counts.users.inserted]).toEqual([[], 2]);
  expect(report.warnings[0]!.reason).toContain('Several rows may be about person');
});

test('rolls that were taken without somebody stay so when the SIS lists them, and so does the day that was said of them', async () => {
  const { sections } = osdi.api.world;
  const days = ['2025-09-30', '2025-10-01', '2025-10-02'];
  for (const date of days) await osdi.api.patch(`/rolls/${sections.algebra}/${date}`).send({ taken: true }).expect(200);
  const person = { given_name: 'Luna', family_name: 'Roe', email_addresses: [{ address: 'roe@example.org' }] };
  const event = await scheduled(osdi, days[1]);
  await osdi.post(`${event}/record_attendance_helper`).send({ person, attended: true }).expect(201);
  const onRolls = async () => {
    const { id } = await knex()('people').where({ family_name: 'Roe' }).first();
    const found = await Promise.all(
      days.map(async (date) => {
        const { body } = await osdi.get(`${await scheduled(osdi, date)}/attendances`);
        return JSON.stringify(body).includes(`/people/${id}"`);
      }),
    );
    return [(await enrollmentsOf(id)).length, ...found];
  };
  expect(await onRolls()).toEqual([1, false, true, false]);
  const luna = { id: 'luna', given: 'Luna', family: 'Roe', school: 'school', email: 'roe@example.org' };
  const enrollment = { id: 'luna', class: 'algebra', begin: '2025-08-25', end: '2026-06-11' };
  for (const _again of [1, 2]) {
    const report = await imported([luna], [enrollment]);
    expect(report.refused).toEqual([]);
    expect(await onRolls()).toEqual([1, false, true, false]);
  }
});
