import { call } from '../shared/api';

/** By it a spreadsheet knows that a file is UTF-8, and keeps the accents of names. */
const BYTE_ORDER_MARK = '\ufeff';

/** Asks for a report as CSV and hands it to the browser as a file. */
export async function downloadCsv(path: string, name: string): Promise<void> {
  const { body } = await call<string>('GET', path, { accept: 'text/csv' });
  saveText(body, 'text/csv', `${name}.csv`);
}

/** Hands a text to the browser as a file. */
export function saveText(text: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([BYTE_ORDER_MARK, text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
