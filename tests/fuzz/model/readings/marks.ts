import type { Model, School } from '../command';
import { seatId } from '../roster';
import { meetings, type Reading } from './reading';

const words = { 2: 'absent', 3: 'late', 4: 'excused' } as const;

/** GET of marks: the exceptions with their codes, taken or not. */
export async function marksReading(school: School, { ledger }: Model): Promise<Reading> {
  const { body } = await school.get('/marks');
  type Mark = Record<'enrollment' | 'date' | 'status' | 'code' | 'comment', string | number>;
  const said = body.marks.map(({ enrollment, date, status, code, comment }: Mark) =>
    [enrollment, date, status, code, comment].join(),
  );
  const expected = meetings.flatMap(([section, date]) =>
    ledger.roll(section, date).flatMap(([seat, known]) => {
      if (known === null || known.status === 1) return [];
      return [[seatId(school, seat), date, words[known.status], known.code ?? '', known.comment].join()];
    }),
  );
  return { said: said.sort(), expected: expected.sort() };
}
