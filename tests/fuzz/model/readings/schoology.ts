import type { School } from '../../../dialects/powerschool/school';
import type { Model } from '../command';
import type { Mark } from '../ledger';
import { type Day, dates, type Seat, seatId, sectionId, sectionNames } from '../roster';
import type { Reading } from './reading';

/** `attendance?taken=1` of each section: its taken dates with their marks, and the totals. */
export async function schoologyReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  for (const section of sectionNames) {
    const { body } = await school.get(`/v1/sections/${sectionId(school, section)}/attendance?taken=1`);
    type Group = { date: string; statuses: { status: { attendances: { attendance: object[] } }[] } };
    said.push([
      section,
      body.date.map(({ date, statuses }: Group) => [
        date,
        statuses.status.flatMap(({ attendances }) => attendances.attendance),
      ]),
      body.totals.total,
    ]);
  }
  const expected = sectionNames.map((section) => {
    const taken = dates.filter((date) => ledger.taken.has(`${section} ${date}`));
    const marksOn = (date: Day) =>
      marksIn(school, ledger.roll(section, date)).map(([enrollment_id, { status, comment }]) => ({
        enrollment_id,
        date,
        status,
        comment,
      }));
    const marks = taken.map((date) => [date, marksOn(date).sort((one, other) => one.status - other.status)] as const);
    const all = marks.flatMap(([, each]) => each);
    const counts = [2, 3, 4].map((status) => ({ status, count: all.filter((mark) => mark.status === status).length }));
    return [section, marks, counts.filter(({ count }) => count > 0)];
  });
  return { said, expected };
}

const marksIn = (school: School, roll: [Seat, Mark | null][]): [number, Mark][] =>
  roll
    .flatMap(([seat, mark]): [number, Mark][] => (mark && mark.status !== 1 ? [[seatId(school, seat), mark]] : []))
    .sort(([one], [other]) => one - other);
