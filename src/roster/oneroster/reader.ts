import type { Erased } from '../erasures';
import type { Aliases } from './aliases';
import type { Row } from './csv';
import { ValueError } from './errors';
import type { FileSpec, Reading } from './files/spec';
import type { Listed } from './merge';
import type { References } from './references';
import type { ImportReport } from './report';
import { isActive } from './values';

/** A row of which it is known what it is about. */
interface Told {
  readonly row: Row;
  readonly sourcedId: string;
}

/** Tells rows that are understood from those that are refused, and remembers which sourcedIds were listed. */
export function readerOf(
  spec: FileSpec,
  file: string,
  { references, reading, aliases }: { references: References; reading: Reading; aliases: Aliases },
  report: ImportReport,
) {
  const seen = new Set<string>();
  /** Listed by another sourcedId than the one they are known by. */
  const otherwise = new Set<string>();
  let [lastTold, lastRefused] = [0, 0];
  let untold = 0;

  /** Reads a row, or refuses it. */
  const orRefuse = <T>(row: Row, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      report.refused.push({ file, line: row.line, column: error.column, reason: error.message });
      report.counts[spec.file].refused++;
      lastRefused = row.line;
      return undefined;
    }
  };

  const tell = (row: Row): Told => {
    untold++;
    const sourcedId = sourcedIdOf(row);
    untold--;
    if (seen.has(sourcedId)) throw new ValueError('sourcedId', 'The same sourcedId stands on an earlier line.');
    seen.add(sourcedId); // listed, though its row may be wrong: it is not ended for that
    lastTold = row.line;
    const alias = aliases.get(sourcedId);
    if (alias?.sourcedId) otherwise.add(alias.sourcedId);
    return { row, sourcedId };
  };

  /** Whether the row is about somebody who was erased; it is then reported, and nothing of it is taken. */
  const isErased = (row: Row, erased: Erased): boolean => {
    const { userIn } = spec;
    if (userIn === undefined || !erased(row.get(userIn))) return false;
    report.erased.push({ file, line: row.line, column: userIn, reason: 'The person was erased, and stays so.' });
    return true;
  };

  const readTold = (
    { row, sourcedId }: Told,
    known: ReadonlySet<string>,
    erased: Erased,
  ): Listed | 'deleted' | undefined => {
    if (isErased(row, erased)) return undefined;
    // Of a person the row of the other sourcedId says it all.
    if (spec.table === 'people' && aliases.has(sourcedId)) return undefined;
    if (spec.concerns && !spec.concerns(row)) return undefined;
    const active = isActive(row.get('status'));
    if (!active && (known.has(sourcedId) || !spec.keepsDeleted)) return 'deleted';
    return {
      sourcedId,
      line: row.line,
      values: spec.values(row, references, reading),
      terms: spec.terms?.(row) ?? [],
      active,
    };
  };

  return {
    /** How many rows it lists. */
    count: () => seen.size,
    isListed: (sourcedId: string): boolean => seen.has(sourcedId) || otherwise.has(sourcedId),
    /** Whether the last row was refused: where a file does not end in a line end, it was cut there. */
    endsRefused: () => lastRefused > 0 && lastRefused >= lastTold,
    /** How many rows may be about anything. */
    untold: () => untold,
    /** The rows of which it is known what they are about. */
    told: (rows: readonly Row[]): Told[] => rows.flatMap((row) => orRefuse(row, () => tell(row)) ?? []),
    read(rows: readonly Told[], known: ReadonlySet<string>, erased: Erased): { listed: Listed[]; deleted: string[] } {
      const listed: Listed[] = [];
      const deleted: string[] = [];
      for (const told of rows) {
        const read = orRefuse(told.row, () => readTold(told, known, erased));
        if (read === 'deleted') deleted.push(told.sourcedId);
        else if (read) listed.push(read);
      }
      return { listed, deleted };
    },
  };
}

function sourcedIdOf(row: Row): string {
  if (row.fault) throw new ValueError('', row.fault);
  const sourcedId = row.get('sourcedId');
  if (sourcedId === '') throw new ValueError('sourcedId', 'It is empty.');
  if (sourcedId.length > 255)
    throw new ValueError('sourcedId', `It has ${sourcedId.length} characters; at most 255 are kept.`);
  return sourcedId;
}
