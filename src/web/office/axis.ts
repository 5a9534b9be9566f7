import type uPlot from 'uplot';
import { colour } from './chart';

export const FONT = '13px system-ui, sans-serif';

/** How axes look. */
export const axis: uPlot.Axis = {
  stroke: colour('--quiet'),
  font: FONT,
  grid: { stroke: colour('--line'), width: 1 },
  ticks: { stroke: colour('--line'), width: 1 },
};
