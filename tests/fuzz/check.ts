import fc from 'fast-check';

interface Budget {
  readonly numRuns: number;
  readonly seed?: number | undefined;
}

/** After which no more is made or shrunk, in milliseconds: what failed is to be told before a test runs out of time. */
const LONGEST = 50_000;

/**
 * Holds so many made-up values against a property. What fails is shrunk, and its error thrown with what it takes to
 * make it again.
 */
export async function check<Value>(
  values: fc.Arbitrary<Value>,
  hold: (value: Value) => Promise<void>,
  { numRuns, seed }: Budget,
): Promise<void> {
  const { failed, errorInstance, counterexamplePath, ...run } = await fc.check(fc.asyncProperty(values, hold), {
    numRuns,
    ...(seed === undefined ? { interruptAfterTimeLimit: LONGEST } : { seed }),
  });
  if (failed) throw new Error(`${errorInstance}\nseed ${run.seed}, path ${counterexamplePath}`);
}
