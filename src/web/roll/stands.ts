import { keep, kept } from '../shared/kept';
import type { Seen } from './marks';

const PREFIX = 'roll.';

export const keptStand = (key: string): Seen | undefined => kept<Seen>(PREFIX + key);

/** Keeps how a roll stands, unless what is kept is newer. */
export function keepStand(key: string, seen: Seen): void {
  if (seen.at >= (keptStand(key)?.at ?? 0)) keep(PREFIX + key, seen);
}

/** The key of the roll of which something is kept under a name; undefined where it is of something else. */
export const rollIn = (name: string | undefined): string | undefined =>
  name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
