type Measure<Result> = (round: number) => Promise<Result>;

/** Takes turns, A B A B, so that a machine that drifts does so for all; what each has measured, round by round. */
export async function interleave<Results extends unknown[]>(
  rounds: number,
  ...measures: { [Each in keyof Results]: Measure<Results[Each]> }
): Promise<{ [Each in keyof Results]: Results[Each][] }> {
  const measured: unknown[][] = measures.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, measure] of measures.entries()) measured[index]!.push(await measure(round));
  return measured as { [Each in keyof Results]: Results[Each][] };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
