import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { isAccepted, isRefused, p99 } from '../bench/load/arrivals';
import { type Bench, MORNING, ratePerSecond } from './bench';
import type { Finding } from './finding';
import { mixOf, requestsOf } from './mixes';

/** A machine on which another program burns every core: nobody is refused at half of what is left. */
export async function busy(bench: Bench): Promise<Finding[]> {
  const seconds = bench.seconds ?? 30;
  const school = await bench.school();
  const address = await bench.serve(school);
  const mix = mixOf(requestsOf(school), MORNING);
  await bench.closed(address, 64, mix, 3);
  const alone = ratePerSecond(await bench.closed(address, 64, mix, 4));
  const burners = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    const left = ratePerSecond(await bench.closed(address, 64, mix, 6));
    const fates = await bench.come({ address, requests: mix, perSecond: left / 2, seconds });
    const refused = fates.filter(isRefused).length;
    const others = fates.length - refused - fates.filter(isAccepted).length;
    return [
      {
        name: `every core burnt by others, half of what is left, ${seconds} s`,
        figure: `${(fates.length / seconds).toFixed(0)}/s came, capacity ${left.toFixed(0)}/s of ${alone.toFixed(0)}/s`,
      },
      { name: '  refused', figure: String(refused), isMet: refused === 0 },
      { name: '  neither answered nor refused', figure: String(others), isMet: others === 0 },
      { name: '  p99', figure: `${p99(fates).toFixed(0)} ms` },
    ];
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
  }
}
