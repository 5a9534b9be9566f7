import { idOn, idOnNoDay } from '../../../days';
import type { MarkRequest } from '../../../ledger/attendance';
import { type Days, deciding, type Part } from '../parts';
import { type Fault, invalid } from './faults';
import type { Placed } from './placing';

/** What a record comes to: its part of the day, and what the mark of the day is then. */
export interface Applied {
  readonly part: Part;
  /** Whether there was no such part before, and whether there was any of the day. */
  readonly isNew: boolean;
  readonly isFirst: boolean;
  readonly mark: MarkRequest;
}

/** Inserts or updates a part of a day, "by each mode's key". */
export function apply(record: Placed, days: Days): Applied | Fault {
  const key = idOn(record.enrollment.id, record.att_date);
  const day = days.get(key) ?? [];
  const found = partNamed(record, day);
  if (found !== undefined && 'fault' in found) return found;
  const part = merged(record, found, day);
  const parts = found ? day.with(day.indexOf(found), part) : [...day, part];
  days.set(key, parts);
  return { part, isNew: !found, isFirst: day.length === 0, mark: markOf(record, part, parts, day) };
}

/**
 * The mark of a day whose parts are now these. "`att_comment` missing keeps the comment, empty clears it": the mark has a
 * comment of its own, which another API may have changed, as long as the same part decides and says nothing of it.
 */
function markOf(record: Placed, posted: Part, parts: readonly Part[], before: readonly Part[]): MarkRequest {
  const { enrollment_id: enrollment, date, part, status, comment, code_id: code } = deciding(parts);
  const mark = { enrollment, date, status, code };
  const isSaid = part === posted.part && record.att_comment !== undefined;
  const decidedBefore = before.length === 0 || deciding(before).part === part;
  return isSaid || !decidedBefore ? { ...mark, comment } : { ...mark, unmarkedComment: comment };
}

/** "Time: `dcid` when given; else always a new record." */
function partNamed(record: Placed, day: readonly Part[]): Part | undefined | Fault {
  if (record.att_mode_code !== 'ATT_ModeTime') return day.find(({ part }) => part === keyOf(record));
  if (!record.dcid) return undefined;
  const found = day.find(({ id, mode }) => mode === 'ATT_ModeTime' && id && idOnNoDay(id) === record.dcid);
  const { studentid, att_date, dcid } = record;
  return found ?? invalid('dcid', `Student ${studentid} has no time record ${dcid} on ${att_date}.`);
}

/** The key within an enrollment's day of every mode but Time, whose records are counted. */
function keyOf({ att_mode_code, periodid, start_time, att_interval }: Placed): string {
  if (att_mode_code === 'ATT_ModeDaily') return 'daily';
  const meeting = periodid === undefined ? `from ${start_time ?? ''}` : `period ${periodid}`;
  return att_mode_code === 'ATT_ModeMeeting' ? `meeting ${meeting}` : `interval ${att_interval} ${meeting}`;
}

/** The part after a record: what the record does not say stays as it was. */
function merged(record: Placed, found: Part | undefined, day: readonly Part[]): Part {
  const { enrollment, code, att_date: date, att_mode_code: mode } = record;
  const nth = day.filter((part) => part.mode === mode).length + 1;
  return {
    id: found?.id,
    section_id: enrollment.section_id,
    date,
    enrollment_id: enrollment.id,
    part: found?.part ?? (mode === 'ATT_ModeTime' ? `time ${nth}` : keyOf(record)),
    mode,
    code_id: code.id,
    status: code.status,
    comment: record.att_comment ?? found?.comment ?? '',
    period: record.periodid ?? found?.period ?? '',
    program: record.programid ?? found?.program ?? '',
    calendar_day: record.calendar_dayid ?? found?.calendar_day ?? '',
    att_interval: record.att_interval ?? found?.att_interval ?? null,
    start_time: record.start_time ?? found?.start_time ?? null,
    end_time: record.end_time ?? found?.end_time ?? null,
    total_minutes: record.total_minutes ?? found?.total_minutes ?? (mode === 'ATT_ModeTime' ? 0 : null),
  };
}
