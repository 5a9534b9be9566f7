import uPlot from 'uplot';
import { t } from '../messages/messages';
import { shortDay } from '../shared/days';
import { percent } from '../shared/rates';
import { axis } from './axis';
import { colour, type Drawing } from './chart';

interface Point {
  readonly date: string;
  /** Between 0 and 1. */
  readonly share: number | null;
  /** How many rolls it rests on. */
  readonly rolls: number;
}

const SECONDS = 1_000;
const dayOf = (seconds: number): string => new Date(seconds * SECONDS).toISOString().slice(0, 10);

/** Shares over time. */
export function line(points: readonly Point[], name: string): Drawing {
  const last = points.map(({ share }) => share !== null).lastIndexOf(true);
  return {
    key: JSON.stringify(points),
    data: [points.map(({ date }) => Date.parse(date) / SECONDS), points.map(({ share }) => share)],
    options: {
      height: 240,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECONDS), 'Etc/UTC'),
      // Until the pointer is over the line, its last point is said.
      hooks: { ready: [(plot) => plot.setLegend({ idx: last })] },
      scales: { y: { range: (_plot, _least, most) => [0, Math.max(most * 1.1, 0.01)] } },
      axes: [
        { ...axis, space: 70, values: (_plot, seconds) => seconds.map((second) => shortDay(dayOf(second))) },
        { ...axis, size: 64, values: (_plot, shares) => shares.map((share) => percent(share)) },
      ],
      series: [
        { label: t('day'), value: (_plot, second) => (second === null ? '' : shortDay(dayOf(second))) },
        {
          label: name,
          stroke: colour('--accent'),
          width: 2,
          points: { show: points.length < 60, size: 6 },
          value: (_plot, share, _series, index) =>
            share === null || index === null
              ? ''
              : t('absence-by.point', { share: percent(share), n: points[index]!.rolls }),
        },
      ],
    },
  };
}
