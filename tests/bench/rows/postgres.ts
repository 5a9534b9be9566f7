import { Client } from 'pg';
import { startPostgres } from '../../engines/postgres-server';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import { buildSchool } from '../school/build';
import { putJson } from '../school/traffic';
import { bareLoop, putter } from './bulk-put';

export const postgres: Row[] = [
  {
    id: 'B10',
    rollbook: 'PostgreSQL: bulk PUT, JSON, 5,000 new marks a request',
    limit: 'INSERT ... SELECT FROM unnest ... ON CONFLICT of the same rows through pg',
    async measure(lab) {
      // As it is installed: what is committed is on disk.
      const { url } = lab.keep(await startPostgres({ fsync: 'on' }));
      await run(`${url}postgres`, 'create database school');
      const built = await buildSchool(`${url}school`, { marks: 100_000 });
      for (const copy of ['served', 'bare']) await run(`${url}postgres`, `create database ${copy} template school`);
      const put = await putter(lab, { ...built, url: `${url}served` }, putJson);
      const [rollbook, limit] = await interleave(lab.rounds, put, await bareLoop(lab, 'postgres', `${url}bare`));
      await expectSameRows(`${url}served`, `${url}bare`);
      return [ratio(median(rollbook), median(limit), 'items/s', { atLeast: 0.5 })];
    },
  },
];

async function run<Result>(connectionString: string, sql: string): Promise<Result[]> {
  const connection = new Client({ connectionString });
  await connection.connect();
  try {
    return (await connection.query(sql)).rows;
  } finally {
    await connection.end();
  }
}

/** A sum over the rows of each table, in whatever order they lie. */
const fingerprint = `
  select (select sum(hashtextextended(concat_ws('|', section_id, date, enrollment_id, status, comment, client_id), 0))
      from marks) as marks,
    (select sum(hashtextextended(concat_ws('|', section_id, date), 0)) from meetings) as meetings,
    (select sum(hashtextextended(concat_ws('|', section_id, date, enrollment_id, to_status, to_comment, api), 0))
      from journal) as journal,
    (select sum(hashtextextended(concat_ws('|', id, revision), 0)) from sections) as sections`;

async function expectSameRows(one: string, other: string): Promise<void> {
  const [served, bare] = [JSON.stringify(await run(one, fingerprint)), JSON.stringify(await run(other, fingerprint))];
  if (served !== bare || served.includes('null')) throw new Error(`The rows differ: ${served} and ${bare}.`);
}
