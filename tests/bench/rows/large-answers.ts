import { setTimeout as pause } from 'node:timers/promises';
import type { Lab } from '../lab';
import type { LoadResult } from '../load/load';
import { expectAll } from '../load/measure';
import { bearer } from '../load/request';
import { peakWhile, residentSet } from '../processes/memory';
import type { Server } from '../processes/rollbook';
import { above, type Finding, type Row, stated } from '../row';
import { schoolDays, sectionsUpTo } from '../school/sizes';
import { batch, everything, month, putJson } from '../school/traffic';
import { expectMarks, marksIn } from './written';

const STUDENTS = Math.ceil(1_000_000 / schoolDays.length);
const ITEMS = 10_000;
const CLIENTS = 100;

export const largeAnswers: Row[] = [
  {
    id: 'B12',
    rollbook: '1 million marks in one answer',
    limit: 'at rest',
    async measure(lab) {
      const school = await lab.build({ marks: 100_000, assembly: STUDENTS });
      const server = await lab.serve(school.url);
      const requests = [everything(school.assembly, school.client)];
      const [read, memory] = await memoryAbove(lab, server, month(1, bearer(school.client)), () =>
        expectAll(lab, 200, { address: server.address, connections: 1, requests }),
      );
      if (read.bytes < 50 * STUDENTS * schoolDays.length) throw new Error(`The answer had only ${read.bytes} bytes.`);
      return [memory, stated(read.firstByte, 'ms', { atMost: 50 }, 'first byte')];
    },
  },
  {
    id: 'B12',
    rollbook: '100 clients PUT 10,000 items each',
    limit: 'at rest',
    async measure(lab) {
      const school = await lab.school();
      const server = await lab.serve(school.url);
      const before = marksIn(school);
      const requests = sectionsUpTo(CLIENTS).map((section) => putJson(batch(section, ITEMS), school.client));
      const [, memory] = await memoryAbove(lab, server, month(1, bearer(school.client)), () =>
        expectAll(lab, 200, { address: server.address, connections: CLIENTS, requests, triesAgain: true }),
      );
      expectMarks(school, before + CLIENTS * ITEMS);
      return [memory];
    },
  },
];

/** The peak of the resident set above what it is at rest: after a few small requests, a second later. */
async function memoryAbove(
  lab: Lab,
  { address, pid }: Server,
  small: Buffer,
  work: () => Promise<LoadResult>,
): Promise<[LoadResult, Finding]> {
  await expectAll(lab, 200, { address, connections: 1, requests: Array(20).fill(small) });
  await pause(1_000);
  const rest = residentSet(pid)!;
  const [result, peak] = await peakWhile(pid, work);
  return [result, above(peak, rest, 'MB', { atMost: 100 }, 'resident set')];
}
