import type { School } from '../../../dialects/powerschool/school';
import type { Model } from '../command';
import type { Change } from '../ledger';
import { seatId, sectionId } from '../roster';
import type { Reading } from './reading';

/** The whole journal, oldest change first. */
export async function journalReading(school: School, { ledger }: Model): Promise<Reading> {
  const rows = await school.world.ledger.history({ district: school.world.districts.larkspur });
  const said = rows
    .reverse()
    .map((row) => [
      row.section_id,
      row.date,
      row.enrollment_id,
      row.from_status,
      row.from_comment,
      row.to_status,
      row.to_comment,
    ]);
  const expected = ledger.journal.map(([section, date, seat, ...rest]: Change) => [
    sectionId(school, section),
    date,
    seat && seatId(school, seat),
    ...rest,
  ]);
  // A request journals the meetings that it takes in an order of its own.
  return { said: said.map(String).sort(), expected: expected.map(String).sort() };
}
