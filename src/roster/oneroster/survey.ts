import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { instant, nullable, oneOf } from '../../database/rows';
import type { Bundle } from './bundle';
import { batchesIn, type Row } from './csv';
import { fileSpecs } from './files';
import { FileError, ValueError } from './report';

/** What is to be known of a bundle before anything of it is taken. */
export interface Survey {
  /** The newest `dateLastModified`, ISO 8601; undefined where none is said. */
  readonly modified: string | undefined;
  /** The sourcedIds of all rows of these files, as far as they can be read. */
  readonly listed: Readonly<Record<Ending, ReadonlySet<string>>>;
}

/** The files of what is missing on rolls once it has ended. */
export const endings = ['orgs', 'classes', 'users', 'enrollments'] as const;
export type Ending = (typeof endings)[number];

/** Reads a bundle through; what is wrong in it is for the import itself to say. */
export async function surveyOf({ files }: Bundle): Promise<Survey> {
  const modified = newestModified();
  const listed = {
    orgs: new Set<string>(),
    classes: new Set<string>(),
    users: new Set<string>(),
    enrollments: new Set<string>(),
  };
  for (const { file } of fileSpecs) {
    const found = files.get(file.toLowerCase());
    const ids = endings.some((ending) => ending === file) ? listed[file as Ending] : undefined;
    try {
      if (found)
        for await (const rows of batchesIn(found, ['sourcedId']))
          for (const row of rows) {
            if (row.fault) continue;
            modified.add(row);
            ids?.add(valueIn(row, 'sourcedId'));
          }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return { modified: modified.at(), listed };
}

/** The newest `dateLastModified` of some rows, ISO 8601; undefined where none is said. */
export function newestModified() {
  let [newest, last] = ['', ''];
  return {
    add(row: Row): void {
      const value = valueIn(row, 'dateLastModified');
      if (value === last) return; // many rows say the same
      last = value;
      const at = instantOf(value);
      if (at > newest) newest = at;
    },
    at: (): string | undefined => newest || undefined,
  };
}

/** Empty where it cannot be read. */
export function valueIn(row: Row, column: string): string {
  try {
    return row.get(column);
  } catch (error) {
    if (error instanceof ValueError) return '';
    throw error;
  }
}

/** In one way of writing, in which later ones are greater; empty where it is none, or of a day to come. */
function instantOf(value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) return '';
  const at = Date.parse(value);
  return Number.isNaN(at) || at > Date.now() + DAY ? '' : new Date(at).toISOString();
}

/** Milliseconds; clocks differ. */
const DAY = 86_400_000;

/** What the district knows of the bundles that were imported. */
export function openModified(database: Database) {
  const sql = {
    known: text(
      database.knex,
      `select districts.roster_modified_at as modified,
        case when exists (select 1 from people where people.district_id = :district) then 1 else 0 end as "hasRoster"
      from districts where districts.id = :district`,
      { modified: nullable(instant), hasRoster: oneOf(0, 1) },
    ),
    set: text(database.knex, 'update districts set roster_modified_at = :modified where id = :district'),
  };
  return {
    async of(district: number): Promise<{ modified: string | null; hasRoster: 0 | 1 }> {
      return (await database.all(sql.known, { district }))[0]!;
    },
    set: (district: number, modified: string): Promise<void> =>
      database.transaction(async (tx) => void (await tx.all(sql.set, { district, modified }))),
  };
}
