import uPlot from 'uplot';
import { axis, FONT } from './axis';
import { colour, type Drawing } from './chart';

interface Bar {
  readonly label: string;
  readonly value: number;
}

const BAR = 30;
const AXIS = 44;
const LABEL = 28;

/** Bars that lie, so that there is room for names; `said` is how a value reads. */
export function bars(list: readonly Bar[], said: (value: number) => string): Drawing {
  const indexes = list.map((_bar, index) => index);
  const names = list.map(({ label, value }) => `${cut(label)}  ${said(value)}`);
  const most = Math.max(...list.map(({ value }) => value));
  return {
    key: JSON.stringify(names),
    data: [indexes, list.map(({ value }) => value)],
    options: {
      height: list.length * BAR + AXIS,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, ori: 1, dir: -1, range: () => [-0.5, list.length - 0.5] },
        y: { ori: 0, dir: 1, range: () => [0, most * 1.05 || 1] },
      },
      axes: [
        { ...axis, side: 3, grid: { show: false }, size: widthOf, splits: () => indexes, values: () => names },
        { ...axis, side: 2, space: 70, values: (_plot, values) => values.map(said) },
      ],
      series: [
        {},
        { fill: colour('--accent'), width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.6, BAR] }) },
      ],
    },
  };
}

const cut = (label: string): string => (label.length > LABEL ? `${label.slice(0, LABEL - 1)}…` : label);

/** As wide as the widest of the labels. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null): number {
  ctx.save();
  ctx.font = FONT;
  const widths = (labels ?? []).map((label) => ctx.measureText(label).width);
  ctx.restore();
  return Math.ceil(Math.max(0, ...widths)) + 24;
}
