import type { Database } from '../database/database';
import type { Query, Values } from '../database/query';
import { shown } from '../shown';
import type { Column } from './columns';
import { type Naming, wrong } from './row';

/** One thing that a text names, and as what. */
interface NamedRow {
  readonly kind: 'id' | 'sourced_id' | 'number';
  readonly text: string;
  readonly id: number;
}

/** What the texts of a column may be. */
const kinds: Partial<Record<Column, readonly NamedRow['kind'][]>> = {
  section: ['id', 'sourced_id'],
  section_id: ['id'],
  section_sourced_id: ['sourced_id'],
  student: ['id', 'sourced_id', 'number'],
  student_id: ['id'],
  student_sourced_id: ['sourced_id'],
  student_number: ['number'],
};

const said = { id: 'id', sourced_id: 'sourcedId', number: 'student number' } as const;

/** Things of a district by what they are called. */
export interface Named {
  readonly all: ReadonlySet<number>;
  /** The ids of what may be meant. */
  of(naming: Naming): ReadonlySet<number>;
  /**
   * The same, for where nothing else says which it is: several students may have the same number, but what is the id
   * of one and the number of another is not guessed. Throws RowError then, and where there is nothing.
   */
  told(naming: Naming, thing: string): ReadonlySet<number>;
}

export async function named(
  database: Database,
  query: Query,
  scope: Values,
  namings: readonly Naming[],
): Promise<Named> {
  const texts = [...new Set(namings.map(({ text }) => text))];
  const ids = texts.filter((text) => /^[1-9]\d{0,14}$/.test(text)).map((text) => [Number(text)]);
  const rows = await database.all<NamedRow>(query, {
    ...scope,
    ids: JSON.stringify(ids),
    texts: JSON.stringify(texts.map((text) => [text])),
  });
  const byText = new Map<string, NamedRow[]>(texts.map((text) => [text, []]));
  for (const row of rows) byText.get(row.text)!.push(row);
  const rowsOf = ({ column, text }: Naming) => byText.get(text)!.filter(({ kind }) => kinds[column]!.includes(kind));
  const of = (naming: Naming) => new Set(rowsOf(naming).map(({ id }) => id));
  return {
    all: new Set(rows.map(({ id }) => id)),
    of,
    told(naming, thing) {
      const { column, text } = naming;
      const found = rowsOf(naming);
      const as = new Set(found.map(({ kind }) => kind));
      if (found.length === 0) throw wrong(column, `must be the ${words(column)} of a ${thing}, not ${shown(text)}.`);
      const ids = of(naming);
      if (ids.size === 1 || as.size === 1) return ids;
      const which = [...as].map((kind) => said[kind]).join(' and ');
      const precise = [...as].map((kind) => `${thing}_${kind}`).join(' or ');
      throw wrong(
        column,
        `${shown(text)} is the ${which} of different ${thing}s; the column ${precise} would say which.`,
      );
    },
  };
}

const list = new Intl.ListFormat('en', { type: 'disjunction' });
const words = (column: Column): string => list.format(kinds[column]!.map((kind) => said[kind]));
