import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { day, integer, nullable, string } from '../../database/rows';
import type { Source } from './past';

/** The row of a bundle that has moved something. */
type Mover = Pick<Source, 'file' | 'line'>;

export type TermMoves = Awaited<ReturnType<typeof openTermMoves>>;

/**
 * Remembers which rows of a bundle have changed sessions, and the sessions of classes: where the days of an enrollment that it
 * has from these move, the report names the row that has moved them.
 */
export async function openTermMoves(database: Database, district: number) {
  const { knex, rows } = database;
  const days = text(
    knex,
    `select terms.id, terms.begin_date, terms.end_date from terms where terms.district_id = :district`,
    { id: integer, begin_date: day, end_date: day },
  );
  const ofSections = text(
    knex,
    `select sections.id as section, sections.sourced_id as class, terms.id, terms.sourced_id, terms.begin_date, terms.end_date
    from ${rows('ids', { id: 'bigint' })} as asked
    cross join sections
    left join section_terms on section_terms.district_id = sections.district_id
      and section_terms.section_id = sections.id
    left join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
    where sections.id = asked.id and +sections.district_id = :district
    order by sections.id, terms.id`,
    {
      section: integer,
      class: nullable(string),
      id: nullable(integer),
      sourced_id: nullable(string),
      begin_date: nullable(day),
      end_date: nullable(day),
    },
  );
  const before = new Map(
    (await database.all(days, { district })).map(({ id, begin_date, end_date }) => [id, `${begin_date} ${end_date}`]),
  );
  const sessions = new Map<string, Mover>();
  const classes = new Map<string, Mover>();

  return {
    /** A row that has changed a session. */
    session: (sourcedId: string, mover: Mover): unknown => sessions.set(sourcedId, mover),
    /** A row by which a class has other sessions than before. */
    class: (sourcedId: string, mover: Mover): unknown => classes.set(sourcedId, mover),

    /** What has moved the terms of these sections. */
    async moversOf(executor: Executor, sections: readonly number[]): Promise<Map<number, Mover>> {
      const movers = new Map<number, Mover>();
      const ids = JSON.stringify(sections.map((id) => [id]));
      for (const row of await executor.all(ofSections, { district, ids })) {
        const isMoved = row.id !== null && before.get(row.id) !== `${row.begin_date} ${row.end_date}`;
        const mover = classes.get(row.class ?? '') ?? (isMoved ? sessions.get(row.sourced_id ?? '') : undefined);
        if (mover && !movers.has(row.section)) movers.set(row.section, mover);
      }
      return movers;
    },
  };
}
