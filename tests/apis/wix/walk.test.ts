import fc from 'fast-check';
import { type Api, openApi } from '../../api';
import { runs } from '../../runs';
import { booking, event } from './school';

/** Walks, while between their pages others write: what was there all the time is met exactly once. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const dates = ['2025-10-06', '2025-10-07', '2025-10-08', '2025-10-09'];
const students = () => {
  const { ada, grace, alan, katherine } = api.world.enrollments;
  return [ada, grace, alan, katherine];
};

type Write = readonly ['set' | 'schedule' | 'cancel' | 'leave' | 'return', student: number, date: number, number];
const write = fc.tuple(
  fc.constantFrom('set', 'set', 'schedule', 'cancel', 'leave', 'return'),
  fc.nat(3),
  fc.nat(3),
  fc.integer({ min: 1, max: 3 }),
) as fc.Arbitrary<Write>;

async function perform([kind, student, day, number]: Write): Promise<void> {
  const { knex } = api.world.database;
  const { larkspur } = api.world.districts;
  const [enrollment, date] = [students()[student]!, dates[day]!];
  const sections = { algebra: api.world.sections.algebra, biology: api.world.sections.biology };
  const meeting = { district_id: larkspur, section_id: sections.biology, date };
  if (kind === 'schedule')
    await knex('meetings')
      .insert({ ...meeting, taken_at: null })
      .onConflict()
      .ignore();
  if (kind === 'cancel') await knex('meetings').where(meeting).delete();
  if (kind === 'leave' || kind === 'return') {
    const end_date = kind === 'leave' ? dates[1]! : '2026-06-12';
    await knex('enrollments').where({ id: api.world.enrollments.adaInBiology }).update({ end_date });
  }
  if (kind !== 'set') return;
  const status = ['NOT_SET', 'ATTENDED', 'NOT_ATTENDED'][number - 1];
  const wish = {
    bookingId: booking(enrollment),
    eventId: event(sections.algebra, date),
    status,
    numberOfAttendees: number,
  };
  await api.post('/bookings/v2/attendance/set').send({ attendance: wish });
}

const query = async (query: object) => {
  const { status, body } = await api.post('/bookings/v2/attendance/query').send({ query });
  expect(status).toBe(200);
  return body as { attendances: { id: string }[]; pagingMetadata: { cursors: { next?: string; prev?: string } } };
};
jest.setTimeout(60_000);

const present = async () => new Set((await query({ cursorPaging: { limit: 1_000 } })).attendances.map(({ id }) => id));

test('a walk there and back meets what stood throughout exactly once each way, whatever is written meanwhile', async () => {
  const { knex } = api.world.database;
  const order = fc.constantFrom([], [{ fieldName: 'eventId' }], [{ fieldName: 'bookingId', order: 'ASC' }]);
  await fc.assert(
    fc.asyncProperty(
      order,
      fc.integer({ min: 1, max: 4 }),
      fc.array(write, { maxLength: 40 }),
      async (sort, limit, writes) => {
        for (const table of ['wix_attendances', 'journal', 'marks', 'meetings']) await knex(table).delete();
        for (const index of dates.keys()) {
          await perform(['schedule', 0, index, 1]);
          await perform(['set', 1, index, 3]);
        }
        let stood = await present();
        const interrupt = async () => {
          for (const each of writes.splice(0, 2)) {
            await perform(each);
            const now = await present();
            stood = new Set([...stood].filter((id) => now.has(id)));
          }
        };
        /** Checks one way of the walk; says by which cursor its last page was read. */
        const walk = async (way: 'next' | 'prev', first: object) => {
          const met: string[] = [];
          let given = first;
          for (let page = await query(first); ; page = await query(given)) {
            met.push(...page.attendances.map(({ id }) => id));
            const cursor = page.pagingMetadata.cursors[way];
            if (!cursor) break;
            await interrupt();
            given = { cursorPaging: { cursor, limit } };
          }
          expect(new Set(met).size).toBe(met.length);
          expect([...stood].filter((id) => !met.includes(id))).toEqual([]);
          return given;
        };
        const last = await walk('next', { sort, cursorPaging: { limit } });
        await walk('prev', last);
      },
    ),
    { numRuns: runs(15) },
  );
});
