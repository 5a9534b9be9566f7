import { interleave, median } from '../rounds';
import { type Row, ratio, stated } from '../row';
import { rate } from './express';
import { months, served } from './month-get';

const PROCESSES = 4;
/** The load shares them with the service. */
const CORES = 2;

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
      const left = rate(ofOne) * (CORES - load);
      return [
        ratio(rate(ofFour), rate(ofOne), 'requests/s'),
        stated(load, 'cores', undefined, 'what the load itself took'),
        {
          ...ratio(rate(ofFour), left, 'requests/s', { atLeast: 0.85 }),
          beside: 'one process, times the cores that the load leaves',
        },
      ];
    },
  },
];
