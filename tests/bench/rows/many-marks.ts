import type { Lab } from '../lab';
import type { LoadResult } from '../load/load';
import { steady } from '../load/measure';
import { bearer } from '../load/request';
import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import type { School } from '../school/build';
import { dayAfter } from '../school/days';
import { month } from '../school/traffic';

/** How many different months are asked for, on either side, so that neither lives on what it remembers. */
const MONTHS = 20_000;

export const manyMarks: Row[] = [
  {
    id: 'B6',
    rollbook: 'GET one month with 100 million marks in the database (10 million with --quick)',
    limit: 'with 100,000',
    async measure(lab) {
      const many = await reading(lab, await lab.build({ marks: lab.quick ? 10_000_000 : 100_000_000 }));
      const few = await reading(lab, await lab.school());
      const [ofMany, ofFew] = await interleave(lab.rounds, many, few);
      const at = (percentile: 'p50' | 'p99', atMost: number) => {
        const [large, small] = [ofMany, ofFew].map((results) => median(results.map((result) => result[percentile])));
        return ratio(large!, small!, 'ms', { atMost }, percentile);
      };
      return [at('p50', 1.25), at('p99', 1.5)];
    },
  },
];

async function reading(lab: Lab, school: School): Promise<() => Promise<LoadResult>> {
  const { address } = await lab.serve(school.url);
  return steady(lab, address, scattered(school));
}

/** Months of sections all over the database, in an order that no index follows; of a few sections, many months. */
function scattered({ sections, client }: School): Buffer[] {
  const step = 7_919; // a prime: each section comes once before any comes again
  return Array.from({ length: MONTHS }, (_, index) => {
    const start = dayAfter('2025-09-01', Math.floor(index / sections));
    return month(((index * step) % sections) + 1, bearer(client), start);
  });
}
