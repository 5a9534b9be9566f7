import type { Database } from '../../database/database';
import type { Bundle, BundleFile } from './bundle';
import { type FileSpec, fileSpecs } from './files';

/** What is wrong with one value of a row; the row is refused, the rest goes in. */
export class ValueError extends Error {
  constructor(
    readonly column: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** What is wrong with a file from a line on; what stood before has gone in, and nothing is ended on its account. */
export class FileError extends Error {
  constructor(
    readonly file: string,
    readonly line: number,
    reason: string,
    cause?: unknown,
  ) {
    super(reason, { cause });
  }
}

/** A row, or a file (line 0), that did not go in. */
export interface Refusal {
  readonly file: string;
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

/** What was taken in though it may be meant otherwise: the first row of which it is to be said, and of how many. */
export interface Warning extends Refusal {
  readonly rows: number;
}

export interface Counts {
  inserted: number;
  updated: number;
  ended: number;
  refused: number;
}

export interface ImportReport {
  readonly counts: Record<FileSpec['file'], Counts>;
  readonly refused: Refusal[];
  /** Rows about people who were erased: they stay so. */
  readonly erased: Refusal[];
  /** Rows about people who were here before the SIS listed them: they are the same from now on. */
  readonly adopted: Refusal[];
  readonly warnings: Warning[];
  /** Enrollments that the roster has moved away from days that were counted: these stay theirs. */
  readonly kept: Kept[];
  /** Enrollments that begin later than the roster says, since rolls were taken, or days counted, without the student. */
  readonly delayed: Delayed[];
  /** Enrollments that ended since their users, classes or schools were deleted, by the file of these. */
  readonly orphaned: Orphaned[];
  /** Enrollments whose past was said to be wrong, and followed. */
  readonly corrected: Corrected[];
}

interface Orphaned {
  readonly file: string;
  /** How many of its rows had enrollments that had not been ended. */
  deleted: number;
  enrollments: number;
}

interface OfEnrollment {
  readonly file: string;
  /** That of the row; where it has its days from the terms of its class, of the session or class that has moved them. */
  readonly line: number;
  readonly sourcedId: string | null;
  /** Null where it is new. */
  readonly enrollment: number | null;
}

export interface Kept extends OfEnrollment {
  /** How many rolls that were taken still have the student; 0 where only days count on which nobody took one. */
  readonly rolls: number;
}

export interface Delayed extends OfEnrollment {
  readonly said: string;
  readonly begins: string;
}

export interface Corrected extends OfEnrollment {
  /** How many rolls that were taken have, or lack, the student from now on. */
  readonly rolls: number;
}

/** Nothing has gone in yet. */
export function emptyReport(): ImportReport {
  const counts = fileSpecs.map(({ file }) => [file, { inserted: 0, updated: 0, ended: 0, refused: 0 }]);
  return {
    counts: Object.fromEntries(counts) as ImportReport['counts'],
    refused: [],
    erased: [],
    adopted: [],
    warnings: [],
    kept: [],
    delayed: [],
    orphaned: [],
    corrected: [],
  };
}

export function add(counts: Counts, { inserted, updated, ended }: Readonly<Omit<Counts, 'refused'>>): void {
  counts.inserted += inserted;
  counts.updated += updated;
  counts.ended += ended;
}

/** How many kinds of warnings a report holds. */
export const MOST_WARNINGS = 1_000;

/** Says what was taken in though it may be meant otherwise: once for all rows of a file of which the same is to be said. */
export function warningsInto(warnings: Warning[]) {
  const known = new Map<string, { rows: number }>();
  return (where: Pick<Warning, 'file' | 'line' | 'column'>, reason: string, what = reason): void => {
    const key = `${where.file} ${where.column} ${what}`;
    const before = known.get(key);
    if (before) before.rows++;
    else if (known.size < MOST_WARNINGS) {
      const warning = { ...where, reason, rows: 1 };
      known.set(key, warning);
      warnings.push(warning);
    }
  };
}

/** Warns of a row; `what` is the same for all rows of which one warning is to be given. */
export type Warn = ReturnType<typeof warningsInto>;

/** How far an import is. */
export interface Progress {
  readonly file: string;
  readonly rows: number;
  /** Bytes read, and of how many. */
  readonly done: number;
  readonly total: number;
}

/** Counts what is read of a bundle's files. */
export function progressOf({ files }: Bundle, onProgress: (progress: Progress) => void) {
  const read = fileSpecs.flatMap(({ file }) => files.get(file.toLowerCase()) ?? []);
  const total = read.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return {
    start({ name }: BundleFile) {
      let rows = 0;
      const tell = () => onProgress({ file: name, rows, done, total });
      return {
        bytes: (count: number) => {
          done += count;
        },
        rows: (count: number) => {
          rows += count;
          tell();
        },
      };
    },
  };
}

/** Thrown to undo what was rehearsed. */
class Undone<T> extends Error {
  constructor(readonly result: T) {
    super('This was a dryRun.');
  }
}

/** Does the work on the database in one transaction, which is undone whatever comes of it: what the work would answer. */
export async function rehearsed<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await database.transaction<T>(async (tx) => {
      throw new Undone(await work({ ...database, all: tx.all.bind(tx), transaction: (inner) => inner(tx) }));
    });
  } catch (error) {
    if (error instanceof Undone) return error.result;
    throw error;
  }
}
