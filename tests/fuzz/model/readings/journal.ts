import type { Model, School } from '../command';
import { seatId, sectionId } from '../roster';
import type { Reading } from './reading';

/** The whole journal. A request journals the meetings that it takes in an order of its own. */
export async function journalReading(school: School, { ledger }: Model): Promise<Reading> {
  const { database, districts } = school.world;
  const rows = await school.world.ledger.history({ district: districts.larkspur });
  const codes = new Map<number, string>(
    (await database.knex('attendance_codes').select('id', 'code')).map(({ id, code }) => [Number(id), code]),
  );
  const said = rows.map((row) => [
    row.section_id,
    row.date,
    row.enrollment_id,
    row.from_status,
    row.from_comment,
    row.to_status,
    row.to_comment,
    row.code_id && codes.get(Number(row.code_id)),
    row.api,
  ]);
  const expected = ledger.journal.map(({ section, date, seat, from, fromComment, to, toComment, code, api }) => [
    sectionId(school, section),
    date,
    seat && seatId(school, seat),
    from,
    fromComment,
    to,
    toComment,
    code,
    api,
  ]);
  return { said: said.map(String).sort(), expected: expected.map(String).sort() };
}
