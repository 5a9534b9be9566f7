import type { Expected } from './client';
import type { Entries, Entry } from './entry';

const textOf = (entry: Entry | undefined): string =>
  entry
    ? `mark ${entry.mark ?? '-'} | beside ${entry.beside ?? '-'} | journal ${entry.journal.join(' ; ') || '-'}`
    : '';
const EMPTY = 'mark - | beside - | journal -';
/** How many differences are printed. */
const SHOWN = 5;

/** Which of the entries, ours or there, do not stand as they should. */
export function differences(expected: Entries, stands: Entries): string[] {
  const keys = new Set([...expected.keys(), ...stands.keys()]);
  return [...keys].flatMap((key) => {
    const [should, does] = [expected, stands].map((entries) => textOf(entries.get(key)) || EMPTY);
    return should === does ? [] : [`enrollment and date ${key}:\n  expected ${should}\n  stood    ${does}`];
  });
}

/**
 * Says what is wrong with a client's entries; nothing where all it was told of is there, and its last request, if its
 * fate is unknown, is there as a whole or not at all.
 */
export function faultsOf({ name, before, after }: Expected, stands: Entries): string[] {
  const ifAbsent = differences(before, stands);
  if (ifAbsent.length === 0) return [];
  const ifWhole = after && differences(after, stands);
  if (ifWhole?.length === 0) return [];
  const shown = (found: readonly string[]) => [...found.slice(0, SHOWN), `${found.length} in all`].join('\n');
  return [
    `${name}: what was acknowledged does not stand:\n${shown(ifAbsent)}`,
    ...(ifWhole ? [`${name}: nor does it with the request that was not acknowledged:\n${shown(ifWhole)}`] : []),
  ];
}
