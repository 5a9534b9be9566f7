import { readFileSync } from 'node:fs';

/** The resident set of a process in MB, as Linux tells it; undefined once it has ended. */
export function residentSet(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1_024) / 1e6;
  } catch {
    return undefined;
  }
}

/** Does the work and tells the largest resident set that the process had meanwhile in MB, looking 100 times a second. */
export async function peakWhile<Result>(pid: number, work: () => Promise<Result>): Promise<[Result, peak: number]> {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, residentSet(pid) ?? 0);
  };
  const timer = setInterval(look, 10);
  try {
    const result = await work();
    look();
    return [result, peak];
  } finally {
    clearInterval(timer);
  }
}
