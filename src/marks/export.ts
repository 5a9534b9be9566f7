import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Status } from '../ledger/attendance';
import { yesterday } from '../roster/teaches';
import { wordOf } from './report';
import { marksSql } from './sql';

/** Which marks: days are inclusive, all of them where nothing is said. */
export interface ExportFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly section: number | null;
  readonly school: number | null;
}

/** A mark as a file has it; what an import reads again. */
export interface ExportedMark {
  /** Ids. */
  readonly section: number;
  readonly section_title: string;
  readonly student: number;
  readonly student_number: string;
  readonly family_name: string;
  readonly given_name: string;
  readonly enrollment: number;
  readonly date: string;
  /** A word. */
  readonly status: string;
  /** The school's code by which it was written; empty where there is none. */
  readonly code: string;
  readonly comment: string;
}

export const exportColumns = [
  'section',
  'section_title',
  'student',
  'student_number',
  'family_name',
  'given_name',
  'enrollment',
  'date',
  'status',
  'code',
  'comment',
] as const;

/**
 * How many sections are read together, and marks at once: a few milliseconds' work, for which an embedded database
 * holds up everybody else. Each time the sections that are left are put in order anew.
 */
const SECTIONS = 5;
const MARKS = 500;

/** Reads the marks of a district in the order (section, date, enrollment), as far as the actor may see them. */
export function openMarksExport(database: Database) {
  const sql = marksSql(database);

  return async function* marks(actor: Actor, filter: ExportFilter): AsyncGenerator<ExportedMark[]> {
    const { district, person } = actor;
    const { section, school, from = FIRST_DAY, to = LAST_DAY } = filter;
    const scope = { district, person, yesterday: yesterday(), section, school };
    const sections = await database.all<{ id: number }>(sql.readable, scope);
    for (let first = 0; first < sections.length; first += SECTIONS) {
      const together = sections.slice(first, first + SECTIONS).map(({ id }) => id);
      let chunk: readonly MarkRow[];
      let last: MarkRow | undefined;
      do {
        const ids = JSON.stringify(together.filter((id) => id >= (last?.section ?? 0)).map((id) => [id]));
        const after = {
          after_section: last?.section ?? 0,
          after_date: last?.date ?? FIRST_DAY,
          after_enrollment: last?.enrollment ?? 0,
        };
        chunk = await database.all<MarkRow>(sql.marks, { district, ids, from, to, limit: MARKS, ...after });
        last = chunk.at(-1);
        yield chunk.map(({ status, ...mark }) => ({ ...mark, status: wordOf(status) }));
      } while (chunk.length === MARKS);
    }
  };
}

type MarkRow = Omit<ExportedMark, 'status'> & { readonly status: Status };
