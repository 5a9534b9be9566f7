import { isAccepted, isRefused, late, p99, type Sent } from '../load/arrivals';
import { bearer } from '../load/request';
import { type Row, stated } from '../row';
import type { School } from '../school/build';
import { dayAfter } from '../school/days';
import { FREE_FROM, MARKS_OF_A_SECTION, sectionsUpTo } from '../school/sizes';
import { MARKS_OF_A_ROLL, month, putJson, roll } from '../school/traffic';
import { expectMarks, marksIn } from './written';

/** New York City: a roll of each section within two minutes. */
const ROLLS = 45_600;
const PER_SECOND = ROLLS / 120;
const CONNECTIONS = 2_000;
/** The month with the day of the roll. */
const MONTH = dayAfter(FREE_FROM, -29);
/** How many others take their roll before a page, once opened, is saved, and before it is read again: half a second. */
const BETWEEN = PER_SECOND / 2;

export const firstPeriod: Row[] = [
  {
    id: 'B15',
    rollbook: 'the first period as it comes, 380 rolls a second, for 120 s (5 s with --quick)',
    limit: '',
    async measure(lab) {
      const rolls = lab.quick ? PER_SECOND * 5 : ROLLS;
      const school = await lab.build({ marks: rolls * MARKS_OF_A_SECTION });
      const before = marksIn(school);
      const { address } = await lab.serve(school.url);
      const fates = await lab.come({
        address,
        requests: requestsOf(school),
        perSecond: 3 * PER_SECOND,
        connections: CONNECTIONS,
        mostConnections: CONNECTIONS,
      });
      const refused = fates.filter(isRefused).length;
      const failed = fates.filter((fate) => !isAccepted(fate) && !isRefused(fate)).length;
      if (failed > 0) throw new Error(`${failed} requests were neither answered nor refused.`);
      const taken = fates.filter((fate) => fate[0] === 'roll' && isAccepted(fate)).length;
      expectMarks(school, before + taken * MARKS_OF_A_ROLL);
      const p99Of = (kind: 'roll' | 'read') => p99(fates.filter((fate) => fate[0] === kind));
      return [
        stated(refused, 'requests', { atMost: 0 }, 'refused'),
        stated(p99Of('roll'), 'ms', { atMost: 250 }, 'p99 of a roll'),
        stated(p99Of('read'), 'ms', { atMost: 250 }, 'p99 of a GET'),
        stated(p99(fates, late), 'ms', undefined, 'of which the load generator was late, p99'),
      ];
    },
  },
];

/** Each teacher opens the month, saves the roll and reads the month again; others do so meanwhile. */
function requestsOf({ sections, client }: School): Sent[] {
  const all = sectionsUpTo(sections);
  const read = (section: number): Sent => ({ kind: 'read', bytes: month(section, bearer(client), MONTH) });
  const steps = all.flatMap((section, at): { at: number; sent: Sent }[] => [
    { at, sent: read(section) },
    { at: at + BETWEEN, sent: { kind: 'roll', bytes: putJson(roll(section, 0), client) } },
    { at: at + 2 * BETWEEN, sent: read(section) },
  ]);
  return steps.sort((one, other) => one.at - other.at).map(({ sent }) => sent);
}
