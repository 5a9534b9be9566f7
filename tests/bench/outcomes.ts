import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, Labs } from './lab';
import type { Runtime } from './processes/runtime';
import { LeftOut, type Row } from './row';
import type { Outcome } from './table';

export interface Given {
  readonly directus?: string | undefined;
  readonly runtimes: readonly Runtime[];
  /** Where profiles of services are put, a folder a row; none are taken without it. */
  readonly profiles?: string | undefined;
}

/** An outcome, and where the profiles of its services are. */
export type Measured = Outcome & { readonly profiles?: string };

/** Measures one row after the other; one that fails does not stop the others. */
export async function outcomesOf(rows: readonly Row[], labs: Labs, given: Given): Promise<Measured[]> {
  const outcomes: Measured[] = [];
  for (const row of rows)
    for (const runtime of runtimesOf(row, given)) {
      const started = performance.now();
      const profiles = given.profiles && join(given.profiles, `${outcomes.length + 1}-${row.id}`);
      const outcome = await outcomeOf(row, labs.on(profiles ? profiled(runtime, profiles) : runtime));
      await labs.clear();
      outcomes.push(profiles ? { ...outcome, profiles } : outcome);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.error(`${row.id}  ${row.rollbook}  Node ${runtime.version}  ${seconds} s`);
    }
  return outcomes;
}

function runtimesOf(row: Row, { runtimes, directus }: Given): readonly Runtime[] {
  if (row.isOfEachNode) return runtimes;
  return [runtimes.find((runtime) => row.willDo?.(runtime, { directus }) ?? true) ?? runtimes[0]!];
}

/** Node writes the profile when the process ends. */
function profiled(runtime: Runtime, folder: string): Runtime {
  mkdirSync(folder, { recursive: true });
  return { ...runtime, flags: [...runtime.flags, '--cpu-prof', `--cpu-prof-dir=${folder}`] };
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
