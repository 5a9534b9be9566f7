import { parse } from 'csv-parse/sync';
import { csvOf, plainCell } from '../../csv';
import { Problem } from '../../errors';
import { decodeText } from './charset';
import type { AnswerFormat } from './format';

/** `text/csv` (RFC 4180, RFC 7111) of the one list that a body has: its `columns`, whatever else the body says. */
export const csv = (list: string, columns: readonly string[]): AnswerFormat => ({
  types: ['text/csv'],
  decode: (body, charset = 'utf-8') => ({ [list]: rowsOf(decodeText(body, charset)) }),
  encode: (value) => csvOf(columns, (value as Record<string, object[]>)[list]!),
  parts: {
    open: csvOf(columns, []),
    close: '',
    property: () => '',
    list: {
      begin: () => '',
      items: (_name, items) => csvOf(columns, items as object[], { header: false }),
      end: () => '',
    },
  },
});

/** Each line by the names of the first; spreadsheets put a byte order mark before it. */
function rowsOf(text: string): Record<string, string>[] {
  try {
    return parse(text, {
      bom: true,
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      cast: plainCell,
    });
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not CSV: ${(cause as Error).message}.`, { cause });
  }
}
