import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { type Lab, openLab } from './lab';
import { generatorCeiling } from './load/ceiling';
import { machineAt } from './machine';
import { putInReadme } from './readme';
import { isMet, NotYet, type Row } from './row';
import { rows } from './rows';
import { captionOf, type Outcome, tableOf } from './table';

const usage = `npm run bench -- [--quick] [--only B1,B4] [--json] [--readme] [--scratch <folder>]`;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    scratch: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});

const say = (text: string) => process.stderr.write(`${text}\n`);

function chosen(only: string | undefined): readonly Row[] {
  const ids = only?.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids?.filter((id) => !rows.some((row) => row.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}. ${usage}`);
  return ids ? rows.filter(({ id }) => ids.includes(id)) : rows;
}

async function outcomeOf(row: Row, lab: Lab): Promise<Outcome> {
  const started = performance.now();
  try {
    return { row, findings: await row.measure(lab) };
  } catch (error) {
    if (error instanceof NotYet) return { row, findings: [], missing: true };
    return { row, findings: [], error: (error as Error).message };
  } finally {
    await lab.clear();
    say(`${row.id}  ${row.rollbook}  (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  }
}

async function run(): Promise<void> {
  if (options.help) return void process.stdout.write(`${usage}\n`);
  const chosenRows = chosen(options.only);
  const lab = await openLab(options);
  try {
    const machine = { ...machineAt(options.scratch), generator: await generatorCeiling(lab) };
    const outcomes: Outcome[] = [];
    for (const row of chosenRows) outcomes.push(await outcomeOf(row, lab));
    const day = new Date().toISOString().slice(0, 10);
    const text = `${captionOf(machine, options.quick, day)}\n\n${tableOf(outcomes)}\n`;
    if (options.readme) putInReadme(text);
    process.stdout.write(options.json ? `${JSON.stringify(asJson(machine, outcomes, day), null, 2)}\n` : text);
    if (outcomes.some(({ error }) => error !== undefined)) process.exitCode = 1;
  } finally {
    await lab.close();
  }
}

const asJson = (machine: object, outcomes: readonly Outcome[], day: string) => ({
  day,
  quick: options.quick,
  machine,
  rows: outcomes.map(({ row: { id, rollbook, limit }, findings, ...rest }) => ({
    id,
    rollbook,
    limit,
    ...rest,
    findings: findings.map((finding) => ({ ...finding, met: isMet(finding) ?? null })),
  })),
});

run().catch((error: Error) => {
  say(error.stack ?? String(error));
  process.exitCode = 1;
});
