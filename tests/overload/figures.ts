import type { Fate } from './arrivals';

export const isAccepted = ([, status]: Fate): boolean => status === 200;
export const isRefused = ([, status]: Fate): boolean => status === 503;
const took = ([, , , milliseconds]: Fate): number => milliseconds;
/** What of it is the generator's own delay. */
export const late = ([, , , , milliseconds]: Fate): number => milliseconds;

/** The time in milliseconds within which 99 of 100 were answered. */
export function p99(fates: readonly Fate[], time = took): number {
  const sorted = fates.map(time).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

export const share = (fates: readonly Fate[], is: (fate: Fate) => boolean): number =>
  fates.filter(is).length / fates.length;

/** What of each kind was refused, e.g. `roll 40 %, month 71 %`. */
export const refusedByKind = (fates: readonly Fate[]): string =>
  [...new Set(fates.map(([kind]) => kind))]
    .map(
      (kind) =>
        `${kind} ${percent(
          share(
            fates.filter((fate) => fate[0] === kind),
            isRefused,
          ),
        )}`,
    )
    .join(', ');

export const isWellAnswered = (fate: Fate, longest: number): boolean => isAccepted(fate) && took(fate) <= longest;

/** After how many seconds came the first in which 99 of 100 were accepted in that time; Infinity where none did. */
export function recoveredAfter(fates: readonly Fate[], longest: number): number {
  const seconds = new Map<number, Fate[]>();
  for (const fate of fates) {
    const second = Math.floor(fate[2] / 1_000);
    seconds.set(second, [...(seconds.get(second) ?? []), fate]);
  }
  const well = [...seconds].filter(([, those]) => share(those, (fate) => isWellAnswered(fate, longest)) >= 0.99);
  return Math.min(...well.map(([second]) => second));
}

export const percent = (part: number, digits = 0): string => `${(part * 100).toFixed(digits)} %`;
