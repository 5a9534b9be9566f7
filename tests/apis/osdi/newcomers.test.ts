import type { Attendance } from '../../../schemas/osdi/attendances';
import { invariantsOf } from '../../../src/cli/check';
import { findingsOf } from '../../../src/database/invariants';
import { migrate } from '../../../src/database/migrate';
import { idOn } from '../../../src/days';
import { clockless } from '../../clock';
import { errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

/** Somebody comes to Algebra whom nobody knows. It is Friday, 2025-10-03; the roll of Algebra is taken on some days. */
const [TUESDAY, WEDNESDAY, THURSDAY, TODAY, MONDAY] = [
  '2025-09-30',
  '2025-10-01',
  '2025-10-02',
  '2025-10-03',
  '2025-10-06',
] as const;

let osdi: Osdi;
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date(`${TODAY}T17:00:00Z`), doNotFake: [...clockless] });
  osdi = await openOsdi();
});
afterEach(async () => {
  await osdi.api.close();
  jest.useRealTimers();
});

const algebra = () => osdi.api.world.sections.algebra;
const take = (date: string) => osdi.api.patch(`/rolls/${algebra()}/${date}`).send({ taken: true }).expect(200);
async function help(date: string, said: object) {
  const person = { identifiers: ['door:1'], given_name: 'Nova', family_name: 'Quist' };
  const event = await scheduled(osdi, date);
  return osdi.post(`${event}/record_attendance_helper`).send({ person, ...said });
}
const nova = async () => {
  const person = await osdi.api.world.database.knex('people').where({ family_name: 'Quist' }).first();
  return person ? Number(person.id) : undefined;
};

/** What OSDI says of Nova on each of these days: whether she attended, null where that is unknown; '-' where she is not on the roll. */
async function attendedOn(...days: string[]) {
  const id = await nova();
  return Promise.all(
    days.map(async (date) => {
      const event = `/events/${idOn(algebra(), date)}`;
      const { body } = await osdi.get(`${event}/attendances`);
      const own = (body._embedded['osdi:attendances'] as Attendance[]).find(({ _links }) =>
        _links['osdi:person'].href.endsWith(`/people/${id}`),
      );
      return own ? (own.attended ?? null) : '-';
    }),
  );
}
/** How many students each of these days has in reports, and on how many of them Nova is. */
async function counted(...days: string[]) {
  const { rows } = (await osdi.api.get(`/reports/absence?by=day&from=${days[0]}&to=${days.at(-1)}`).expect(200)).body;
  const student = (
    await osdi.api.get(`/reports/students/${await nova()}?from=${days[0]}&to=${days.at(-1)}`).expect(200)
  ).body;
  const all = days.map((date) => rows.find(({ key }: { key: string }) => key === date)?.student_days ?? 0);
  return { all, days: student.enrolled_days, absent: student.absent_days };
}
/** How many students the office's list of rolls has on the roll of a day. */
async function onRoll(date: string) {
  const { rolls } = (await osdi.api.get(`/reports/rolls?date=${date}`).expect(200)).body;
  return rolls.find(({ section_id }: { section_id: number }) => section_id === algebra()).students;
}
async function expectClean() {
  const { database } = osdi.api.world;
  await migrate(database); // makes the part for these days
  const findings = await findingsOf(database, invariantsOf(database), 1);
  expect(findings).toEqual([]);
}

test.each([
  ['attended', true, 0],
  ['did not attend', false, 1],
])(
  'a new person of whom it is said that they %s is on that roll, and on no other that was taken',
  async (_what, attended, absent) => {
    for (const date of [TUESDAY, WEDNESDAY, THURSDAY]) await take(date);
    const { status, body } = await help(WEDNESDAY, { attended });
    expect([status, body.attended]).toEqual([201, attended]);
    for (const date of [TODAY, MONDAY]) await scheduled(osdi, date);
    expect(await attendedOn(TUESDAY, WEDNESDAY, THURSDAY, TODAY, MONDAY)).toEqual(['-', attended, '-', null, null]);
    expect(await counted(TUESDAY, WEDNESDAY, THURSDAY)).toEqual({ all: [3, 4, 3], days: 1, absent });
    expect([await onRoll(WEDNESDAY), await onRoll(THURSDAY)]).toEqual([4, 3]);
    await expectClean();
  },
);

