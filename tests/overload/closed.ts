import { median } from '../bench/rounds';
import { type Bench, MORNING, othersIn, ratePerSecond, refusedIn } from './bench';
import { type Finding, percent } from './finding';
import { mixOf, requestsOf } from './mixes';

/** How long a round lasts, and the protected and the unprotected service take turns, since machines drift. */
const ROUND = 5;

/** Clients that wait for one answer after the other: nobody is refused, and the protection costs next to nothing. */
export async function closed(bench: Bench): Promise<Finding[]> {
  const rounds = Math.max(2, Math.ceil((bench.seconds ?? 60) / ROUND));
  const school = await bench.school();
  const guarded = await bench.serve(school);
  const open = await bench.serve(await bench.school(), false);
  const requests = requestsOf(school);
  const findings: Finding[] = [];
  for (const [what, list] of [
    ['rolls', requests.roll],
    ['a morning', mixOf(requests, MORNING)],
  ] as const)
    for (const connections of [64, 500]) {
      for (const address of [guarded, open]) await bench.closed(address, connections, list, 3);
      const [ratios, rates, p99s, openP99s]: number[][] = [[], [], [], []];
      let [refused, others] = [0, 0];
      for (let round = 0; round < rounds; round++) {
        const once = (address: typeof open) => bench.closed(address, connections, list, ROUND);
        // The other first each time: the disk gets slower as it is written to.
        const [one, other] = round % 2 ? [await once(guarded), await once(open)] : [undefined, await once(open)];
        const with_ = one ?? (await once(guarded));
        refused += refusedIn(with_);
        others += othersIn(with_) + othersIn(other);
        ratios!.push(ratePerSecond(with_) / ratePerSecond(other));
        rates!.push(ratePerSecond(with_));
        p99s!.push(with_.p99);
        openP99s!.push(other.p99);
      }
      const name = `${connections} connections, ${what}`;
      const middle = (list: number[] | undefined) => median(list!);
      findings.push(
        { name: `${name}: refused in ${rounds * ROUND} s`, figure: String(refused), isMet: refused === 0 },
        { name: '  neither answered nor refused', figure: String(others), isMet: others === 0 },
        {
          name: '  throughput, of that with the protection off',
          figure: `${middle(rates).toFixed(0)}/s, ${percent(middle(ratios))}`,
          isMet: middle(ratios) >= 0.95,
        },
        {
          name: '  p99, with the protection off',
          figure: `${middle(p99s).toFixed(0)} ms, ${middle(openP99s).toFixed(0)} ms`,
        },
      );
    }
  return findings;
}
