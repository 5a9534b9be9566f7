import type { Mode } from '../../../schemas/powerschool/attendance';
import { day, integer, nullable, oneOf, type RowOf, string } from '../../database/rows';
import { idOn } from '../../days';
import { Status, status } from '../../ledger/attendance';

const modes: readonly Mode[] = ['ATT_ModeDaily', 'ATT_ModeTime', 'ATT_ModeMeeting', 'ATT_ModeInterval'];

/** A part of a student's day in a section, as it was posted and is stored. */
export const partRow = {
  id: integer,
  section_id: integer,
  date: day,
  enrollment_id: integer,
  /** Which part of the day, by the key of its mode. */
  part: string,
  mode: oneOf(...modes),
  code_id: integer,
  status,
  comment: string,
  period: string,
  program: string,
  calendar_day: string,
  att_interval: nullable(integer),
  /** Seconds since midnight. */
  start_time: nullable(integer),
  end_time: nullable(integer),
  total_minutes: nullable(integer),
};
type PartRow = RowOf<typeof partRow>;

/** The same; undefined is the id of one that is not stored yet. */
export type Part = Omit<PartRow, 'id'> & { readonly id: number | undefined };

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

/** Absent, then excused, then late. */
export const severity: Record<Status, number> = {
  [Status.absent]: 3,
  [Status.excused]: 2,
  [Status.late]: 1,
  [Status.present]: 0,
};

/**
 * The part that decides what the mark of the day is, of parts in the order they were posted: "the most severe of all that
 * stand for that enrollment and day"; of several the first that has a comment. The records of Time count together, as one.
 */
export function deciding(parts: readonly Part[]): Part {
  const time = decidingTime(parts);
  const candidates = parts
    .filter(({ mode, part }) => mode !== 'ATT_ModeTime' || part === time?.part)
    .map((part) => ({ ...part, status: effectOf(part, parts) }));
  const most = Math.max(...candidates.map(({ status }) => severity[status]));
  const severe = candidates.filter(({ status }) => severity[status] === most);
  return severe.find(({ comment }) => comment) ?? severe[0]!;
}

/** What a part says of the day. A record of Time without minutes is void, so that a tardy code of one is plain present. */
export function effectOf(part: Part, parts: readonly Part[]): Status {
  if (part.mode !== 'ATT_ModeTime') return part.status;
  const { status, total_minutes } = decidingTime(parts)!;
  return status === Status.late && !total_minutes ? Status.present : status;
}

/**
 * "Several records a day add up; total 0 with an Absent code is absent; the code of the latest record with minutes decides
 * otherwise."
 */
function decidingTime(parts: readonly Part[]): Part | undefined {
  const times = parts.filter(({ mode }) => mode === 'ATT_ModeTime');
  return times.findLast(({ total_minutes }) => total_minutes) ?? times.at(-1);
}
