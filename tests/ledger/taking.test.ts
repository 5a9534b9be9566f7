import { Status, UNKNOWN } from '../../src/ledger/attendance';
import type { Conditions } from '../../src/ledger/record';
import { openWorld, type World } from '../world';

const { present, absent, late, excused } = Status;
/** Ada, Grace and Katherine are in Algebra then. */
const DAY = '2025-10-01';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

type Name = 'ada' | 'grace' | 'alan' | 'katherine';
type Said = readonly [who: Name, status: Status | typeof UNKNOWN, comment?: string];

const tell = (said: readonly Said[], conditions: Conditions = {}, date = DAY) =>
  world.ledger.record(
    said.map(([who, status, comment]) => ({ enrollment: world.enrollments[who], date, status, comment })),
    world.actor,
    { section: world.sections.algebra, ...conditions },
  );
const meeting = (date = DAY) => ({ section: world.sections.algebra, date });
const take = (date?: string) => world.ledger.open((transaction) => transaction.take(meeting(date), world.actor));
const untake = () => world.ledger.open((transaction) => transaction.untake(meeting(), world.actor));
const filter = (date = DAY) => ({
  district: world.districts.larkspur,
  section: world.sections.algebra,
  from: date,
  to: date,
});
/** Who is known to be what; null: unknown. */
const known = async (date = DAY) =>
  Object.fromEntries(
    (await world.ledger.entries(filter(date))).map(({ enrollment_id, status }) => [
      Object.entries(world.enrollments).find(([, id]) => id === enrollment_id)![0],
      status,
    ]),
  );
const isTaken = async (date = DAY) => ((await world.ledger.meetings(filter(date)))[0]?.taken_at ?? null) !== null;
const presences = async () => (await world.database.knex('presences').select('enrollment_id')).length;
const journal = async () =>
  (await world.ledger.history(filter()))
    .reverse()
    .map((row) => [row.enrollment_id, row.from_status, row.to_status, row.to_comment]);

test('a single status says nothing of the others, whatever it is', async () => {
  for (const status of [present, absent, late, excused]) {
    await tell([['ada', status]]);
    expect([await known(), await isTaken()]).toEqual([{ ada: status, grace: null, katherine: null }, false]);
  }
});

test('a presence that was told is kept with who said it, and goes when something else is said of the student', async () => {
  await world.ledger.record([{ enrollment: world.enrollments.ada, date: DAY, status: present }], {
    ...world.actor,
    api: 'door',
    client: 7,
    person: world.people.noether,
  });
  expect(
    await world.database.knex('presences').select('enrollment_id', 'date', 'api', 'client_id', 'person_id'),
  ).toEqual([
    { enrollment_id: world.enrollments.ada, date: DAY, api: 'door', client_id: 7, person_id: world.people.noether },
  ]);
  await tell([['ada', late]]);
  expect(await presences()).toBe(0);
  await tell([['ada', present]]);
  expect(await presences()).toBe(1);
  await tell([['ada', UNKNOWN]]);
  expect([await presences(), await known()]).toEqual([0, { ada: null, grace: null, katherine: null }]);
  const { ada } = world.enrollments;
  expect(await journal()).toEqual([
    [ada, null, present, ''],
    [ada, present, late, ''],
    [ada, late, present, ''],
    [ada, present, null, ''],
  ]);
});

test('the roll is taken once the status of every student of the day has been told, one by one or together', async () => {
  await tell([['ada', absent]]);
  await tell([['grace', present]]);
  expect(await isTaken()).toBe(false);
  await tell([['katherine', present]]);
  expect([await isTaken(), await known(), await presences()]).toEqual([
    true,
    { ada: absent, grace: present, katherine: present },
    0,
  ]);
  const other = '2025-10-02';
  await tell(
    [
      ['ada', present],
      ['grace', present],
      ['katherine', present],
    ],
    {},
    other,
  );
  expect([await isTaken(other), await known(other)]).toEqual([true, { ada: 1, grace: 1, katherine: 1 }]);
});

