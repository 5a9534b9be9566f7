/** Takes turns, A B A B, so that a machine that drifts does so for both. */
export async function interleave<A, B>(
  rounds: number,
  a: (round: number) => Promise<A>,
  b: (round: number) => Promise<B>,
): Promise<[A[], B[]]> {
  const [ofA, ofB]: [A[], B[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ofA.push(await a(round));
    ofB.push(await b(round));
  }
  return [ofA, ofB];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
