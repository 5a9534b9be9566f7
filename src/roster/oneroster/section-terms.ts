import type { Database } from '../../database/database';
import { text } from '../../database/query';
import type { Listed } from './merge';
import type { References } from './references';

/** Keeps `section_terms` at what the rows of classes.csv say; a term that is not known is left out. */
export function sectionTerms(database: Database, district: number, { terms }: References) {
  const { knex } = database;
  const pairs = database.rows('pairs', { section: 'text', term_id: 'bigint' });
  const sections = database.rows('sections', { sourced_id: 'text' });
  const listed = `select sections.id, pairs.term_id from ${pairs} as pairs
    cross join sections
    where sections.district_id = :district and sections.sourced_id = pairs.section`;
  const remove = text(
    knex,
    `delete from section_terms
    where section_id in (select sections.id from ${sections} as asked
        cross join sections
        where sections.district_id = :district and sections.sourced_id = asked.sourced_id)
      and (section_id, term_id) not in (${listed})`,
  );
  const insert = text(knex, `insert into section_terms (section_id, term_id) ${listed} on conflict do nothing`);

  return async (rows: readonly Listed[]): Promise<void> => {
    const values = {
      district,
      sections: JSON.stringify(rows.map(({ sourcedId }) => [sourcedId])),
      pairs: JSON.stringify(
        rows.flatMap((row) => row.terms.flatMap((term) => (terms.has(term) ? [[row.sourcedId, terms.get(term)]] : []))),
      ),
    };
    await database.transaction(async (tx) => {
      await tx.all(remove, values);
      const { sections: _, ...inserted } = values;
      await tx.all(insert, inserted);
    });
  };
}