test('whoever is not enrolled that day need not be told of, and a status that is taken back is not told', async () => {
  const day = '2025-10-13'; // Katherine has left, Alan has come
  await tell(
    [
      ['ada', present],
      ['grace', present],
      ['grace', UNKNOWN],
      ['alan', late],
    ],
    {},
    day,
  );
  expect([await isTaken(day), await known(day)]).toEqual([false, { ada: present, grace: null, alan: late }]);
  await tell([['grace', absent]], {}, day);
  expect(await isTaken(day)).toBe(true);
});

test('where a write takes the roll by itself, who was told to be present is so by implication', async () => {
  await tell([['ada', present]]);
  await tell([['grace', absent]], { roll: 'always' });
  expect([await isTaken(), await known(), await presences()]).toEqual([
    true,
    { ada: present, grace: absent, katherine: present },
    0,
  ]);
});

test('where a write is to take no roll, even a complete one is not taken', async () => {
  await tell(
    [
      ['ada', present],
      ['grace', present],
      ['katherine', late],
    ],
    { roll: 'never' },
  );
  expect([await isTaken(), await presences()]).toEqual([false, 2]);
});

test('a client of single marks takes no roll by a write that would, but completes one', async () => {
  const actor = { ...world.actor, marksOnly: true };
  const write = (who: Name, status: Status) =>
    world.ledger.record([{ enrollment: world.enrollments[who], date: DAY, status }], actor, { roll: 'always' });
  await write('ada', excused);
  expect(await isTaken()).toBe(false);
  await expect(world.ledger.open((transaction) => transaction.take(meeting(), actor))).rejects.toMatchObject({
    code: 'MARKS_ONLY',
  });
  await expect(world.ledger.open((transaction) => transaction.untake(meeting(), actor))).rejects.toMatchObject({
    code: 'MARKS_ONLY',
  });
  expect(await isTaken()).toBe(false);
  await write('grace', present);
  await write('katherine', present);
  expect(await isTaken()).toBe(true);
});

test('a roll of a day to come is not taken by anybody, nor by being complete; its marks stand', async () => {
  const { ada, grace } = world.enrollments;
  const { knex } = world.database;
  await knex('enrollments').whereIn('id', [ada, grace]).update({ end_date: '2100-01-01' });
  const day = '2099-03-02';
  await tell(
    [
      ['ada', absent],
      ['grace', present],
    ],
    { roll: 'always' },
    day,
  );
  expect([await isTaken(day), await known(day)]).toEqual([false, { ada: absent, grace: present }]);
  await expect(take(day)).rejects.toMatchObject({ code: 'DATE_AHEAD' });
  expect([await isTaken(day), await known(day)]).toEqual([false, { ada: absent, grace: present }]);
});

test('today is the day of the district: a roll of tomorrow is not taken where it is still today', async () => {
  const { knex } = world.database;
  await knex('enrollments').update({ end_date: '2100-01-01' });
  const dayIn = (zone: string) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date());
  // There is always a day between these two.
  const [east, west] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
  await knex('districts').update({ time_zone: west });
  await tell([['ada', late]], { roll: 'always' }, dayIn(east));
  expect(await isTaken(dayIn(east))).toBe(false);
  await knex('districts').update({ time_zone: east });
  await tell([['ada', absent]], { roll: 'always' }, dayIn(east));
  expect(await isTaken(dayIn(east))).toBe(true);
});

test('taking a roll with nothing else says that all without a mark were there', async () => {
  await tell([['ada', excused, 'funeral']]);
  expect(await take()).toBe(true);
  expect(await take()).toBe(false);
  expect([await known(), await isTaken()]).toEqual([{ ada: excused, grace: present, katherine: present }, true]);
  expect((await journal()).filter(([enrollment]) => enrollment === null)).toEqual([[null, null, null, '']]);
});

test('a roll of a day on which nobody is enrolled cannot be taken', async () => {
  await expect(take('2020-01-06')).rejects.toMatchObject({ code: 'ROLL_EMPTY' });
  expect(await world.database.knex('meetings')).toEqual([]);
});

