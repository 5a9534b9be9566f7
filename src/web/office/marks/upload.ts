import type { DateOrder, ImportReport } from '../../../../schemas/rollbook/marks';
import { t } from '../../messages/messages';
import { call } from '../../shared/api';
import { pathOf } from '../wire';

/** A file as it was when it was chosen: what is imported is what was previewed. */
export interface Chosen {
  readonly name: string;
  readonly bytes: ArrayBuffer;
  /** With its character set: spreadsheets save UTF-8, or Windows-1252. */
  readonly type: string;
}

/** Throws where it is a workbook: what a spreadsheet keeps for itself is no CSV. */
export async function chosen(file: File): Promise<Chosen> {
  if (/\.(xlsx|xlsm|xlsb|xls|ods|numbers)$/i.test(file.name)) throw new Error(t('marks.workbook', { file: file.name }));
  const bytes = await file.arrayBuffer();
  return { name: file.name, bytes, type: `text/csv; charset=${isUtf8(bytes) ? 'utf-8' : 'windows-1252'}` };
}

/** @param order in which days are written, where somebody has said so */
export const preview = (file: Chosen, order?: DateOrder): Promise<ImportReport> =>
  send(file, { dry_run: 1, date_order: order });
export const importMarks = (file: Chosen, order?: DateOrder): Promise<ImportReport> =>
  send(file, { date_order: order });

const send = async ({ bytes, type }: Chosen, query: Parameters<typeof pathOf>[1]): Promise<ImportReport> =>
  (await call<ImportReport>('POST', pathOf('/marks', query), { body: bytes, type })).body;

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
