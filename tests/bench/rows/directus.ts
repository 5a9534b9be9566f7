import { mkdirSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { Lab, LabOptions } from '../lab';
import type { Batch } from '../limits/rows';
import { answerOf } from '../load/answer';
import { expectAll } from '../load/measure';
import { bearer, type Request, wire } from '../load/request';
import { type Directus, runsOn, startDirectus } from '../processes/directus';
import type { Server } from '../processes/rollbook';
import type { Runtime } from '../processes/runtime';
import { interleave, median } from '../rounds';
import { LeftOut, type Row, ratio } from '../row';
import { fileOf, type School } from '../school/build';
import { sectionsUpTo } from '../school/sizes';
import { batch, month, putJson } from '../school/traffic';
import { rate } from './express';
import { expectMarks, marksIn } from './written';

const ITEMS = 1_000;
/** Few enough that neither refuses any. */
const CLIENTS = 8;
const MONTH = ['2025-10-01', '2025-10-31'] as const;

export const directus: Row[] = [
  {
    id: 'B18',
    rollbook: '1,000 marks written by a request',
    limit: 'Directus, the same rows',
    willDo,
    async measure(lab) {
      const { school, server, other } = await sideBySide(lab);
      const requests = lab.quick ? 2 : 5;
      const put = (address: Server['address'], write: (batch: Batch) => Buffer) => async (round: number) => {
        const sections = Array.from({ length: requests }, (_, index) => (round + 1) * requests + index + 1);
        const load = { address, connections: 1, requests: sections.map((section) => write(batch(section, ITEMS))) };
        return (requests * ITEMS) / (await expectAll(lab, 200, load)).seconds;
      };
      const [here, there] = [
        put(server.address, (marks) => putJson(marks, school.client)),
        put(other.address, (marks) => postTo(other, marks)),
      ];
      const [before, beforeThere] = [marksIn(school), rowsOf(other)];
      for (const warmUp of [here, there]) await warmUp(-1);
      const [rollbook, limit] = await interleave(lab.rounds, here, there);
      const written = (lab.rounds + 1) * requests * ITEMS;
      expectMarks(school, before + written);
      if (rowsOf(other) !== beforeThere + written) throw new Error(`Directus has ${rowsOf(other)} rows.`);
      return [ratio(median(rollbook), median(limit), 'rows/s', { atLeast: 60 })];
    },
  },
  {
    id: 'B18',
    rollbook: "a section's month read, 8 clients",
    limit: 'Directus, the same rows',
    willDo,
    async measure(lab) {
      const { school, server, other } = await sideBySide(lab);
      const [first, last] = MONTH;
      const all = sectionsUpTo(school.sections);
      await expectSameMonth(school, other);
      const get = (address: Server['address'], requests: Buffer[]) => () =>
        expectAll(lab, 200, { address, connections: CLIENTS, requests, seconds: lab.seconds });
      const here = get(
        server.address,
        all.map((section) => month(section, bearer(school.client), first)),
      );
      const there = get(
        other.address,
        all.map((section) => wire(monthOf(other, section, first, last))),
      );
      for (const warmUp of [here, there]) await warmUp();
      const [rollbook, limit] = await interleave(lab.rounds, here, there);
      return [ratio(rate(rollbook), rate(limit), 'requests/s', { atLeast: 80 })];
    },
  },
];

function willDo({ node }: Runtime, { directus }: Pick<LabOptions, 'directus'>): boolean {
  return directus !== undefined && runsOn(directus, node);
}

/** Both with the rows of the school, on the same Node. */
async function sideBySide(lab: Lab): Promise<{ school: School; server: Server; other: Directus }> {
  if (!lab.directus) throw new LeftOut('docs/benchmark.md says how to have it');
  if (!runsOn(lab.directus, lab.runtime.node))
    throw new LeftOut('give the Node that Directus is installed for by --node');
  const home = lab.path('directus');
  mkdirSync(home);
  const other = lab.keep(await startDirectus(lab.directus, home, lab.runtime.node));
  await createMarks(other);
  const school = await lab.school();
  const connection = new BetterSqlite3(other.file);
  connection.prepare('attach ? as school').run(fileOf(school));
  // As Directus keeps days on SQLite: midnight in milliseconds.
  connection.exec(
    `insert into marks (section, date, enrollment, status, comment)
      select section_id, unixepoch(date) * 1000, enrollment_id, status, comment from school.marks;
    create index marks_of_section on marks (section, date)`,
  );
  connection.close();
  return { school, server: await lab.serve(school.url), other };
}

/** The collection, by the API. */
async function createMarks(other: Directus): Promise<void> {
  const field = (name: string, type: string) => ({ field: name, type, schema: { is_nullable: false }, meta: {} });
  const id = {
    field: 'id',
    type: 'integer',
    schema: { is_primary_key: true, has_auto_increment: true },
    meta: { hidden: true },
  };
  const fields = [
    id,
    field('section', 'integer'),
    field('date', 'date'),
    field('enrollment', 'integer'),
    field('status', 'integer'),
    field('comment', 'string'),
  ];
  const body = JSON.stringify({ collection: 'marks', schema: {}, meta: {}, fields });
  const { status, body: said } = await answerOf(other.address, wire({ ...postOf(other, '/collections'), body }));
  if (status !== 200) throw new Error(`Directus did not take a collection: ${status} ${said}`);
}

const postOf = ({ token }: Directus, path: string): Request => ({
  method: 'POST',
  path,
  headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
});

const postTo = (other: Directus, { section, marks }: Batch): Buffer =>
  wire({
    ...postOf(other, '/items/marks'),
    body: JSON.stringify(
      marks.map(([date, enrollment, status, comment]) => ({ section, date, enrollment, status, comment })),
    ),
  });

function monthOf({ token }: Directus, section: number, first: string, last: string): Request {
  const filter = { section: { _eq: section }, date: { _between: [first, last] } };
  const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '-1' });
  return { path: `/items/marks?${query}`, headers: { Authorization: `Bearer ${token}` } };
}

/** Directus reads the marks that rollbook has. */
async function expectSameMonth(school: School, other: Directus): Promise<void> {
  const { body } = await answerOf(other.address, wire(monthOf(other, 1, ...MONTH)));
  const { data }: { data: { date: string }[] } = JSON.parse(body.toString());
  const found = data.filter(({ date }) => date >= MONTH[0] && date <= MONTH[1]).length;
  const connection = new BetterSqlite3(fileOf(school), { readonly: true });
  const count = 'select count(*) from marks where section_id = 1 and date >= ? and date <= ?';
  const marks = connection.prepare(count).pluck().get(MONTH);
  connection.close();
  if (found !== marks || found === 0) throw new Error(`Directus reads ${found} marks of ${marks}.`);
}

function rowsOf({ file }: Directus): number {
  const connection = new BetterSqlite3(file, { readonly: true });
  try {
    return connection.prepare('select count(*) from marks').pluck().get() as number;
  } finally {
    connection.close();
  }
}