test('a roll that was not taken after all leaves what was said of single students, and nothing else', async () => {
  await tell([
    ['ada', present],
    ['grace', late, 'bus'],
  ]);
  const before = [await known(), await presences()];
  await take();
  expect(await known()).toEqual({ ada: present, grace: late, katherine: present });
  expect(await untake()).toBe(true);
  expect([await known(), await presences()]).toEqual(before);
  expect(await untake()).toBe(false);
  expect((await journal()).filter(([enrollment]) => enrollment === null)).toEqual([
    [null, null, null, ''],
    [null, null, null, 'not taken'],
  ]);
});

test('who was present in one roll as a whole was not said to be so by themselves', async () => {
  await tell(
    [
      ['ada', present],
      ['grace', absent],
      ['katherine', present],
    ],
    { roll: 'always' },
  );
  await untake();
  expect(await known()).toEqual({ ada: null, grace: absent, katherine: null });
});

test('what was said wrongly of a student keeps the roll from being taken, since it would make them present', async () => {
  const outcomes = await tell(
    [
      ['ada', absent, 'x'.repeat(2_001)],
      ['grace', late],
    ],
    { roll: 'always' },
  );
  expect(outcomes).toEqual([
    expect.objectContaining({ ok: false, message: expect.stringMatching(/the roll of the day is not taken\.$/) }),
    expect.objectContaining({ ok: true }),
  ]);
  expect([await isTaken(), await known()]).toEqual([false, { ada: null, grace: late, katherine: null }]);
});

test('what was said of somebody who is not on the roll does not keep it from being taken', async () => {
  const write = [
    { enrollment: world.enrollments.alan, date: DAY, status: absent }, // comes later
    { enrollment: 999_999, date: DAY, status: 9 },
    { enrollment: world.enrollments.noether, date: DAY, status: 9 },
    { enrollment: world.enrollments.ada, date: DAY, status: late },
  ];
  const outcomes = await world.ledger.record(write, world.actor, { roll: 'always' });
  expect(outcomes.map(({ ok }) => ok)).toEqual([false, false, false, true]);
  expect(await isTaken()).toBe(true);
});

test('of several requests of one student and day the earlier are told which one replaced them', async () => {
  const outcomes = await world.ledger.record(
    [
      { enrollment: world.enrollments.ada, date: DAY, status: absent },
      { enrollment: 'x', date: DAY, status: absent },
      { enrollment: world.enrollments.ada, date: DAY, status: late },
      { enrollment: world.enrollments.ada, date: DAY, status: present },
    ],
    world.actor,
  );
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.replacedBy : 'refused'))).toEqual([
    2,
    'refused',
    3,
    undefined,
  ]);
  expect(await known()).toEqual({ ada: present, grace: null, katherine: null });
});

test.each([
  ['a mark', 'absent', true],
  ['a presence that was told before the roll was taken', 'present', false],
] as const)(
  '%s that is taken back on a taken roll is not told when the roll turns out not to be taken',
  async (_what, said, after) => {
    if (!after) await tell([['ada', Status[said]]]);
    await take();
    if (after) await tell([['ada', Status[said]]]);
    await tell([['ada', UNKNOWN]]);
    expect(await known()).toEqual({ ada: present, grace: present, katherine: present });
    await untake();
    expect(await known()).toEqual({ ada: null, grace: null, katherine: null });
    const before = await journal();
    await tell([['ada', UNKNOWN]]);
    expect(await journal()).toEqual(before);
  },
);

test('what is said and taken back in one write leaves a meeting of which nothing is known', async () => {
  await tell([
    ['ada', present],
    ['ada', UNKNOWN],
  ]);
  expect([await known(), await isTaken()]).toEqual([{ ada: null, grace: null, katherine: null }, false]);
  expect(await journal()).toEqual([
    [world.enrollments.ada, null, present, ''],
    [world.enrollments.ada, present, null, ''],
  ]);
});
