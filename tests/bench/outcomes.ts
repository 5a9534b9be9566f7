import type { Lab } from './lab';
import { NotYet, type Row } from './row';
import type { Outcome } from './table';

/** Measures one row after the other; one that fails does not stop the others. */
export async function outcomesOf(rows: readonly Row[], lab: Lab): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    const started = performance.now();
    outcomes.push(await outcomeOf(row, lab));
    await lab.clear();
    console.error(`${row.id}  ${row.rollbook}  ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  }
  return outcomes;
}

async function outcomeOf(row: Row, lab: Lab): Promise<Outcome> {
  try {
    return { row, findings: await row.measure(lab) };
  } catch (error) {
    if (error instanceof NotYet) return { row, findings: [], missing: true };
    return { row, findings: [], error: (error as Error).message.replaceAll(/\s+/g, ' ').slice(0, 200) };
  }
}
