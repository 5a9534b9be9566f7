import type { Model, School } from '../command';
import { dates, rollOf, sectionId, sectionNames } from '../roster';
import type { Reading } from './reading';

/** The rolls of each day as the office sees them: taken or not, and how many are away. */
export async function reportReading(school: School, { ledger }: Model): Promise<Reading> {
  const said = [];
  for (const date of dates) {
    const { body } = await school.get(`/reports/rolls?date=${date}`);
    type Roll = Record<'section_id' | 'students' | 'absent' | 'late' | 'excused', number> & { taken_at: string | null };
    said.push(
      ...body.rolls.map(({ section_id, students, absent, late, excused, taken_at }: Roll) =>
        [date, section_id, students, taken_at !== null, absent, late, excused].join(),
      ),
    );
  }
  const expected = dates.flatMap((date) =>
    sectionNames.map((section) => {
      const roll = ledger.roll(section, date).map(([, known]) => known?.status);
      const away = [2, 3, 4].map((status) => roll.filter((each) => each === status).length);
      return [
        date,
        sectionId(school, section),
        rollOf(section, date).length,
        ledger.isTaken(section, date),
        ...away,
      ].join();
    }),
  );
  return { said: said.sort(), expected: expected.sort() };
}
