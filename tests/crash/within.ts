import { clearTimeout, setTimeout } from 'node:timers';

/** How long a step of a round may take on a machine that does much else, in milliseconds. */
export const LONGEST = 120_000;

/** What the work comes to. Throws where it does not come to anything: a run ends with a fault rather than never. */
export async function within<T>(what: string, work: Promise<T>, longest = LONGEST): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${longest / 1_000} seconds.`)), longest);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
