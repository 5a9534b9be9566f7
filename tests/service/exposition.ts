import { spawnSync } from 'node:child_process';

/** A line of the text format: a metric with its labels, and its value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

/**
 * Reads Prometheus' text format 0.0.4 as strictly as its page says: every sample belongs to a metric that has said its help
 * and its type before it, none comes twice, and buckets only grow. Where promtool is installed, it has to be content, too.
 */
export function samplesOf(text: string): Sample[] {
  expect(text.endsWith('\n')).toBe(true);
  const [helped, types, seen] = [new Set<string>(), new Map<string, string>(), new Set<string>()];
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    const [, word, metric = '', rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (word === 'HELP') {
      expect([line, helped.has(metric)]).toEqual([line, false]);
      helped.add(metric);
    } else if (word === 'TYPE') {
      expect(['counter', 'gauge', 'histogram', 'summary']).toContain(rest);
      expect([line, types.has(metric)]).toEqual([line, false]);
      // "An accumulating count [...] has total as a suffix" (Metric and label naming), and nothing else has.
      expect([line, metric.endsWith('_total')]).toEqual([line, rest === 'counter']);
      types.set(metric, rest!);
    } else samples.push(sampleOf(line));
  }
  let before: Sample | undefined;
  for (const sample of samples) {
    const key = `${sample.name} ${JSON.stringify(sample.labels)}`;
    expect([key, seen.has(key)]).toEqual([key, false]);
    seen.add(key);
    const family = types.has(sample.name) ? sample.name : sample.name.replace(/_(bucket|sum|count)$/, '');
    expect([sample.name, helped.has(family), types.has(family)]).toEqual([sample.name, true, true]);
    if (isLarger(before, sample)) expect([key, sample.value]).toEqual([key, Math.max(sample.value, before!.value)]);
    before = sample;
  }
  checkByPromtool(text);
  return samples;
}

function sampleOf(line: string): Sample {
  const [, name, inner = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  let end = 0;
  for (let found = LABEL.exec(inner); found; found = LABEL.exec(inner)) {
    labels[found[1]!] = found[2]!;
    end = LABEL.lastIndex;
  }
  expect([line, end]).toEqual([line, inner.length]);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (value !== 'NaN' && value !== 'Nan') expect([line, number]).not.toEqual([line, Number.NaN]);
  return { name, labels, value: number };
}

/** Whether two samples are of the same histogram, the second with a larger bound. */
const isLarger = (before: Sample | undefined, { name, labels: { le, ...labels } }: Sample): boolean => {
  if (before === undefined || le === undefined || before.name !== name) return false;
  const { le: bound, ...others } = before.labels;
  return JSON.stringify(others) === JSON.stringify(labels) && bound !== '+Inf';
};

let isLeftOut = false;

/** Of Debian's package `prometheus`. */
function checkByPromtool(text: string): void {
  const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (!error) expect([status, stdout, stderr]).toEqual([0, '', '']);
  else if (!isLeftOut) console.warn('promtool is not installed: it was left out.');
  isLeftOut ||= Boolean(error);
}

/** The sum of the samples of a name that have these labels. */
export const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);
