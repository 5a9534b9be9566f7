import type { Lab } from '../lab';
import { type BareWrite, type Batch, CLIENTS } from '../limits/rows';
import { expectAll } from '../load/measure';
import type { Server } from '../processes/rollbook';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import { fileOf, type School } from '../school/build';
import type { Client } from '../school/client';
import { batch, putJson, putXml } from '../school/traffic';
import { expectSameRows } from './written';

export const ITEMS = 5_000;

export const bulkPut: Row[] = [
  {
    id: 'B1',
    rollbook: 'bulk PUT, JSON, 5,000 new marks a request',
    limit: 'better-sqlite3, a loop of prepared upserts of the same rows',
    async measure(lab) {
      const [school, bare] = [await lab.school(), await lab.school()];
      const put = await putter(lab, school, putJson);
      const loop = await bareLoop(lab, 'sqlite', fileOf(bare));
      const [rollbook, limit] = await interleave(lab.rounds, put, loop);
      expectSameRows(school, bare);
      return [ratio(median(rollbook), median(limit), 'items/s', { atLeast: 0.6 })];
    },
  },
  {
    id: 'B2',
    rollbook: 'bulk PUT, XML',
    limit: 'the same in JSON',
    async measure(lab) {
      const [inXml, inJson] = [await lab.school(), await lab.school()];
      const put = await putter(lab, inXml, putXml);
      const [xml, json] = await interleave(lab.rounds, put, await putter(lab, inJson, putJson));
      expectSameRows(inXml, inJson);
      return [ratio(median(xml), median(json), 'items/s', { atLeast: 0.35 })];
    },
  },
];

/** The batches of a round, each a section of its own; round -1 is the warm-up. */
export function batchesOf(lab: Lab, round: number): Batch[] {
  const size = lab.quick ? 8 : 24;
  return Array.from({ length: size }, (_, index) => batch((round + 1) * size + index + 1, ITEMS));
}

/** Items a second that rollbook takes in a round. */
export async function putter(lab: Lab, school: School, write: (batch: Batch, client: Client) => Buffer) {
  const server: Server = await lab.serve(school.url);
  const put = async (round: number): Promise<number> => {
    const requests = batchesOf(lab, round).map((each) => write(each, school.client));
    const load = { address: server.address, connections: CLIENTS, requests };
    const { seconds } = await expectAll(lab, 200, load);
    return (requests.length * ITEMS) / seconds;
  };
  await put(-1);
  return put;
}

/** Items a second that a bare loop writes in a round. */
export async function bareLoop(lab: Lab, name: 'sqlite' | 'postgres', database: string) {
  const worker = lab.limit<BareWrite, number>(name);
  const write = async (round: number): Promise<number> => {
    const batches = batchesOf(lab, round);
    return (batches.length * ITEMS) / ((await worker.ask({ database, batches })) / 1_000);
  };
  await write(-1);
  return write;
}
