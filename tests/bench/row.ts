import type { Lab, LabOptions } from './lab';
import type { Runtime } from './processes/runtime';

/** A row of the table: what rollbook does, beside the limit that is measured in the same run. */
export interface Row {
  /** As the issue of speed has it; several rows may share one. */
  readonly id: string;
  readonly rollbook: string;
  readonly limit: string;
  /** Measured on every Node that was given; other rows on the one that the benchmark itself runs on. */
  readonly isOfEachNode?: boolean;
  /** It is measured on the first Node that will do. */
  willDo?(runtime: Runtime, given: Pick<LabOptions, 'directus'>): boolean;
  /** Throws where a request failed or something is not as it should be: then there is no figure. */
  measure(lab: Lab): Promise<Finding[]>;
}

/** One line of the table; a row has one for each way in which it is measured. */
export interface Finding {
  /** Which way; empty where there is only one. */
  readonly way: string;
  readonly rollbook: number;
  /** Undefined where the goal is not in terms of one. */
  readonly limit?: number;
  /** What the limit is, where it is another than the row's. */
  readonly beside?: string;
  readonly unit: string;
  /** What is held against the goal: a ratio, unless it has a unit. */
  readonly score: number;
  readonly scoreUnit: string;
  /** Undefined where the figure is only stated. */
  readonly goal?: Goal | undefined;
}

export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** Something that the row needs is not there; the message says what, and how to have it. */
export class LeftOut extends Error {}

/** A finding held against its goal by the ratio. */
export const ratio = (rollbook: number, limit: number, unit: string, goal?: Goal, way = ''): Finding => ({
  way,
  rollbook,
  limit,
  unit,
  score: rollbook / limit,
  scoreUnit: '',
  goal,
});

/** A finding held against its goal by how much it is above. */
export const above = (rollbook: number, limit: number, unit: string, goal: Goal, way = ''): Finding => ({
  ...ratio(rollbook, limit, unit, goal, way),
  score: rollbook - limit,
  scoreUnit: unit,
});

/** A finding that is held against its goal as it is. */
export const stated = (rollbook: number, unit: string, goal: Goal | undefined, way: string): Finding => ({
  way,
  rollbook,
  unit,
  score: rollbook,
  scoreUnit: unit,
  goal,
});

/** Undefined where there is no goal. */
export function isMet({ score, goal }: Finding): boolean | undefined {
  if (!goal) return undefined;
  return 'atLeast' in goal ? score >= goal.atLeast : score <= goal.atMost;
}
