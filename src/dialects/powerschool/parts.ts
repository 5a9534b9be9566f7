import { idOn } from '../../days';
import { Status } from '../../ledger/attendance';
import type { Mode } from './posts/modes';

/** A part of a student's day in a section, as it was posted. */
export interface Part {
  /** Undefined until it is stored. */
  readonly id: number | undefined;
  readonly section_id: number;
  readonly date: string;
  readonly enrollment_id: number;
  /** Which part of the day, by the key of its mode. */
  readonly part: string;
  readonly mode: Mode;
  readonly code_id: number;
  readonly status: Status;
  readonly comment: string;
  readonly period: string;
  readonly program: string;
  readonly calendar_day: string;
  readonly att_interval: number | null;
  /** Seconds since midnight. */
  readonly start_time: number | null;
  readonly end_time: number | null;
  readonly total_minutes: number | null;
}

/** The parts of each day, by the id of the entry; those of a day in the order they were posted. */
export type Days = Map<number, Part[]>;

export function byDay(parts: readonly Part[]): Days {
  const days: Days = new Map();
  for (const part of parts) {
    const key = idOn(part.enrollment_id, part.date);
    const day = days.get(key);
    if (day) day.push(part);
    else days.set(key, [part]);
  }
  return days;
}

/** The modes whose parts make up a day together. */
const families: readonly (readonly Mode[])[] = [
  ['ATT_ModeDaily'],
  ['ATT_ModeTime'],
  ['ATT_ModeMeeting', 'ATT_ModeInterval'],
];

/** The parts that say together what the part's mode says of the day. */
export const familyOf = ({ mode }: Pick<Part, 'mode'>, parts: readonly Part[]): Part[] => {
  const family = families.find((modes) => modes.includes(mode))!;
  return parts.filter((part) => family.includes(part.mode));
};

/** Absent, then excused, then late. */
const severity: Record<Status, number> = {
  [Status.absent]: 3,
  [Status.excused]: 2,
  [Status.late]: 1,
  [Status.present]: 0,
};

/** The part of a family, in the order it was posted, that decides what the mark of the day is. */
export function deciding(family: readonly Part[]): Part {
  return family[0]!.mode === 'ATT_ModeTime' ? decidingTime(family) : mostSevere(family);
}

function mostSevere(family: readonly Part[]): Part {
  const most = Math.max(...family.map(({ status }) => severity[status]));
  const severe = family.filter(({ status }) => severity[status] === most);
  return severe.find(({ comment }) => comment) ?? severe[0]!;
}

/**
 * "Several records a day add up; total 0 with an Absent code is absent; the code of the latest record with minutes
 * decides otherwise." Without minutes a record is void, so that a Present code of one is plain present.
 */
function decidingTime(family: readonly Part[]): Part {
  const latest = family.at(-1)!;
  const withMinutes = family.findLast(({ total_minutes }) => total_minutes);
  if (withMinutes) return withMinutes;
  return latest.status === Status.late ? { ...latest, status: Status.present } : latest;
}
