import uPlot from 'uplot';
import { axis, FONT } from './axis';
import { colour, type Drawing } from './chart';

interface Bar {
  readonly label: string;
  readonly value: number;
}

const BAR = 30;
const AXIS = 44;
/** Beside a label. */
const MARGIN = 24;

/** Bars that lie, so that there is room for names; `said` is how a value reads. */
export function bars(list: readonly Bar[], said: (value: number) => string): Drawing {
  const indexes = list.map((_bar, index) => index);
  const most = Math.max(...list.map(({ value }) => value));
  return {
    key: JSON.stringify(list),
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
        {
          ...axis,
          side: 3,
          grid: { show: false },
          size: widthOf,
          splits: () => indexes,
          values: (plot) => list.map(({ label, value }) => fitted(plot, label, said(value))),
        },
        { ...axis, side: 2, space: 70, values: (_plot, values) => values.map(said) },
      ],
      series: [
        {},
        { fill: colour('--accent'), width: 0, points: { show: false }, paths: uPlot.paths.bars!({ size: [0.6, BAR] }) },
      ],
    },
  };
}

/** A name and its value as far as there is room: half of the picture is for the bars. */
function fitted({ ctx, width }: uPlot, label: string, value: string): string {
  const room = width / 2 - MARGIN;
  ctx.save();
  ctx.font = FONT;
  const isTooWide = (name: string) => ctx.measureText(`${name}  ${value}`).width > room;
  let name = label;
  for (let length = label.length - 1; length > 0 && isTooWide(name); length--)
    name = `${label.slice(0, length).trimEnd()}…`;
  ctx.restore();
  return `${name}  ${value}`;
}

/** As wide as the widest of the labels. */
function widthOf({ ctx }: uPlot, labels: readonly string[] | null): number {
  ctx.save();
  ctx.font = FONT;
  const widths = (labels ?? []).map((label) => ctx.measureText(label).width);
  ctx.restore();
  return Math.ceil(Math.max(0, ...widths)) + MARGIN;
}
