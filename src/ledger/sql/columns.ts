import type { Beside, Column } from '../query';

const entries: Readonly<Record<string, Column>> = {
  enrollment_id: { type: 'bigint', sql: 'entries.enrollment_id' },
  person_id: { type: 'bigint', sql: 'entries.person_id' },
  section_id: { type: 'bigint', sql: 'entries.section_id' },
  date: { type: 'date', sql: 'entries.date' },
  taken: { type: 'smallint', sql: 'entries.taken' },
  status: { type: 'smallint', sql: 'entries.status', nullable: true },
  comment: { type: 'text', sql: 'entries.comment' },
  code_id: { type: 'bigint', sql: 'entries.code_id', nullable: true },
  changed_at: { type: 'timestamptz', sql: 'entries.changed_at', nullable: true },
};

/** The columns that indexes are entered by. */
const indexed = ['enrollment_id', 'person_id', 'section_id', 'date'];

export const isIndexed = (name: string): boolean => indexed.includes(name);

/** The columns of a list. Names come from our code: an unknown one is its mistake. */
export class Columns {
  readonly #known: Readonly<Record<string, Column>>;

  constructor(known: Readonly<Record<string, Column>>) {
    this.#known = known;
  }

  get(name: string): Column {
    if (Object.hasOwn(this.#known, name)) return this.#known[name]!;
    throw new TypeError(`there is no column ${name}`);
  }

  /** One that rows can be ordered by: engines do not agree where a null belongs. */
  ordered(name: string): string {
    const { sql, nullable } = this.get(name);
    if (nullable) throw new TypeError(`nothing can be ordered by ${name}, which can be null`);
    return sql;
  }

  /** All of them, each under its name. */
  get list(): string {
    return Object.entries(this.#known)
      .map(([name, { sql }]) => `${sql} as ${name}`)
      .join(', ');
  }
}

/** The columns of entries, with what stands beside them. */
export const entryColumns = (beside: Beside | undefined): Columns => new Columns({ ...entries, ...beside?.columns });
