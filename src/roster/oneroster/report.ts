import { fileSpecs } from './files';
import type { FileSpec } from './files/spec';

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
  /** Enrollments that the roster has moved away from rolls that were taken: on these they stay. */
  readonly kept: Kept[];
  /** Enrollments that begin later than the roster says, since rolls were taken without the student. */
  readonly delayed: Delayed[];
  /** Enrollments whose past was said to be wrong, and followed. */
  readonly corrected: Corrected[];
}

interface OfEnrollment {
  readonly file: string;
  /** 0 where it does not come from a row of its own. */
  readonly line: number;
  readonly sourcedId: string | null;
  /** Null where it is new. */
  readonly enrollment: number | null;
}

export interface Kept extends OfEnrollment {
  /** How many rolls that were taken still have the student. */
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
    corrected: [],
  };
}

export function add(counts: Counts, { inserted, updated, ended }: Omit<Counts, 'refused'>): void {
  counts.inserted += inserted;
  counts.updated += updated;
  counts.ended += ended;
}
