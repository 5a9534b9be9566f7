import type { Model, School } from '../command';
import { type Day, dates, type Seat, seatId, seatNames, studentNames } from '../roster';
import type { Reading } from './reading';

/** The records of each student's days. */
export async function powerschoolReading(school: School, { ledger, records }: Model): Promise<Reading> {
  const { body } = await school
    .post('/ws/schema/query/com.pearson.core.attendance.student_attendance_detail')
    .send({ students_dcid: studentNames.map((student) => school.world.people[student]) });
  const said = (body.record ?? []).map(({ tables: { attendance, attendance_code } }: Record<'tables', Tables>) =>
    [
      attendance.ccid,
      attendance.att_date,
      attendance.att_mode_code,
      attendance.periodid,
      attendance_code.att_code,
      attendance.att_comment,
      attendance.att_mode_code === 'ATT_ModeTime' ? attendance.total_minutes : '',
    ].join(),
  );
  const days = seatNames.flatMap((seat) => dates.map((date): [Seat, Day] => [seat, date]));
  const expected = days.flatMap(([seat, date]) =>
    records
      .shown(seat, date, ledger.known(seat, date))
      .map(({ mode, period, code, comment, minutes }) =>
        [seatId(school, seat), date, `ATT_Mode${mode}`, period, code, comment, minutes].join(),
      ),
  );
  return { said: said.sort(), expected: expected.sort() };
}

type Tables = Record<'attendance' | 'attendance_code', Record<string, string>>;
