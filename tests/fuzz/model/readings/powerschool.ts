import type { School } from '../../../dialects/powerschool/school';
import type { Model } from '../command';
import { type Code, codes } from '../parts';
import { type Day, dates, type Seat, seatId, seatNames, studentNames } from '../roster';
import type { Reading } from './reading';

/**
 * The records of each student's days. Of a day in parts the mark's status is among them, and
 * where there is none they are shown as posted, a void one among them; of another day the mark is alone.
 */
export async function powerschoolReading(school: School, { ledger, parts }: Model): Promise<Reading> {
  const { body } = await school
    .post('/ws/schema/query/com.pearson.core.attendance.student_attendance_detail')
    .send({ students_dcid: studentNames.map((student) => school.world.people[student]) });
  const records = new Map<string, number[]>();
  for (const { tables } of body.record as { tables: Record<string, Record<string, string>> }[]) {
    const key = `${tables.attendance!.ccid} ${tables.attendance!.att_date}`;
    const status = codes[tables.attendance_code!.att_code as Code];
    records.set(key, [...(records.get(key) ?? []), status]);
  }
  const days = seatNames.flatMap((seat) => dates.map((date): [Seat, Day] => [seat, date]));
  const said = days.map(([seat, date]) => {
    const found = records.get(`${seatId(school, seat)} ${date}`) ?? [];
    const status = ledger.standing(seat, date)?.status ?? 1;
    const isAmong = parts.has(`${seat} ${date}`) && (status === 1 || found.includes(status));
    return [seat, date, isAmong ? [status] : found];
  });
  const expected = days.map(([seat, date]) => {
    const status = ledger.standing(seat, date)?.status ?? 1;
    return [seat, date, status === 1 && !parts.has(`${seat} ${date}`) ? [] : [status]];
  });
  return { said, expected };
}