test('where rolls were taken later alone, the day that was said is theirs, and whoever takes it later has them on it', async () => {
  await take(THURSDAY);
  expect((await help(WEDNESDAY, { attended: true })).status).toBe(201);
  expect(await attendedOn(WEDNESDAY, THURSDAY)).toEqual([true, '-']);
  await expectClean();
  await take(WEDNESDAY);
  expect(await attendedOn(WEDNESDAY, THURSDAY)).toEqual([true, '-']);
  expect(await counted(WEDNESDAY, THURSDAY)).toEqual({ all: [4, 3], days: 1, absent: 0 });
  await expectClean();
});

test('a roll of today that was taken has the new person, and the next day is the first of the enrollment', async () => {
  await take(TODAY);
  expect((await help(TODAY, { attended: true })).status).toBe(201);
  await scheduled(osdi, MONDAY);
  expect(await attendedOn(TODAY, MONDAY)).toEqual([true, null]);
  await expectClean();
});

test.each([
  ['the roll of the day was taken', [WEDNESDAY]],
  ['the roll of a later day was taken', [TODAY]],
])('where %s, an announcement adds nobody, and the error says what would be right', async (_what, taken) => {
  for (const date of taken) await take(date);
  await scheduled(osdi, WEDNESDAY);
  const before = await everything(osdi);
  for (const said of [{ status: 'declined' }, { status: 'accepted', attended: null }, {}, { comment: 'bus' }]) {
    const { status, body } = await help(WEDNESDAY, said);
    expect([status, errorOf(body)]).toEqual([
      400,
      expect.objectContaining({
        error_code: 'ATTENDED_INVALID',
        description: expect.stringMatching(/Say whether they attended, or name an event from 2025-10-0[24] on$/),
      }),
    ]);
  }
  expect(await everything(osdi)).toEqual(before);
  expect(await nova()).toBeUndefined();
});

test('an announcement for a day from which on no roll was taken adds the person from that day on', async () => {
  await take(TUESDAY);
  expect((await help(WEDNESDAY, { status: 'declined' })).status).toBe(201);
  await take(THURSDAY);
  expect(await attendedOn(WEDNESDAY, THURSDAY)).toEqual([null, true]);
  await expectClean();
});

test('in a school that counts students as present though no roll was taken, past days stay as they were counted', async () => {
  const { knex } = osdi.api.world.database;
  await knex('schools').where({ number: '200' }).update({ untaken: 'present' });
  const refused = await help(WEDNESDAY, { status: 'accepted' });
  expect([refused.status, errorOf(refused.body)]).toEqual([
    400,
    expect.objectContaining({ description: expect.stringContaining(`an event from ${TODAY} on`) }),
  ]);
  expect((await help(WEDNESDAY, { attended: false })).status).toBe(201);
  await Promise.all([THURSDAY, TODAY].map((date) => scheduled(osdi, date)));
  expect(await attendedOn(WEDNESDAY, THURSDAY, TODAY)).toEqual([false, '-', null]);
  expect(await counted(WEDNESDAY, THURSDAY)).toEqual({ all: [4, 3], days: 1, absent: 1 });
  await expectClean();
});

test('who comes after the last roll of a class that is over is on the roll of that day alone', async () => {
  const { knex } = osdi.api.world.database;
  await knex('enrollments').where({ section_id: algebra() }).update({ begin_date: '2025-08-25', end_date: TODAY });
  await take(WEDNESDAY);
  await take(THURSDAY);
  expect((await help(WEDNESDAY, { attended: true })).status).toBe(201);
  await Promise.all([TODAY, MONDAY].map((date) => scheduled(osdi, date)));
  expect(await attendedOn(WEDNESDAY, THURSDAY, TODAY, MONDAY)).toEqual([true, '-', '-', '-']);
  await expectClean();
});
