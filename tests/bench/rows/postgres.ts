import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import { buildSchool } from '../school/build';
import { postgresOf, query } from '../school/postgres';
import { putJson } from '../school/traffic';
import { bareLoop, putter } from './bulk-put';

export const postgres: Row[] = [
  {
    id: 'B10',
    rollbook: 'PostgreSQL: bulk PUT, JSON, 5,000 new marks a request',
    limit: 'INSERT ... SELECT FROM unnest ... ON CONFLICT of the same rows through pg',
    async measure(lab) {
      const databaseOf = await postgresOf(lab);
      const built = await buildSchool(await databaseOf('school'), { marks: 100_000 });
      const [served, bare] = [await databaseOf('served', 'school'), await databaseOf('bare', 'school')];
      const put = await putter(lab, { ...built, url: served }, putJson);
      const [rollbook, limit] = await interleave(lab.rounds, put, await bareLoop(lab, 'postgres', bare));
      await expectSameRows(served, bare);
      return [ratio(median(rollbook), median(limit), 'items/s', { atLeast: 0.5 })];
    },
  },
];

/** A sum over the rows of each table, in whatever order they lie. */
const fingerprint = `
  select (select sum(hashtextextended(concat_ws('|', section_id, date, enrollment_id, status, comment, client_id), 0))
      from marks) as marks,
    (select sum(hashtextextended(concat_ws('|', section_id, date), 0)) from meetings) as meetings,
    (select sum(hashtextextended(concat_ws('|', section_id, date, enrollment_id, to_status, to_comment, api), 0))
      from journal) as journal,
    (select sum(hashtextextended(concat_ws('|', id, revision), 0)) from sections) as sections`;

async function expectSameRows(one: string, other: string): Promise<void> {
  const [served, bare] = [
    JSON.stringify(await query(one, fingerprint)),
    JSON.stringify(await query(other, fingerprint)),
  ];
  if (served !== bare || served.includes('null')) throw new Error(`The rows differ: ${served} and ${bare}.`);
}
