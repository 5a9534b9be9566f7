import { attendance } from '../../../apis/wix/school';
import type { Model, School } from '../command';
import type { Known } from '../ledger';
import { seatId } from '../roster';
import { meetings, type Reading } from './reading';

/** Every attendance that there is, and how many a count finds. */
export async function wixReading(school: School, { ledger, attendees }: Model): Promise<Reading> {
  const { body } = await school.post('/bookings/v2/attendance/query').send({ query: { cursorPaging: { limit: 100 } } });
  const { body: counted } = await school.post('/bookings/v2/attendance/count').send({ filter: {} });
  type Said = { id: string; status: string; numberOfAttendees: number };
  const said = body.attendances.map((each: Said) => [each.id, each.status, each.numberOfAttendees].join());
  const expected = meetings
    .filter(([section, date]) => ledger.hasMeeting(section, date))
    .flatMap(([section, date]) =>
      ledger.roll(section, date).map(([seat, known]) => {
        const number = attendees.get(`${seat} ${date}`) ?? 1;
        return [attendance(seatId(school, seat), date), wordOf(known), number].join();
      }),
    );
  return { said: [said.sort(), counted.count], expected: [expected.sort(), expected.length] };
}

const wordOf = (known: Known | null): string =>
  known === null ? 'NOT_SET' : known.status === 1 || known.status === 3 ? 'ATTENDED' : 'NOT_ATTENDED';
