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

/** Seconds to the end of the last half second in which somebody was refused or waited longer; 0 where there is none. */
export function recoveredAfter(fates: readonly Fate[], longest: number): number {
  const halves = new Map<number, Fate[]>();
  for (const fate of fates) {
    const half = Math.floor(fate[2] / 500);
    halves.set(half, [...(halves.get(half) ?? []), fate]);
  }
  const bad = [...halves].filter(([, those]) => those.some((fate) => !isAccepted(fate)) || p99(those) > longest);
  return bad.length === 0 ? 0 : (Math.max(...bad.map(([half]) => half)) + 1) / 2;
}

export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
