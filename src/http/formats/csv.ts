import { parse } from 'csv-parse/sync';
import { csvOf } from '../../lib/csv';
import { plainCell } from '../../lib/formulas';
import { Problem } from '../../lib/problem';
import { type AnswerFormat, asText, decodeText } from './format';

/** `text/csv` (RFC 4180, RFC 7111) of the one list that a body has: its `columns`, whatever else the body says. */
export function csv(list: string, columns: readonly string[]): AnswerFormat {
  const encode = (value: unknown) => csvOf(columns, (value as Record<string, object[]>)[list]!);
  return {
    types: ['text/csv'],
    decode: (body, charset = 'utf-8') => ({ [list]: rowsOf(textOfSheet(body, charset)) }),
    encode,
    sample: encode,
    describe: asText,
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
  };
}

const ZIP = Buffer.from('PK\u0003\u0004');

/** The text of a file that a spreadsheet has saved: as Unicode text it is UTF-16, whatever it is sent as. */
export function textOfSheet(body: Buffer, charset: string): string {
  if (body.subarray(0, 4).equals(ZIP))
    throw new Problem('BODY_MALFORMED', 'This is a workbook; save it as CSV in the spreadsheet, and send that.');
  const [first, second] = body;
  if (first === 0xff && second === 0xfe) return decodeText(body, 'utf-16le');
  if (first === 0xfe && second === 0xff) return decodeText(body, 'utf-16be');
  return decodeText(body, charset);
}

/** Between the columns that the first line names: spreadsheets separate them by semicolons where the comma is a decimal point, and Unicode text by tabs. */
export function delimiterIn(text: string): string {
  const head = /[^\r\n]+/.exec(text)?.[0] ?? '';
  return [',', '\t', ';'].find((sign) => head.includes(sign)) ?? ',';
}

/** Each line by the names of the first; spreadsheets put a byte order mark before it. */
function rowsOf(text: string): Record<string, string>[] {
  try {
    return parse(text, {
      bom: true,
      delimiter: delimiterIn(text),
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      cast: plainCell,
    });
  } catch (cause) {
    throw new Problem('BODY_MALFORMED', `The body is not CSV: ${(cause as Error).message}.`, { cause });
  }
}
