import {
  ImportBody,
  ImportQuery,
  ImportReply,
  type Marks,
  MarksQuery,
  MarksReply,
} from '../../../schemas/rollbook/marks';
import { readByWrite } from '../../audit/read';
import { cursorsBy } from '../../feed/cursors';
import { openEnd } from '../../feed/feed';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { csv, textOfSheet } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Streamed } from '../../http/send';
import { csvOf } from '../../lib/csv';
import { Problem } from '../../lib/problem';
import { exportColumns, openMarksExport } from '../../marks/export';
import { orderOfRows, rowsOfText } from '../../marks/file';
import { openMarksImport, reportColumns } from '../../marks/import';
import type { Dependencies } from '../dependencies';
import { isDryRun, range } from './parameters';

/** Names the cursor after which the changes come that are not in what is read. */
const CHANGES_AFTER = 'Rollbook-Changes-After';
/** As many as a PUT of a section's attendance takes; the command takes any number. */
const MAX_ROWS = 10_000;

/** Rows come as they are in the file, so that each can be answered by its line. */
const upload = {
  ...csv('rows', reportColumns),
  decode: (body: Buffer, charset = 'utf-8') => ({ marks: rowsOfText(textOfSheet(body, charset)) }),
  sample: (body: unknown) => csvOf(['enrollment', 'date', 'status', 'comment'], (body as { marks: object[] }).marks),
};

/** `/marks`: the marks of many sections and days, to take elsewhere and to bring in, in JSON and CSV. */
export function marksEndpoints({ database, ledger, roster, signer }: Dependencies): Endpoint[] {
  const cursors = cursorsBy(signer);
  const endOf = openEnd(database);
  const marks = openMarksExport(database);
  const begin = openMarksImport(database, ledger);
  const read = endpoint({
    method: 'GET',
    path: '/',
    summary: 'Reads the marks of many sections and days',
    headers: {
      [CHANGES_AFTER]: 'The cursor for `after` of `GET /changes`, by which whatever is not in this answer follows.',
    },
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('marks', exportColumns)],
    schemas: { query: MarksQuery, reply: MarksReply },
    async handle({ caller, epoch, query }) {
      const days = range(query);
      const section = query.section ? (await roster.sectionOn(caller, query.section, days)).id : null;
      const school = query.school ? (await roster.one('school', caller, query.school)).id : null;
      // Before the first mark is read: what changes from now on is in the changes, also where the mark shows it already.
      const end = await endOf(database, caller.district);
      const headers = { [CHANGES_AFTER]: cursors.write({ ...caller, epoch }, { ...end, section, school }) };
      const body = new Streamed<Marks>({ marks: marks(caller, { ...days, section, school }) });
      const read = { ...days, school, ...(section !== null && { section }) };
      return { status: 200, headers, body, reads: [read] };
    },
  });
  const write = endpoint({
    method: 'POST',
    path: '/',
    summary: 'Brings in marks of many sections and days',
    scope: 'attendance:write',
    formats: [json, upload],
    schemas: { query: ImportQuery, body: ImportBody, reply: ImportReply },
    async handle({ caller, query, body: { marks } }) {
      const dryRun = isDryRun(query.dry_run);
      if (marks.length > MAX_ROWS)
        throw new Problem(
          'BODY_TOO_LARGE',
          `At most ${MAX_ROWS} rows a request; ${marks.length} were sent. \`rollbook marks import\` takes any number.`,
        );
      const { take, counts, ignored } = begin(caller, { dryRun, dateOrder: query.date_order });
      const { reports: rows, shown } = await take(marks);
      const proven = orderOfRows(marks) ?? null;
      const body = { dry_run: dryRun, counts, ignored: [...ignored], date_order: proven, rows };
      return { status: 200, body, reads: readByWrite(shown) };
    },
  });
  return [read, write];
}
