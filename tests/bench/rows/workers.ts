import { interleave, median } from '../rounds';
import { type Row, ratio, stated } from '../row';
import { months, rate, served } from './month-get';

const PROCESSES = 4;

export const workers: Row[] = [
  {
    id: 'B9',
    rollbook: 'GET one month from 4 processes behind one port, 2 cores',
    limit: 'one process',
    async measure(lab) {
      const { school, server } = await served(lab);
      const four = await months(lab, school, await lab.serve(school.url, '--workers', String(PROCESSES)));
      for (let warmed = 1; warmed < PROCESSES; warmed++) await four(); // each of them has to be warm
      const [ofFour, ofOne] = await interleave(lab.rounds, four, await months(lab, school, server));
      const load = median(ofFour.map(({ cpu, seconds }) => cpu / seconds));
      return [
        ratio(rate(ofFour), rate(ofOne), 'requests/s', { atLeast: 1.7 }),
        // On a machine of two cores, it is of these two.
        stated(load, 'cores', undefined, 'what the load itself took'),
      ];
    },
  },
];
