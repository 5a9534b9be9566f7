import { text } from '../../src/database/query';
import { Status } from '../../src/ledger/attendance';
import { Problem } from '../../src/lib/problem';
import { openWorld, type World } from '../world';

const { present, absent, late, excused } = Status;
const DAY = '2025-10-01';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const record = (...requests: Parameters<World['ledger']['record']>[0]) =>
  world.ledger.record(requests, world.actor, { section: world.sections.algebra, roll: 'always' });
const algebra = () => ({ district: world.districts.larkspur, section: world.sections.algebra });
const marks = () => world.ledger.marks(algebra());
const entries = () => world.ledger.entries(algebra());
/** Oldest first, in short: who, from what, to what. */
const journal = async () =>
  (await world.ledger.history(algebra()))
    .reverse()
    .map((row) => [row.enrollment_id, row.from_status, row.from_comment, row.to_status, row.to_comment]);
const revision = async () =>
  (await world.database.knex('sections').where({ id: world.sections.algebra }).first()).revision;

test('an absence is a mark, its id is computed, and its meeting is taken', async () => {
  const { ada } = world.enrollments;
  expect(await record({ enrollment: ada, date: '2014-05-20', status: absent })).toEqual([
    expect.objectContaining({ ok: false, refusal: 'date_outside_enrollment' }),
  ]);
  expect(await record({ enrollment: ada, date: DAY, status: absent, comment: 'ill' })).toEqual([
    { ok: true, id: `${ada}20362`, before: null, after: absent, comment: 'ill', changed: true },
  ]);
  expect(await marks()).toEqual([{ enrollment_id: ada, date: DAY, status: absent, comment: 'ill' }]);
  expect(await world.ledger.meetings(algebra())).toEqual([
    { section_id: world.sections.algebra, date: DAY, taken_at: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);
  expect(await journal()).toEqual([
    [null, null, '', null, ''],
    [ada, null, '', absent, 'ill'],
  ]);
});

test('a mark keeps the code it was written by until its status changes, and the journal says which it was', async () => {
  const { ada } = world.enrollments;
  const codes = async () =>
    (await world.database.knex('marks').select('code_id')).map(({ code_id }) => Number(code_id));
  await record({ enrollment: ada, date: DAY, status: absent, code: 7 });
  await record({ enrollment: ada, date: DAY, status: absent, comment: 'ill' });
  expect(await codes()).toEqual([7]);
  await record({ enrollment: ada, date: DAY, status: absent, code: 8 });
  expect(await codes()).toEqual([8]);
  await record({ enrollment: ada, date: DAY, status: excused });
  expect(await codes()).toEqual([0]);
  expect((await world.ledger.history(algebra())).map(({ code_id }) => code_id)).toEqual([null, 8, 7, 7, null]);
});

test('an outcome says what stood before: nothing, present, or a mark', async () => {
  const { ada, grace } = world.enrollments;
  const before = async (...statuses: Status[]) =>
    (await record(...statuses.map((status) => ({ enrollment: ada, date: DAY, status })))).map(
      (outcome) => outcome.ok && outcome.before,
    );
  expect(await before(absent, late)).toEqual([null, absent]);
  await record({ enrollment: grace, date: DAY, status: absent });
  expect(await before(present)).toEqual([late]);
  expect(await before(present)).toEqual([present]);
});

test('what is written beside the marks stands with them, or falls with them', async () => {
  const { ada } = world.enrollments;
  const absence = [{ enrollment: ada, date: DAY, status: absent }];
  const fault = world.ledger.open(async (transaction) => {
    await transaction.record(absence, world.actor);
    throw new Error('after the marks');
  });
  await expect(fault).rejects.toThrow('after the marks');
  expect([await marks(), await journal(), await revision()]).toEqual([[], [], 0]);

  const bump = text(
    world.database.knex,
    'update sections set revision = revision + 10 where id = :id and district_id = :district',
  );
  const outcomes = await world.ledger.open(async (transaction) => {
    await transaction.hold([world.sections.algebra], world.actor);
    await transaction.all(bump, { id: world.sections.algebra, district: world.districts.larkspur });
    return transaction.record(absence, world.actor);
  });
  expect(outcomes).toMatchObject([{ ok: true, id: `${ada}20362`, before: null }]);
  expect(await revision()).toBe(11);
});

test('present is the absence of a mark on a taken meeting', async () => {
  const { ada } = world.enrollments;
  await record({ enrollment: ada, date: DAY, status: late });
  await record({ enrollment: ada, date: DAY, status: present });
  expect(await marks()).toEqual([]);
  expect((await entries()).map(({ status }) => status)).toEqual([present, present, present]);
  expect((await journal()).slice(1)).toEqual([
    [ada, null, '', late, ''],
    [ada, late, '', present, ''],
  ]);
});

test('an all-present roll is told apart from no roll by its taken meeting', async () => {
  expect(await entries()).toEqual([]);
  await record({ enrollment: world.enrollments.ada, date: DAY, status: present });
  expect((await world.ledger.meetings(algebra())).map(({ date }) => date)).toEqual([DAY]);
  expect(await journal()).toEqual([[null, null, '', null, '']]);
});

test.each([
  ['before Alan came and while Katherine was there', '2025-10-05', ['ada', 'grace', 'katherine']],
  ["on Alan's first day", '2025-10-06', ['ada', 'grace', 'alan', 'katherine']],
  ["on Katherine's last day, which is exclusive", '2025-10-10', ['ada', 'grace', 'alan']],
] as const)('the implied present are exactly the enrolled students %s', async (_when, date, names) => {
  await record({ enrollment: world.enrollments.ada, date, status: present });
  expect((await entries()).map(({ enrollment_id }) => enrollment_id)).toEqual(
    names.map((name) => world.enrollments[name]),
  );
});

test('a scheduled meeting has entries without a status', async () => {
  await world.database
    .knex('meetings')
    .insert({ district_id: world.districts.larkspur, section_id: world.sections.algebra, date: DAY });
  expect((await entries()).map(({ status }) => status)).toEqual([null, null, null]);
  await record({ enrollment: world.enrollments.ada, date: DAY, status: absent });
  expect((await entries()).map(({ status }) => status)).toEqual([absent, present, present]);
});

test('wrong items are returned with their reason, right ones are applied', async () => {
  const { ada, grace, noether, adaInBiology, eve } = world.enrollments;
  const outcomes = await record(
    { enrollment: ada, date: DAY, status: absent },
    { enrollment: adaInBiology, date: DAY, status: absent },
    { enrollment: eve, date: DAY, status: absent },
    { enrollment: noether, date: DAY, status: absent },
    { enrollment: grace, date: '2026-06-12', status: absent },
    { enrollment: grace, date: DAY, status: excused },
  );
  expect(outcomes.map((outcome) => (outcome.ok ? outcome.id : outcome.refusal))).toEqual([
    `${ada}20362`,
    'enrollment_unknown',
    'enrollment_unknown',
    'enrollment_of_teacher',
    'date_outside_enrollment',
    `${grace}20362`,
  ]);
  expect((await marks()).map(({ enrollment_id, status }) => [enrollment_id, status])).toEqual([
    [ada, absent],
    [grace, excused],
  ]);
});

test.each([
  ['enrollment', 'x'],
  ['enrollment', null],
  ['enrollment', 2.5],
  ['enrollment', Number.POSITIVE_INFINITY],
  ['date', '2023-02-30'],
  ['date', '20230101'],
  ['date', ''],
  ['date', 20230101],
  ['date', '1969-12-31'],
  ['date', '2243-10-16'],
  ['status', 5],
  ['status', 0],
  ['status', 'late'],
  ['status', null],
  ['status', 2.5],
  ['comment', 7],
  ['comment', 'x'.repeat(100_000)],
  ['comment', 'a\u0000b'],
  ['comment', 'a\ud800b'],
  ['comment', '\uffff'],
])('%s %p is refused and changes nothing', async (field, value) => {
  const [outcome] = await record({ enrollment: world.enrollments.ada, date: DAY, status: late, [field]: value });
  expect(outcome).toEqual({ ok: false, refusal: `${field}_invalid`, message: expect.any(String) });
  expect([await marks(), await world.ledger.meetings(algebra()), await journal(), await revision()]).toEqual([
    [],
    [],
    [],
    0,
  ]);
});

test.each([-1, 0, 2 ** 63, 4_000_000_000])('there is no enrollment %p', async (enrollment) => {
  expect(await record({ enrollment, date: DAY, status: late })).toEqual([
    expect.objectContaining({ refusal: 'enrollment_unknown' }),
  ]);
});

test('the same enrollment and date twice in one request: in order, the last stands, both are journaled', async () => {
  const { ada } = world.enrollments;
  const outcomes = await record(
    { enrollment: ada, date: DAY, status: absent },
    { enrollment: ada, date: DAY, status: late, comment: 'bus' },
    { enrollment: ada, date: DAY, status: late },
  );
  expect(outcomes).toHaveLength(3);
  expect(await marks()).toEqual([{ enrollment_id: ada, date: DAY, status: late, comment: 'bus' }]);
  expect((await journal()).slice(1)).toEqual([
    [ada, null, '', absent, ''],
    [ada, absent, '', late, 'bus'],
  ]);
});

test('what goes there and back in one request leaves the mark that stood', async () => {
  const { ada } = world.enrollments;
  await record({ enrollment: ada, date: DAY, status: absent, comment: 'ill' });
  await record(
    { enrollment: ada, date: DAY, status: present },
    { enrollment: ada, date: DAY, status: absent, comment: 'ill' },
  );
  expect(await marks()).toEqual([{ enrollment_id: ada, date: DAY, status: absent, comment: 'ill' }]);
  expect(await journal()).toHaveLength(4);
});

test('writing what already stands writes no journal row and leaves the revision', async () => {
  const { ada, grace } = world.enrollments;
  const roll = [
    { enrollment: ada, date: DAY, status: absent, comment: 'ill' },
    { enrollment: grace, date: DAY, status: present },
  ];
  await record(...roll);
  const before = await journal();
  await record(...roll);
  expect(await journal()).toEqual(before);
  expect(await revision()).toBe(1);
});

test('a missing comment keeps the one that stands, whatever becomes of an absence; an empty one clears it', async () => {
  const { ada } = world.enrollments;
  const comment = async () => (await marks())[0]?.comment;
  await record({ enrollment: ada, date: DAY, status: late, comment: 'bus' });
  await record({ enrollment: ada, date: DAY, status: late });
  expect(await comment()).toBe('bus');
  await record({ enrollment: ada, date: DAY, status: excused });
  expect(await comment()).toBe('bus');
  await record({ enrollment: ada, date: DAY, status: excused, comment: 'dentist' });
  await record({ enrollment: ada, date: DAY, status: excused, comment: '' });
  expect(await comment()).toBe('');
});

test('where comments follow the status, a missing one is cleared with it', async () => {
  const { ada } = world.enrollments;
  const follow = (status: number, comment?: string) =>
    world.ledger.record([{ enrollment: ada, date: DAY, status, comment }], world.actor, { commentFollowsStatus: true });
  await follow(late, 'bus');
  await follow(late);
  expect((await marks())[0]).toMatchObject({ status: late, comment: 'bus' });
  await follow(excused);
  expect((await marks())[0]).toMatchObject({ status: excused, comment: '' });
});

test('a comment sent with present is kept in the journal, once', async () => {
  const { ada } = world.enrollments;
  const said = { enrollment: ada, date: DAY, status: present, comment: 'left early' };
  await record(said);
  await record(said);
  await record(said, said);
  expect(await marks()).toEqual([]);
  expect((await journal()).slice(1)).toEqual([[ada, null, '', present, 'left early']]);
});

test('a stale revision changes nothing, a fresh one goes in', async () => {
  const { ada } = world.enrollments;
  const write = (revisions: number[]) =>
    world.ledger.record([{ enrollment: ada, date: DAY, status: late }], world.actor, {
      section: world.sections.algebra,
      revisions,
    });
  await expect(write([4])).rejects.toEqual(new Problem('REVISION_STALE'));
  expect(await journal()).toEqual([]);
  await write([4, 0]);
  expect(await revision()).toBe(1);
});

test('a person writes to the sections they teach and to no others', async () => {
  const as = (person: number) =>
    world.ledger.record([{ enrollment: world.enrollments.ada, date: DAY, status: late }], { ...world.actor, person });
  expect(await as(world.people.mendel)).toEqual([expect.objectContaining({ refusal: 'section_forbidden' })]);
  expect(await marks()).toEqual([]);
  expect(await as(world.people.noether)).toMatchObject([{ ok: true, before: null }]);
  expect((await world.ledger.history(algebra()))[0]).toMatchObject({ person_id: world.people.noether, api: 'test' });
});

test('a fault in the middle leaves nothing behind', async () => {
  await world.database.knex.schema.renameTable('journal', 'journal_away');
  await expect(record({ enrollment: world.enrollments.ada, date: DAY, status: late })).rejects.toMatchObject({
    message: expect.stringContaining('journal'),
  });
  await world.database.knex.schema.renameTable('journal_away', 'journal');
  expect([await marks(), await world.ledger.meetings(algebra()), await revision()]).toEqual([[], [], 0]);
});

test('marks come by date and enrollment, in ranges and pages that a write does not shift', async () => {
  const { ada, grace } = world.enrollments;
  const days = ['2025-10-03', '2025-10-01', '2025-10-02'];
  await record(...days.flatMap((date) => [grace, ada].map((enrollment) => ({ enrollment, date, status: absent }))));
  const all = days.toSorted().flatMap((date) => [ada, grace].map((enrollment) => ({ enrollment, date })));
  const keys = async (filter: object, page?: object) =>
    (await world.ledger.marks({ ...algebra(), ...filter }, page)).map((m) => ({
      enrollment: m.enrollment_id,
      date: m.date,
    }));
  expect(await keys({})).toEqual(all);
  expect(await keys({ from: '2025-10-02', to: '2025-10-02' })).toEqual(all.slice(2, 4));
  expect(await keys({ enrollment: grace, from: '2025-10-02' })).toEqual([all[3], all[5]]);
  expect(await keys({}, { limit: 2, offset: 1 })).toEqual(all.slice(1, 3));
  expect(await keys({}, { limit: 2 })).toEqual(all.slice(0, 2));
  await record({ enrollment: ada, date: '2025-10-01', status: present });
  expect(await keys({}, { after: all[1]! })).toEqual(all.slice(2));
  expect(await world.ledger.totals({ ...algebra(), to: '2025-10-02' })).toEqual([{ status: absent, count: 3 }]);
});

test('writers of one section at the same time lose nothing', async () => {
  const { ada, grace } = world.enrollments;
  await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      record({ enrollment: i % 2 ? ada : grace, date: DAY, status: i % 3 ? absent : late, comment: `${i}` }),
    ),
  );
  const rows = (await journal()).slice(1);
  expect(rows).toHaveLength(20);
  for (const enrollment of [ada, grace]) {
    const own = rows.filter(([id]) => id === enrollment);
    for (let i = 1; i < own.length; i++) expect(own[i]!.slice(1, 3)).toEqual(own[i - 1]!.slice(3));
  }
});
