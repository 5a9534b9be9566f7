import type { Model, School } from '../command';
import { type Day, dates, seatId, sectionId, sectionNames } from '../roster';
import type { Reading } from './reading';

interface Answer {
  readonly date: readonly {
    readonly date: string;
    readonly statuses: { readonly status: readonly { readonly attendances: { readonly attendance: object[] } }[] };
  }[];
  readonly totals: { readonly total: object[] };
}

/** Attendance of each section, with and without `taken=1`: dates, marks, totals. */
export async function schoologyReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  const expected = [];
  for (const section of sectionNames)
    for (const query of ['', '?taken=1']) {
      const { body } = await school.get(`/v1/sections/${sectionId(school, section)}/attendance${query}`);
      const { date: listed, totals } = body as Answer;
      said.push([
        section,
        listed.map(({ date, statuses }) => [
          date,
          statuses.status.flatMap(({ attendances }) => attendances.attendance),
        ]),
        totals.total,
      ]);
      const marksOn = (date: Day) =>
        ledger
          .roll(section, date)
          .flatMap(([seat, known]) => {
            if (known === null || known.status === 1) return [];
            return [{ enrollment_id: seatId(school, seat), date, status: known.status, comment: known.comment }];
          })
          .sort((one, other) => one.status - other.status || one.enrollment_id - other.enrollment_id);
      const days = dates.map((date) => [date, marksOn(date)] as const);
      const shown = days.filter(([date, marks]) => marks.length > 0 || (query !== '' && ledger.isTaken(section, date)));
      const all = days.flatMap(([, marks]) => marks);
      const count = (status: number) => all.filter((mark) => mark.status === status).length;
      const counts = [2, 3, 4].map((status) => ({ status, count: count(status) }));
      expected.push([section, shown, counts.filter((each) => each.count > 0)]);
    }
  return { said, expected };
}
