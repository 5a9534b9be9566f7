import { call } from '../../shared/api';

/** What became of a row of a file, or would; see `schemas/rollbook/marks.post.reply.json`. */
export interface RowReport {
  readonly line: number;
  readonly section: string;
  readonly student: string;
  readonly date: string;
  readonly from: string;
  readonly to: string;
  readonly comment: string;
  readonly outcome: 'changed' | 'unchanged' | 'refused';
  readonly message: string;
  readonly warning: string;
}

export interface Report {
  readonly counts: Readonly<Record<RowReport['outcome'], number>>;
  /** Columns that were not read. */
  readonly ignored: readonly string[];
  readonly rows: readonly RowReport[];
}

/** A file as it was when it was chosen: what is imported is what was previewed. */
export interface Chosen {
  readonly name: string;
  readonly bytes: ArrayBuffer;
  /** With its character set: spreadsheets save UTF-8, or Windows-1252. */
  readonly type: string;
}

export async function chosen(file: File): Promise<Chosen> {
  const bytes = await file.arrayBuffer();
  return { name: file.name, bytes, type: `text/csv; charset=${isUtf8(bytes) ? 'utf-8' : 'windows-1252'}` };
}

export const preview = (file: Chosen): Promise<Report> => send(file, '?dry_run=1');
export const importMarks = (file: Chosen): Promise<Report> => send(file, '');

const send = async ({ bytes, type }: Chosen, query: string): Promise<Report> =>
  (await call<Report>('POST', `/marks${query}`, { body: bytes, type })).body;

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
