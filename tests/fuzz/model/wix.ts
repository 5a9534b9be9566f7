import fc from 'fast-check';
import { attendance, booking, event } from '../../apis/wix/school';
import type { Command, Model, School } from './command';
import { Write } from './ledger';
import { anyDay, anySeat, anySection, isEnrolled, seatId, seats, sectionId } from './roster';

const wish = fc.record({
  seat: anySeat,
  date: anyDay,
  status: fc.constantFrom('ATTENDED', 'ATTENDED', 'NOT_ATTENDED', 'NOT_SET'),
  attendees: fc.constantFrom(undefined, undefined, null, 1, 3, 7),
  /** Of another section than the booking's: refused. */
  elsewhere: fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anySection }),
});
type Wish = typeof wish extends fc.Arbitrary<infer Each> ? Each : never;
const removal = wish.map((each): Wish => ({ ...each, status: 'NOT_SET', attendees: undefined, elsewhere: undefined }));

const entityOf = (school: School, { seat, date, status, attendees, elsewhere }: Wish) => ({
  bookingId: booking(seatId(school, seat)),
  eventId: event(sectionId(school, elsewhere ?? seats[seat].section), date),
  status,
  numberOfAttendees: attendees,
});
const idOf = (school: School, { seat, date }: Wish): string => attendance(seatId(school, seat), date);

/** "ATTENDED over a late mark leaves it late, NOT_ATTENDED over an excused mark leaves it excused." */
function take({ ledger, attendees }: Model, write: Write, wish: Wish): boolean | '*' {
  const { seat, date, status, elsewhere } = wish;
  const { section } = seats[seat];
  if ((elsewhere !== undefined && elsewhere !== section) || !isEnrolled(seat, date)) return false;
  const was = ledger.known(seat, date)?.status;
  const key = `${seat} ${date}`;
  if (status === 'NOT_SET') {
    if (!ledger.hasEntry(seat, date)) return false;
    // Of a meeting that came into being by this very request, nobody promises that there is an attendance already.
    if (write.hasBegun(section, date) && was === undefined) return '*';
    write.say(seat, date, { status: null });
    attendees.delete(key);
    // "NOT_SET takes the absence back, and with it numberOfAttendees", unless another is sent in the same breath.
    if ((wish.attendees ?? 1) > 1) attendees.set(key, wish.attendees!);
    return true;
  }
  write.say(seat, date, { status: status === 'ATTENDED' ? (was === 3 ? 3 : 1) : was === 4 ? 4 : 2 });
  // "A set without numberOfAttendees keeps the number that stands"; one is not kept.
  if ((wish.attendees ?? 1) > 1) attendees.set(key, wish.attendees!);
  else if (wish.attendees !== undefined) attendees.delete(key);
  return true;
}

function takeAll(model: Model, wishes: readonly Wish[]): (boolean | '*')[] {
  const write = new Write(model.ledger, 'wix', 'complete');
  const taken = wishes.map((each) => take(model, write, each));
  write.end();
  return taken;
}

const one = (wish: Wish, refused: number, send: Command['send']): Command => ({
  expected: (model) => ({ status: takeAll(model, [wish])[0] ? 200 : refused }),
  send,
  told: ({ status }) => ({ status }),
});
const several = (wishes: readonly Wish[], send: Command['send']): Command => ({
  expected: (model) => ({ status: 200, items: takeAll(model, wishes) }),
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
    .array(wish, { minLength: 1, maxLength: 5 })
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
