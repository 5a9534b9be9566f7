import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { bit, day, integer, nullable, type RowOf, string } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import type { Days } from '../enrolled';
import { openOtherChanges } from '../other-changes';
import { recountNotes } from '../recounts';
import { openPast, type PastOptions, type SaidDays, standingRow } from './past';
import type { ImportReport } from './report';
import type { TermMoves } from './term-moves';

/** The days of each section's terms. */
export type Spans = ReadonlyMap<number, { readonly begin: string; readonly end: string }>;

const PAGE = 5_000;

export async function spansOf(database: Database, district: number, executor: Executor = database): Promise<Spans> {
  const query = text(
    database.knex,
    `select section_terms.section_id, min(terms.begin_date) as begin, max(terms.end_date) as "end"
    from section_terms
    join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
    where terms.district_id = :district
    group by section_terms.section_id`,
    { section_id: integer, begin: day, end: day },
  );
  const rows = await executor.all(query, { district });
  return new Map(rows.map(({ section_id, begin, end }) => [section_id, { begin, end }]));
}

const inheritingRow = { ...standingRow, sourced_id: nullable(string), inherits_begin: bit, inherits_end: bit };
type Inheriting = RowOf<typeof inheritingRow>;

/** Enrollments that have their days from the terms of their class follow them, whichever file has moved these. */
export async function followTerms(
  database: Database,
  district: number,
  { before, moves }: { readonly before: Spans; readonly moves: TermMoves },
  options: PastOptions,
  report: ImportReport,
): Promise<void> {
  const spans = await spansOf(database, district);
  const moved = [...spans].filter(([section, { begin, end }]) => {
    const was = before.get(section) ?? { begin: FIRST_DAY, end: LAST_DAY };
    return was.begin !== begin || was.end !== end;
  });
  if (moved.length === 0) return;
  const past = await openPast(database, district, options, report);
  const note = recountNotes(database);
  const { enrollments } = openOtherChanges(database);
  const by = { district, api: 'import', client: null, person: null };
  const find = text(
    database.knex,
    `select enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.admin, enrollments.sourced_id,
      enrollments.begin_date, enrollments.end_date, enrollments.inherits_begin, enrollments.inherits_end
    from ${database.rows('sections', { id: 'bigint' })} as asked
    cross join enrollments
    where enrollments.section_id = asked.id and +enrollments.district_id = :district and enrollments.active
      and (enrollments.inherits_begin or enrollments.inherits_end)
    order by enrollments.id`,
    inheritingRow,
  );
  for (let at = 0; at < moved.length; at += PAGE / 25) {
    const some = moved.slice(at, at + PAGE / 25).map(([section]) => section);
    const sections = JSON.stringify(some.map((section) => [section]));
    await database.transaction(async (tx) => {
      const rows = await tx.all(find, { district, sections });
      const movers = await moves.moversOf(tx, some);
      const following = rows.flatMap((row) => {
        const asked = { ...daysOf(row, spans.get(row.section_id)!), inheritsBegin: Boolean(row.inherits_begin) };
        const isMoved = asked.begin_date !== row.begin_date || asked.end_date !== row.end_date;
        const mover = movers.get(row.section_id) ?? { file: 'academicSessions.csv', line: 0 };
        const source = { ...mover, sourcedId: row.sourced_id };
        return isMoved ? [{ ...row, asked, source }] : [];
      });
      const done = (await past.move(tx, following)).filter(
        ({ was, is }) => was.begin_date !== is.begin_date || was.end_date !== is.end_date,
      );
      await note(
        tx,
        district,
        done.flatMap(({ section, was, is }) => [
          { section, ...between(was.begin_date, is.begin_date) },
          { section, ...between(was.end_date, is.end_date) },
        ]),
      );
      await enrollments(tx, by, { changed: done.map(({ id }) => id) });
      report.counts.enrollments.updated += done.length;
    });
  }
}

const daysOf = (row: Inheriting, { begin, end }: { begin: string; end: string }): Days => {
  const begin_date = row.inherits_begin ? begin : row.begin_date;
  const end_date = row.inherits_end ? end : row.end_date;
  return { begin_date, end_date: [begin_date, end_date].sort()[1]! };
};

/** What a row says of an enrollment, with the days of the terms where it leaves them to these. */
export function saidDays(said: SaidDays, terms: { begin: string; end: string } | undefined): SaidDays {
  const begin_date = said.inherits_begin ? (terms?.begin ?? FIRST_DAY) : said.begin_date;
  const end_date = said.inherits_end ? (terms?.end ?? LAST_DAY) : said.end_date;
  const { inherits_begin, inherits_end } = said;
  return { begin_date, end_date: [begin_date, end_date].sort()[1]!, inherits_begin, inherits_end };
}

const between = (one: string, other: string) => {
  const [from, to] = [one, other].sort();
  return { from: from!, to: to! };
};
