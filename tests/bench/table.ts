import type { Machine } from './machine';
import { type Finding, isMet, type Row } from './row';

/** What came of a row: its findings, or why there are none. */
export interface Outcome {
  readonly row: Pick<Row, 'id' | 'rollbook' | 'limit'>;
  /** The version of the Node that the service and its limit ran on. */
  readonly node: string;
  readonly findings: readonly Finding[];
  /** Not measured; why, and how to have it measured. */
  readonly leftOut?: string;
  /** It went wrong. */
  readonly error?: string;
}

/** A finding as it is read. */
export interface Line {
  readonly id: string;
  /** The major of Node. */
  readonly node: string;
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
  readonly limitFigure: string;
  readonly score: string;
  readonly goal: string;
  readonly met: string;
}

export function linesOf({ row, node, findings, leftOut, error }: Outcome): Line[] {
  const line = { id: row.id, node: node.slice(1).split('.')[0]!, what: row.rollbook, limit: row.limit };
  const none = { limitFigure: '', score: '', goal: '', met: '' };
  if (leftOut !== undefined) return [{ ...line, ...none, figure: `left out: ${leftOut}` }];
  if (error !== undefined) return [{ ...line, ...none, figure: `failed: ${error}`, met: 'no' }];
  return findings.map((finding) => ({
    ...line,
    what: finding.way ? `${row.rollbook}: ${finding.way}` : row.rollbook,
    figure: quantity(finding.rollbook, finding.unit),
    limit: finding.limit === undefined ? '' : (finding.beside ?? row.limit),
    limitFigure: finding.limit === undefined ? '' : quantity(finding.limit, finding.unit),
    score: scoreOf(finding),
    goal: goalOf(finding),
    met: metOf(finding),
  }));
}

/** The lines as a table in Markdown. */
export const tableOf = (lines: readonly Line[]): string =>
  markdown([
    ['row', 'Node', 'rollbook', '', 'limit', '', 'ratio', 'goal', 'met'],
    ...lines.map(({ id, node, what, figure, limit, limitFigure, score, goal, met }) => [
      id,
      node,
      what,
      figure,
      limit,
      limitFigure,
      score,
      goal,
      met,
    ]),
  ]);

/** Rows of cells, the head first, as a table that can also be read as it stands. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => row[column]!.length)));
  const printed = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  return [printed[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...printed.slice(1)].join('\n');
}

const quantity = (value: number, unit: string): string =>
  `${value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 })} ${unit}`;

function scoreOf({ score, scoreUnit, limit }: Finding): string {
  if (!scoreUnit) return score.toFixed(2);
  return limit === undefined ? '' : `+${quantity(score, scoreUnit)}`;
}

function goalOf({ goal, scoreUnit }: Finding): string {
  if (!goal) return 'stated';
  const [word, value] = 'atLeast' in goal ? ['at least', goal.atLeast] : ['at most', goal.atMost];
  return `${word} ${value.toLocaleString('en')} ${scoreUnit}`.trim();
}

const metOf = (finding: Finding): string => ({ true: 'yes', false: 'no', undefined: '' })[`${isMet(finding)}`];

/** Where and when the figures were taken. */
export const captionOf = (machine: Machine, quick: boolean, day: string): string =>
  `${day}, ${quick ? 'quick' : 'full'} run; ${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB, ` +
  `${machine.system}, 4 KB on disk in ${machine.fsyncMs.toFixed(2)} ms, ` +
  `load generator on Node ${machine.node}, which alone reaches ` +
  `${Math.round(machine.generator).toLocaleString('en')} requests/s.`;
