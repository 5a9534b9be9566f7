import type { Row } from './csv';
import type { FileSpec } from './files/spec';
import type { Listed } from './merge';
import type { References } from './references';
import type { ImportReport } from './report';
import { isActive, ValueError } from './values';

/** Tells rows that are understood from those that are refused, and remembers which sourcedIds were listed. */
export function readerOf(spec: FileSpec, file: string, references: References, report: ImportReport) {
  const seen = new Set<string>();
  const refuse = (line: number, column: string, reason: string) => {
    report.refused.push({ file, line, column, reason });
    report.counts[spec.file].refused++;
  };

  const readRow = (row: Row, known: ReadonlySet<string>): Listed | 'deleted' | undefined => {
    const sourcedId = sourcedIdOf(row);
    if (seen.has(sourcedId)) throw new ValueError('sourcedId', 'The same sourcedId stands on an earlier line.');
    seen.add(sourcedId); // listed, though its row may be wrong: it is not ended for that
    if (spec.concerns && !spec.concerns(row)) return undefined;
    const active = isActive(row.get('status'));
    if (!active && (known.has(sourcedId) || !spec.keepsDeleted)) return 'deleted';
    const values = spec.values(row, references);
    for (const [column, value] of Object.entries(values))
      if (typeof value === 'string' && value.includes('\u0000'))
        throw new ValueError(column, 'There is a NUL character in it.');
    return { sourcedId, values, active };
  };

  return {
    seen: seen as ReadonlySet<string>,
    read(rows: readonly Row[], known: ReadonlySet<string>): { listed: Listed[]; deleted: string[] } {
      const listed: Listed[] = [];
      const deleted: string[] = [];
      for (const row of rows) {
        try {
          const read = readRow(row, known);
          if (read === 'deleted') deleted.push(row.get('sourcedId'));
          else if (read) listed.push(read);
        } catch (error) {
          if (!(error instanceof ValueError)) throw error;
          refuse(row.line, error.column, error.message);
        }
      }
      return { listed, deleted };
    },
  };
}

function sourcedIdOf(row: Row): string {
  const sourcedId = row.get('sourcedId');
  if (sourcedId === '') throw new ValueError('sourcedId', 'It is empty.');
  if (sourcedId.length > 255)
    throw new ValueError('sourcedId', `It has ${sourcedId.length} characters; at most 255 are kept.`);
  if (sourcedId.includes('\u0000')) throw new ValueError('sourcedId', 'There is a NUL character in it.');
  return sourcedId;
}
