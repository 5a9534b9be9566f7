import type { Bench, Lab } from './lab';
import type { Runtime } from './processes/runtime';
import { LeftOut, type Row } from './row';
import type { Outcome } from './table';

/** Measures one row after the other; one that fails does not stop the others. */
export async function outcomesOf(rows: readonly Row[], bench: Bench, runtimes: readonly Runtime[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const row of rows)
    for (const runtime of row.isOfEachNode ? runtimes : runtimes.slice(0, 1)) {
      const started = performance.now();
      outcomes.push(await outcomeOf(row, bench.on(runtime)));
      await bench.clear();
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.error(`${row.id}  ${row.rollbook}  Node ${runtime.version}  ${seconds} s`);
    }
  return outcomes;
}

async function outcomeOf(row: Row, lab: Lab): Promise<Outcome> {
  const node = lab.runtime.version;
  try {
    return { row, node, findings: await row.measure(lab) };
  } catch (error) {
    const message = (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 200);
    return { row, node, findings: [], ...(error instanceof LeftOut ? { leftOut: message } : { error: message }) };
  }
}
