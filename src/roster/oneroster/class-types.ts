import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { string } from '../../database/rows';
import { openCorrections } from '../corrections';
import type { Listed, Rows } from './merge';
import { CORRECTING, type PastOptions } from './past';
import type { ImportReport, Warn } from './report';

/**
 * How a day counts, and which daily record a mark is, goes by whether the class is a homeroom. So a class of which
 * something is known of a day keeps its type, and the import says so, unless somebody says that the past was wrong.
 */
export function openClassTypes(
  database: Database,
  district: number,
  { today, correctPast }: PastOptions,
  report: ImportReport,
  warn: Warn,
) {
  const sql = typesSql(database);
  const { note } = openCorrections(database);

  /** What is to be written of these classes. */
  return async (tx: Executor, listed: readonly Listed[], stood: Rows, file: string): Promise<readonly Listed[]> => {
    const typeOf = (row: Listed) => (stood.get(row.sourcedId)?.class_type ?? row.values.class_type)!;
    const changed = listed.filter((row) => typeOf(row) !== row.values.class_type);
    if (changed.length === 0) return listed;
    const ids = JSON.stringify(changed.map(({ sourcedId }) => [sourcedId]));
    const found = await tx.all(sql.withPast, { district, today, ids });
    const withPast = new Set(found.map(({ sourced_id }) => sourced_id));
    const held = changed.filter(({ sourcedId }) => withPast.has(sourcedId));
    if (correctPast) {
      for (const { sourcedId, line } of held)
        report.corrected.push({ file, line, sourcedId, enrollment: null, rolls: 0 });
      const corrections = held.map((row) => ({
        section: Number(stood.get(row.sourcedId)!.id),
        enrollment: null,
        what: 'type' as const,
        from: String(typeOf(row)),
        to: String(row.values.class_type),
      }));
      await note(tx, { district, api: CORRECTING }, today, corrections);
      return listed;
    }
    for (const row of held)
      warn(
        { file, line: row.line, column: 'classType' },
        `The class stays ${typeOf(row)}, as its past days were counted by that. List a new class, or say by --correct-past that it was ${row.values.class_type} all along.`,
      );
    const kept = new Set(held);
    return listed.map((row) => (kept.has(row) ? { ...row, values: { ...row.values, class_type: typeOf(row) } } : row));
  };
}

const typesSql = ({ knex, rows }: Database) => {
  const told = (table: string) => `exists (select 1 from ${table}
    where ${table}.district_id = :district and ${table}.section_id = sections.id and ${table}.date <= :today)`;
  return {
    withPast: text(
      knex,
      `select sections.sourced_id from ${rows('ids', { sourced_id: 'text' })} as asked
      cross join sections
      where sections.district_id = :district and sections.sourced_id = asked.sourced_id
        and (exists (select 1 from meetings where meetings.district_id = :district and meetings.section_id = sections.id
            and meetings.date <= :today and meetings.taken_at is not null)
          or ${told('marks')} or ${told('presences')}
          or exists (select 1 from schools
            join enrollments on +enrollments.district_id = sections.district_id
              and enrollments.section_id = sections.id and not enrollments.admin
              and enrollments.begin_date < :today and enrollments.begin_date < enrollments.end_date
            where schools.district_id = :district and schools.id = sections.school_id and schools.untaken = 'present'
              and +enrollments.district_id = :district))`,
      { sourced_id: string },
    ),
  };
};
