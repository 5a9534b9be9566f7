import type { Model, School } from '../command';
import { seatId, sectionId } from '../roster';
import { meetings, type Reading } from './reading';

/** GET of every roll: whether it is taken, and what was said of single students, with the API that said it. */
export async function rollsReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  const expected = [];
  for (const [section, date] of meetings) {
    const { body } = await school.get(`/rolls/${sectionId(school, section)}/${date}`);
    type Said = Record<'enrollment_id' | 'status' | 'comment' | 'api', string | number>;
    const all = body.statuses.map((each: Said) => [each.enrollment_id, each.status, each.comment, each.api].join());
    said.push([section, date, body.taken_at !== null, all.sort()]);
    const known = ledger.roll(section, date).flatMap(([seat, each]) => {
      // Who is present by implication is not listed.
      if (each?.api === undefined) return [];
      return [[seatId(school, seat), each.status, each.comment, ledger.firstSaidBy(seat, date, each)].join()];
    });
    expected.push([section, date, ledger.isTaken(section, date), known.sort()]);
  }
  return { said, expected };
}
