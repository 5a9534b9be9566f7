import type { School } from '../../../dialects/powerschool/school';
import { attendance } from '../../../dialects/wix/school';
import type { Model } from '../command';
import type { Mark } from '../ledger';
import { seatId } from '../roster';
import { meetings, type Reading } from './reading';

/** Every attendance that there is, and how many a count finds. */
export async function wixReading(school: School, { ledger }: Model): Promise<Reading> {
  const { body } = await school.post('/bookings/v2/attendance/query').send({ query: { cursorPaging: { limit: 100 } } });
  const { body: counted } = await school.post('/bookings/v2/attendance/count').send({ filter: {} });
  const said = body.attendances.map(({ id, status }: { id: string; status: string }) => [id, status]).sort();
  const expected = meetings
    .filter(([section, date]) => ledger.hasMeeting(section, date))
    .flatMap(([section, date]) =>
      ledger.roll(section, date).map(([seat, mark]) => [attendance(seatId(school, seat), date), wixWord(mark)]),
    )
    .sort();
  return { said: [said, counted.count], expected: [expected, expected.length] };
}

const wixWord = (mark: Mark | null): string =>
  mark === null ? 'NOT_SET' : mark.status === 1 || mark.status === 3 ? 'ATTENDED' : 'NOT_ATTENDED';
