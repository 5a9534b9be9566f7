import { openWorld, type World } from '../world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const DAY = '2025-10-01';
const meetings = (section: number) => world.ledger.meetings({ district: world.districts.larkspur, section });
const journal = () => world.ledger.history({ district: world.districts.larkspur });
const revision = async () =>
  (await world.database.knex('sections').where({ id: world.sections.algebra }).first()).revision;

test('a meeting is scheduled once, journaled, and not taken', async () => {
  const { algebra } = world.sections;
  expect(await world.ledger.schedule(algebra, DAY, world.actor)).toBe(true);
  expect(await world.ledger.schedule(algebra, DAY, world.actor)).toBe(false);
  expect(await meetings(algebra)).toEqual([{ section_id: algebra, date: DAY, taken_at: null }]);
  expect(await journal()).toEqual([
    expect.objectContaining({
      section_id: algebra,
      date: DAY,
      enrollment_id: null,
      to_status: null,
      to_comment: 'scheduled',
    }),
  ]);
  expect(await revision()).toBe(1);
});

test('a scheduled meeting stays one where something is said of single students, and can be taken', async () => {
  const { sections, enrollments } = world;
  await world.ledger.schedule(sections.algebra, DAY, world.actor);
  await world.ledger.record([{ enrollment: enrollments.ada, date: DAY, status: 2 }], world.actor);
  expect((await meetings(sections.algebra))[0]!.taken_at).toBeNull();
  await world.ledger.open((transaction) => transaction.take({ section: sections.algebra, date: DAY }, world.actor));
  expect((await meetings(sections.algebra))[0]!.taken_at).not.toBeNull();
  expect(await world.ledger.schedule(sections.algebra, DAY, world.actor)).toBe(false);
  expect((await journal()).map(({ to_comment, to_status }) => [to_comment, to_status])).toEqual([
    ['', null],
    ['', 2],
    ['scheduled', null],
  ]);
});

test('a section of another district is not scheduled', async () => {
  expect(await world.ledger.schedule(world.sections.elsewhere, DAY, world.actor)).toBe(false);
  expect(await world.database.knex('meetings')).toEqual([]);
  expect(await journal()).toEqual([]);
});

test('what is written in a transaction is read in it, and is nothing where it fails', async () => {
  const { enrollments, actor, ledger } = world;
  const query = { actor, order: [{ column: 'enrollment_id' }, { column: 'date' }], limit: 10 };
  await expect(
    ledger.open(async (transaction) => {
      await transaction.record([{ enrollment: enrollments.adaInBiology, date: DAY, status: 3 }], actor);
      expect(await transaction.query(query)).toEqual([expect.objectContaining({ status: 3, date: DAY })]);
      throw new Error('after all, no');
    }),
  ).rejects.toThrow('after all, no');
  expect(await ledger.query(query)).toEqual([]);
});

test('an offset passes over the first of a query', async () => {
  const { sections, enrollments, actor, ledger } = world;
  await ledger.schedule(sections.algebra, DAY, actor);
  const query = { actor, order: [{ column: 'enrollment_id' }, { column: 'date' }], limit: 2 };
  const ids = async (offset: number) => (await ledger.query({ ...query, offset })).map((row) => row.enrollment_id);
  expect(await ids(0)).toEqual([enrollments.ada, enrollments.grace]);
  expect(await ids(1)).toEqual([enrollments.grace, enrollments.katherine]);
  expect(await ids(Number.MAX_SAFE_INTEGER)).toEqual([]);
});
