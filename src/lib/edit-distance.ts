/** How many letters have to be put in, taken out or exchanged to make one text of the other (Levenshtein). */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [above, letter] of [...one].entries()) {
    const next = [above + 1];
    for (const [left, opposite] of [...other].entries())
      next.push(Math.min(next[left]! + 1, row[left + 1]! + 1, row[left]! + (letter === opposite ? 0 : 1)));
    row = next;
  }
  return row[other.length]!;
}

/** The names, the one that is nearest to what was written first. */
export const byNearness = (written: string, names: readonly string[]): string[] => {
  const distances = new Map(names.map((name) => [name, editDistance(written, name)]));
  return [...names].sort((one, other) => distances.get(one)! - distances.get(other)!);
};
