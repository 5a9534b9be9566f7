import fc from 'fast-check';
import type { School } from '../../dialects/powerschool/school';
import { attendance, booking, event } from '../../dialects/wix/school';
import type { Command, Model } from './command';
import { anyDay, anySeat, type Section, seatId, seats, sectionId, sectionNames } from './roster';

const wish = fc.record({
  seat: anySeat,
  date: anyDay,
  status: fc.constantFrom('ATTENDED', 'NOT_ATTENDED', 'NOT_SET'),
  /** Of another section than the booking's: refused. */
  elsewhere: fc.constantFrom<Section | undefined>(undefined, undefined, undefined, undefined, ...sectionNames),
});
type Wish = typeof wish extends fc.Arbitrary<infer Each> ? Each : never;
const removal = wish.map((each): Wish => ({ ...each, status: 'NOT_SET', elsewhere: undefined }));

const entityOf = (school: School, { seat, date, status, elsewhere }: Wish) => ({
  bookingId: booking(seatId(school, seat)),
  eventId: event(sectionId(school, elsewhere ?? seats[seat].section), date),
  status,
});
const idOf = (school: School, { seat, date }: Wish): string => attendance(seatId(school, seat), date);

/** "ATTENDED over a late mark leaves it late, NOT_ATTENDED over an excused mark leaves it excused." */
function take({ ledger }: Model, { seat, date, status, elsewhere }: Wish): boolean {
  const { section } = seats[seat];
  if (elsewhere !== undefined && elsewhere !== section) return false;
  const was = ledger.standing(seat, date)?.status;
  if (status === 'ATTENDED') return ledger.write(seat, date, { status: was === 3 ? 3 : 1 });
  if (status === 'NOT_ATTENDED') return ledger.write(seat, date, { status: was === 4 ? 4 : 2 });
  return ledger.hasEntry(seat, date) && (was === undefined || ledger.write(seat, date, { status: 1 }));
}

const one = (wish: Wish, refused: number, send: Command['send']): Command => ({
  expected: (model) => ({ status: take(model, wish) ? 200 : refused }),
  send,
  told: ({ status }) => ({ status }),
});
const several = (wishes: readonly Wish[], send: Command['send']): Command => ({
  expected: (model) => ({ status: 200, items: wishes.map((each) => take(model, each)) }),
  send,
  told: ({ status, body }) => ({
    status,
    items: body.results?.map((each: { itemMetadata: { success: boolean } }) => each.itemMetadata.success),
  }),
});

/** Set and delete, of one and of several. */
export const wixCommands: fc.Arbitrary<Command> = fc.oneof(
  wish.map((each) =>
    one(each, 400, async (school) =>
      school.post('/bookings/v2/attendance/set').send({ attendance: entityOf(school, each) }),
    ),
  ),
  removal.map((each) =>
    one(each, 404, async (school) => school.delete(`/bookings/v2/attendance/${idOf(school, each)}`)),
  ),
  fc
    .array(wish, { minLength: 1, maxLength: 4 })
    .map((all) =>
      several(all, async (school) =>
        school
          .post('/bookings/v2/bulk/attendance/set')
          .send({ attendanceDetails: all.map((each) => ({ attendance: entityOf(school, each) })) }),
      ),
    ),
  fc
    .array(removal, { minLength: 1, maxLength: 4 })
    .map((all) =>
      several(all, async (school) =>
        school
          .post('/bookings/v2/bulk/attendance/delete')
          .send({ attendanceIds: all.map((each) => idOf(school, each)) }),
      ),
    ),
);
