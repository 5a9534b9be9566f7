import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { openLabs } from './lab';
import { generatorCeiling } from './load/ceiling';
import { machineAt } from './machine';
import { type Measured, outcomesOf } from './outcomes';
import { putInPage } from './page';
import { own, runtimeOf } from './processes/runtime';
import { summaryOf } from './profile';
import { isMet } from './row';
import { rows } from './rows';
import { captionOf, linesOf, type Outcome, tableOf } from './table';

interface Options {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly json: boolean;
  readonly docs: boolean;
  readonly node: readonly string[];
  readonly directus?: string;
  /** `true` without a folder. */
  readonly profile?: string | true;
  readonly scratch: string;
}

new Command('npm run bench --')
  .description('Measures rollbook beside what its parts do alone. Takes a machine that does nothing else.')
  .option('--quick', 'in under 4 minutes rather than in half an hour', false)
  .option('--only <ids>', 'some rows, e.g. B1,B4', idsOf)
  .option('--json', 'print one JSON document on stdout', false)
  .option('--docs', 'put the table into docs/benchmark.md: of a full run with all rows', false)
  .option('--node <path>', 'another Node, for B3, B4, B7 and B13; may be given several times', added, [])
  .option('--directus <folder>', 'where Directus is installed, for B18')
  .option('--profile [folder]', 'say what the services spent their time in; keep the profiles in the folder')
  .option('--scratch <folder>', 'where databases are put, on the disk that is to be measured', tmpdir())
  .action(bench)
  .parseAsync();

function idsOf(list: string): string[] {
  return list.split(',').map((text) => {
    const row = rows.find(({ id }) => id.toLowerCase() === text.trim().toLowerCase());
    if (!row) throw new InvalidArgumentError(`There is no row ${text.trim()}.`);
    return row.id;
  });
}

function added(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function bench(options: Options, command: Command): Promise<void> {
  const { quick, only, json, docs, node, directus, scratch } = options;
  if (docs && (quick || only)) command.error('--docs takes a full run with all rows: no --quick, no --only.');
  const profiles = options.profile === true ? mkdtempSync(join(scratch, 'rollbook-profiles-')) : options.profile;
  const runtimes = [own, ...node.map(runtimeOf)];
  const labs = await openLabs({ quick, scratch, directus });
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => labs.close().finally(() => process.exit(1)));
  try {
    const machine = { ...machineAt(scratch), generator: await generatorCeiling(labs.on(own)) };
    await labs.clear();
    const chosen = rows.filter(({ id }) => only?.includes(id) ?? true);
    const outcomes = await outcomesOf(chosen, labs, { runtimes, profiles, directus });
    const day = new Date().toISOString().slice(0, 10);
    const caption = captionOf(machine, quick, day);
    const lines = outcomes.flatMap(linesOf);
    if (docs) putInPage({ day, caption, lines });
    if (json) console.log(JSON.stringify({ day, quick, machine, rows: outcomes.map(asJson) }, null, 2));
    else console.log([`${caption}\n\n${tableOf(lines)}`, ...outcomes.flatMap(profileOf)].join('\n\n'));
    if (outcomes.some(({ error }) => error !== undefined)) process.exitCode = 1;
  } finally {
    await labs.close();
    if (profiles && options.profile === true) rmSync(profiles, { recursive: true });
  }
}

function asJson({ findings, ...outcome }: Outcome) {
  return { ...outcome, findings: findings.map((finding) => ({ ...finding, met: isMet(finding) ?? null })) };
}

const profileOf = ({ row, node, profiles }: Measured): string[] =>
  profiles ? [`## ${row.id} on Node ${node}: ${row.rollbook}\n\n${summaryOf(profiles)}`] : [];
