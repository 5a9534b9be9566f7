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

const head = ['row', 'Node', 'rollbook', '', 'limit', '', 'ratio', 'goal', 'met'];

/** The outcomes as a table in Markdown that can also be read as it stands. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const lines = [head, ...outcomes.flatMap(linesOf)];
  const widths = head.map((_, column) => Math.max(3, ...lines.map((line) => line[column]!.length)));
  const printed = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`);
  return [printed[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...printed.slice(1)].join('\n');
}

function linesOf({ row: { id, rollbook, limit }, node, findings, leftOut, error }: Outcome): string[][] {
  const major = node.slice(1).split('.')[0]!;
  if (leftOut !== undefined) return [[id, major, rollbook, `left out: ${leftOut}`, limit, '', '', '', '']];
  if (error !== undefined) return [[id, major, rollbook, `failed: ${error}`, limit, '', '', '', 'no']];
  return findings.map((finding) => [
    id,
    major,
    finding.way ? `${rollbook}: ${finding.way}` : rollbook,
    quantity(finding.rollbook, finding.unit),
    ...(finding.limit === undefined ? ['', ''] : [finding.beside ?? limit, quantity(finding.limit, finding.unit)]),
    scoreOf(finding),
    goalOf(finding),
    metOf(finding),
  ]);
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
  return `${word} ${value} ${scoreUnit}`.trim();
}

const metOf = (finding: Finding): string => ({ true: 'yes', false: 'no', undefined: '' })[`${isMet(finding)}`];

/** Where and when the figures were taken. */
export const captionOf = (machine: Machine, quick: boolean, day: string): string =>
  `${day}, ${quick ? 'quick' : 'full'} run; ${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB, ` +
  `${machine.system}, 4 KB on disk in ${machine.fsyncMs.toFixed(2)} ms, Node ${machine.node}; ` +
  `the load generator alone reaches ${Math.round(machine.generator).toLocaleString('en')} requests/s.`;
