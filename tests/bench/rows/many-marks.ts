import { interleave, median } from '../rounds';
import { type Row, ratio } from '../row';
import { months, served } from './month-get';

export const manyMarks: Row[] = [
  {
    id: 'B6',
    rollbook: 'GET one month with 100 million marks in the database (10 million with --quick)',
    limit: 'with 100,000',
    async measure(lab) {
      const large = await lab.build({ marks: lab.quick ? 10_000_000 : 100_000_000 });
      const { school, server } = await served(lab);
      const few = await months(lab, school, server);
      const many = await months(lab, large, await lab.serve(large.url));
      const [ofMany, ofFew] = await interleave(lab.rounds, many, few);
      const at = (percentile: 'p50' | 'p99', atMost: number) => {
        const [large, small] = [ofMany, ofFew].map((results) => median(results.map((result) => result[percentile])));
        return ratio(large!, small!, 'ms', { atMost }, percentile);
      };
      return [at('p50', 1.25), at('p99', 1.5)];
    },
  },
];
