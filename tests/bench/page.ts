import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { type Line, markdown, tableOf } from './table';

const [BEGIN, END] = ['<!-- npm run bench -- --docs -->', '<!-- end of the table -->'];

/** The page of the manual that has the table. */
export const page = join(root, 'docs/benchmark.md');
/** The runs that it shows. */
export const kept = join(root, 'docs/benchmark.json');
/** How many, so that drift shows. */
const RUNS = 3;

/** A run as it is kept. */
export interface Run {
  readonly day: string;
  readonly commit: string;
  /** Where and when the figures were taken. */
  readonly caption: string;
  readonly lines: readonly Line[];
}

/** The text with what stands between the two comments replaced. */
export function withTable(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/benchmark.md lacks ${BEGIN} and ${END}.`);
  return `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`;
}

/** The table of the last run, and what those before it came to. */
export function pageOf(runs: readonly Run[]): string {
  const last = runs.at(-1)!;
  return `${last.caption}\n\n${tableOf(last.lines)}\n\n### The last runs\n\n${driftOf(runs)}\n\n${runs.map(named).join('\n')}`;
}

const named = ({ commit, caption }: Run): string => `- commit ${commit}: ${caption}`;

/** A column a run: the ratio, or the figure where there is none. */
function driftOf(runs: readonly Run[]): string {
  const key = ({ id, node, what, limit }: Line) => JSON.stringify([id, node, what, limit]);
  const found = runs.map(({ lines }) => new Map(lines.map((line) => [key(line), line])));
  const cell = (line: Line | undefined) => (line ? line.score || line.figure : '');
  return markdown([
    ['row', 'Node', 'rollbook', 'limit', ...runs.map(({ day, commit }) => `${day} ${commit}`), 'goal'],
    ...runs
      .at(-1)!
      .lines.map((line) => [
        line.id,
        line.node,
        line.what,
        line.limit,
        ...found.map((lines) => cell(lines.get(key(line)))),
        line.goal,
      ]),
  ]);
}

/** Keeps a run, forgets the oldest, and shows them. */
export function putInPage(run: Omit<Run, 'commit'>): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).toString().trim();
  const runs = [...(JSON.parse(readFileSync(kept, 'utf8')) as Run[]), { ...run, commit }].slice(-RUNS);
  writeFileSync(kept, `${JSON.stringify(runs, null, 2)}\n`);
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), pageOf(runs)));
}
