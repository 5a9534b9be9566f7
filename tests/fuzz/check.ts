import fc from 'fast-check';

/**
 * Holds so many made-up values against a property. What fails is shrunk, and its error thrown with what it takes to
 * make it again.
 */
export async function check<Value>(
  values: fc.Arbitrary<Value>,
  hold: (value: Value) => Promise<void>,
  { numRuns, seed }: { numRuns: number; seed?: number | undefined },
): Promise<void> {
  const { failed, errorInstance, counterexamplePath, ...run } = await fc.check(fc.asyncProperty(values, hold), {
    numRuns,
    ...(seed !== undefined && { seed }),
  });
  if (failed) throw new Error(`${errorInstance}\nseed ${run.seed}, path ${counterexamplePath}`);
}
