import { tmpdir } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { openBench } from './lab';
import { generatorCeiling } from './load/ceiling';
import { machineAt } from './machine';
import { outcomesOf } from './outcomes';
import { putInPage } from './page';
import { own, runtimeOf } from './processes/runtime';
import { isMet } from './row';
import { rows } from './rows';
import { captionOf, type Outcome, tableOf } from './table';

interface Options {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly json: boolean;
  readonly docs: boolean;
  readonly node: readonly string[];
  readonly directus?: string;
  readonly scratch: string;
}

new Command('npm run bench --')
  .description('Measures rollbook beside what its parts do alone. Takes a machine that does nothing else.')
  .option('--quick', 'in under 3 minutes rather than under 20', false)
  .option('--only <ids>', 'some rows, e.g. B1,B4', idsOf)
  .option('--json', 'print one JSON document on stdout', false)
  .option('--docs', 'put the table into docs/benchmark.md', false)
  .option('--node <path>', 'another Node, for the rows of each Node; may be given several times', added, [])
  .option('--directus <folder>', 'where Directus is installed, for B18')
  .option('--scratch <folder>', 'where databases are put, on the disk that is to be measured', tmpdir())
  .action(bench)
  .parseAsync();

function idsOf(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids.filter((id) => !rows.some((row) => row.id === id));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no row ${unknown.join(', ')}.`);
  return ids;
}

function added(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function bench({ quick, only, json, docs, node, directus, scratch }: Options): Promise<void> {
  const runtimes = [own, ...node.map(runtimeOf)];
  const lab = await openBench({ quick, scratch, directus });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => lab.close().finally(() => process.exit(1)));
  try {
    const machine = { ...machineAt(scratch), generator: await generatorCeiling(lab.on(own)) };
    await lab.clear();
    const outcomes = await outcomesOf(
      rows.filter(({ id }) => only?.includes(id) ?? true),
      lab,
      runtimes,
    );
    const day = new Date().toISOString().slice(0, 10);
    const text = `${captionOf(machine, quick, day)}\n\n${tableOf(outcomes)}`;
    if (docs) putInPage(text);
    console.log(json ? JSON.stringify({ day, quick, machine, rows: outcomes.map(asJson) }, null, 2) : text);
    if (outcomes.some(({ error }) => error !== undefined)) process.exitCode = 1;
  } finally {
    await lab.close();
  }
}

function asJson({ findings, ...outcome }: Outcome) {
  return { ...outcome, findings: findings.map((finding) => ({ ...finding, met: isMet(finding) ?? null })) };
}
