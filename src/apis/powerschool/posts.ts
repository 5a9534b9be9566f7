import { hash } from 'node:crypto';
import { PostReply, type Result } from '../../../schemas/powerschool/attendance';
import { readByWrite } from '../../audit/read';
import type { Database } from '../../database/database';
import { idOn, idOnNoDay } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import type { Actor } from '../../ledger/actor';
import { type MarkRequest, type Outcome, Status, UNKNOWN } from '../../ledger/attendance';
import { closedDays } from '../../ledger/edit-window';
import type { Ledger } from '../../ledger/ledger';
import type { LedgerTransaction } from '../../ledger/transaction';
import { periodsOf } from '../../roster/bell-schedules';
import type { EntryOf } from '../../roster/other-changes';
import { byDay, type Days, deciding, isVoid, severity } from './attendance';
import { type Fault, invalid, isFault, refused } from './errors';
import {
  type Attendance,
  attendanceOf,
  openKnown,
  type Placed,
  place,
  posts,
  recordsOf,
  type SentRecord,
} from './records';
import { type Part, partsSql, rowOf } from './tables';

/** A record that fits the roster, and by what it is known when it is tried again; null where it need not be. */
interface Posted extends Placed {
  readonly fingerprint: string | null;
}

/**
 * Of a record that is new each time it is posted, Time without a `dcid`: who posts it, what they call it, and what it says.
 * By the last, a client that calls each of its records `1` means several.
 */
function fingerprintOf(
  { dcid, ...said }: Attendance,
  name: string | undefined,
  { client }: Actor,
): Posted['fingerprint'] {
  if (name === undefined || said.att_mode_code !== 'ATT_ModeTime' || dcid) return null;
  const columns = Object.entries(said).sort(([one], [other]) => (one < other ? -1 : 1));
  return hash('sha256', JSON.stringify([client, name, columns]));
}

/** What a record comes to: its part of the day, and what the mark of the day is then. */
export interface Applied {
  readonly part: Part;
  /** Whether there was no such part before, and whether there was none that said anything of the day. */
  readonly isNew: boolean;
  readonly isFirst: boolean;
  /** Undefined where the record says nothing, and takes nothing back. */
  readonly mark: MarkRequest | undefined;
}

/** Inserts or updates a part of a day, "by each mode's key". */
export function apply(record: Posted, days: Days): Applied | Fault {
  const key = idOn(record.enrollment.id, record.att_date);
  const day = days.get(key) ?? [];
  const before = madeBy(record, day);
  if (before) return { part: before, isNew: false, isFirst: false, mark: undefined };
  const found = partNamed(record, day);
  if (found !== undefined && 'fault' in found) return found;
  if (!found && isOfNoPeriod(record)) return noPeriod(record);
  const part = merged(record, found, day);
  const parts = found ? day.with(day.indexOf(found), part) : [...day, part];
  days.set(key, parts);
  const mark = markOf(record, { part, parts }, { part: found, parts: day });
  return { part, isNew: !found, isFirst: day.every(isVoid), mark };
}

/** The part that a record is of, and all parts of its day: before it, or after it. */
interface PartOfDay<Of extends Part | undefined> {
  readonly part: Of;
  readonly parts: readonly Part[];
}

/**
 * The mark of a day whose parts are now these. What a void record said is taken back, but not what another API said.
 * "`att_comment` missing keeps the comment, empty clears it": the mark has a comment of its own, which another API may have
 * written. It stays, unless the part that decides has one to say; and unless it was that of the record itself, which says less now.
 */
function markOf(
  { att_comment }: Placed,
  { part, parts }: PartOfDay<Part>,
  { part: found, parts: before }: PartOfDay<Part | undefined>,
): MarkRequest | undefined {
  if (isVoid(part) && (!found || isVoid(found))) return undefined;
  const { enrollment_id: enrollment, date } = part;
  const [by, decidedBefore] = [deciding(parts), deciding(before)];
  if (!by) return { enrollment, date, status: UNKNOWN, onlyOwn: true };
  const { status, comment, code_id: code } = by;
  const mark = { enrollment, date, status, code };
  const isAnother = decidedBefore !== undefined && decidedBefore.part !== by.part;
  const isSaid = by === part && att_comment !== undefined;
  const isCleared = isAnother && decidedBefore === found && att_comment === '';
  if (isSaid || isCleared || (isAnother && comment !== '')) return { ...mark, comment };
  const saysLess = found && (isVoid(part) || severity[part.status] < severity[found.status]);
  return {
    ...mark,
    unmarkedComment: comment,
    ...(saysLess && found.comment !== '' && { staleComment: found.comment }),
  };
}

const DAY = 24 * 60 * 60 * 1_000;

/**
 * The part that the same post has made already, within a day: "a post tried again with the same `client_uid` is the same
 * post". Whatever has become of the part since stands.
 */
const madeBy = ({ fingerprint }: Posted, day: readonly Part[]): Part | undefined =>
  fingerprint === null
    ? undefined
    : day.find((part) => part.fingerprint === fingerprint && Date.parse(part.posted_at!) > Date.now() - DAY);

/**
 * "Time: `dcid` when given; else always a new record." Daily has one record a day: a `dcid` that is sent with it has to be
 * that record's, or that of the mark which another API made of the day.
 */
function partNamed(record: Posted, day: readonly Part[]): Part | undefined | Fault {
  const { dcid, studentid, att_date, att_mode_code: mode, enrollment } = record;
  const isTime = mode === 'ATT_ModeTime';
  const found = isTime
    ? day.find((part) => part.mode === mode && dcid && idOf(part) === dcid)
    : day.find(({ part }) => part === keyOf(record));
  if (!dcid || (found && idOf(found) === dcid)) return found;
  if (!isTime && !found && dcid === idOn(enrollment.id, att_date)) return undefined;
  return invalid('dcid', `Student ${studentid} has no ${isTime ? 'time' : 'daily'} record ${dcid} on ${att_date}.`);
}

/**
 * Whether a record names a period that its class does not have. A class of which the roster names no period takes any; and a
 * record that stands stays, though the class may have other periods since.
 */
function isOfNoPeriod({ periodid, enrollment }: Posted): boolean {
  const periods = periodsOf(enrollment);
  return periodid !== undefined && periods.length > 0 && !periods.includes(periodid);
}

const noPeriod = ({ periodid, enrollment }: Posted): Fault =>
  invalid(
    'periodid',
    `The class of enrollment ${enrollment.id} has no period ${periodid}; it has ${periodsOf(enrollment).join(', ')}.`,
  );

/** A record may stay one of several that its mark does not show: the ledger is not asked then whose its code is. */
const forbiddenCode = ({ code }: Posted, { person }: Actor): Fault | undefined =>
  person === null || !code.office_only
    ? undefined
    : refused({
        refusal: 'code_forbidden',
        message: `The code ${code.code} is the office's; teachers of this school do not use it.`,
      });

/** What a part is known by; undefined until it is stored. */
const idOf = ({ id }: Part): number | undefined => id && idOnNoDay(id);

/** The key within an enrollment's day of every mode but Time, whose records are counted. */
function keyOf({ att_mode_code, periodid, start_time, att_interval }: Placed): string {
  if (att_mode_code === 'ATT_ModeDaily') return 'daily';
  const meeting = periodid === undefined ? `from ${start_time ?? ''}` : `period ${periodid}`;
  return att_mode_code === 'ATT_ModeMeeting' ? `meeting ${meeting}` : `interval ${att_interval} ${meeting}`;
}

/** The part after a record: what the record does not say stays as it was. */
function merged(record: Posted, found: Part | undefined, day: readonly Part[]): Part {
  const { enrollment, code, att_date: date, att_mode_code: mode, fingerprint } = record;
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
    fingerprint: found ? found.fingerprint : fingerprint,
    posted_at: found ? found.posted_at : fingerprint && new Date().toISOString(),
  };
}

/** A record that stands: the id by which it can be read and named again, whose it is, and whether it was new. */
export interface Stored {
  readonly id: number;
  readonly person_id: number;
  readonly date: string;
  readonly isNew: boolean;
}

/**
 * Posts records, in the order they came: those that are right in one transaction with the marks that they come to,
 * those that are wrong returned with a reason. The parts of a day rule its mark each time one of them is posted; a
 * mark that another API changes in between stands until then.
 */
export type Post = (records: readonly SentRecord[], actor: Actor) => Promise<(Stored | Fault)[]>;

export function poster(database: Database, ledger: Ledger): Post {
  const sql = partsSql(database);
  const knownOf = openKnown(database);

  return async (records, actor) => {
    const read = records.map(({ columns }) => attendanceOf(columns));
    const known = await knownOf(actor, read.filter((record) => !isFault(record)) as Attendance[]);
    const placed = read.map((record, index) => {
      const found = isFault(record) ? record : place(record, known);
      return isFault(found)
        ? found
        : { ...found, fingerprint: fingerprintOf(record as Attendance, records[index]!.name, actor) };
    });
    if (placed.every(isFault)) return placed as Fault[];
    return ledger.open((transaction) => post(transaction, placed, actor));
  };

  async function post(
    transaction: LedgerTransaction,
    placed: readonly (Posted | Fault)[],
    actor: Actor,
  ): Promise<(Stored | Fault)[]> {
    const records = placed.filter((record) => !isFault(record)) as Posted[];
    const held = await transaction.hold(
      records.map(({ enrollment }) => enrollment.section_id),
      actor,
    );
    const closed = closedDays(actor, held);
    const days = await daysOf(transaction, records, actor);
    const before = new Map(days);
    const applied = placed.map((record) => {
      if (isFault(record)) return record;
      // Before the ledger is asked: it hears nothing of a record that makes no mark.
      const message = closed(record.enrollment.section_id, record.att_date);
      if (message !== undefined) return refused({ refusal: 'date_closed', message });
      return forbiddenCode(record, actor) ?? apply(record, days);
    });
    const right = applied.filter((record) => !isFault(record)) as Applied[];
    const marking = right.filter(({ mark }) => mark);
    const answers = await transaction.record(
      marking.map(({ mark }) => mark!),
      actor,
    );
    // By the part: a record that is in the request twice has one outcome.
    const outcomes = new Map(marking.map(({ part }, index) => [part, answers[index]!]));
    const standing = right.map(({ part }) => part).filter((part) => outcomes.get(part)?.ok !== false);
    const ids = await store(transaction, standing, actor);
    await transaction.changeDetails(changedIn(standing, before, days), actor);
    return applied.map((each, index) => {
      if (isFault(each)) return each;
      const { studentid, att_date } = placed[index] as Posted;
      return stored(each, { person_id: studentid, date: att_date }, outcomes.get(each.part), ids);
    });
  }

  async function daysOf(
    transaction: LedgerTransaction,
    records: readonly Placed[],
    { district }: Actor,
  ): Promise<Days> {
    const asked = new Map(
      records.map(({ enrollment: { id, section_id }, att_date }) => [idOn(id, att_date), [section_id, att_date, id]]),
    );
    return byDay(await transaction.all(sql.ofDays, { district, days: JSON.stringify([...asked.values()]) }));
  }

  /** Stores each part as it stands at the end of the request; gives their ids. */
  async function store(
    transaction: LedgerTransaction,
    parts: readonly Part[],
    { district }: Actor,
  ): Promise<Map<string, number>> {
    const last = new Map(parts.map((part) => [nameOf(part), part]));
    const rows = JSON.stringify([...last.values()].map(rowOf));
    const stored = await transaction.all(sql.put, { district, parts: rows });
    return new Map(stored.map((part) => [nameOf(part), part.id]));
  }
}

/** The days of these parts of which more than their marks is other than before. */
function changedIn(parts: readonly Part[], before: Days, after: Days): EntryOf[] {
  const of = new Map(parts.map((part) => [idOn(part.enrollment_id, part.date), part]));
  return [...of].flatMap(([day, { section_id: section, enrollment_id: enrollment, date }]) =>
    detailsOf(before.get(day)) === detailsOf(after.get(day)) ? [] : { section, enrollment, date },
  );
}

/** What the parts of a day say that its mark does not. A single one of the whole day has its status and comment in the mark. */
function detailsOf(parts: readonly Part[] = []): string {
  const isWhole = parts.length === 1 && parts[0]!.mode === 'ATT_ModeDaily';
  const details = parts.map(({ id: _, fingerprint: _by, posted_at: _at, part, code_id, status, comment, ...said }) => [
    ...(isWhole ? [] : [part, code_id, status, comment]),
    ...[said.period, said.program, said.calendar_day],
    ...[said.att_interval, said.start_time, said.end_time, said.total_minutes],
  ]);
  return details.flat().some(Boolean) ? JSON.stringify(details) : '';
}

const nameOf = ({ enrollment_id, date, part }: Pick<Part, 'enrollment_id' | 'date' | 'part'>): string =>
  `${enrollment_id} ${date} ${part}`;

function stored(
  { part, isNew, isFirst }: Applied,
  of: Pick<Stored, 'person_id' | 'date'>,
  outcome: Outcome | undefined,
  ids: ReadonlyMap<string, number>,
): Stored | Fault {
  if (outcome?.ok === false) return refused(outcome);
  // "A Present code posted over a mark removes the mark and counts as an UPDATE": one that another API has made.
  const before = outcome?.before ?? Status.present;
  const stood = isFirst && part.mode === 'ATT_ModeDaily' && before !== Status.present;
  return { ...of, id: idOnNoDay(ids.get(nameOf(part))!), isNew: isNew && !stood };
}

/** The addresses that attendance is posted to: all alike but for the modes, the columns and how many records. */
export function attendanceEndpoints(database: Database, ledger: Ledger): Endpoint[] {
  const postRecords = poster(database, ledger);
  return posts.map((post) =>
    endpoint({
      method: 'POST',
      path: post.path,
      summary: post.summary,
      scope: 'attendance:write',
      schemas: { body: post.body, reply: PostReply },
      async handle({ body, caller, link }) {
        const records = recordsOf(body, post);
        const results = await postRecords(records, caller);
        // "Counts are numbers at the top level; `result` is always an array in the order sent."
        const count = (isNew: boolean) => results.filter((result) => !isFault(result) && result.isNew === isNew).length;
        const address = link('/ws/schema/table/attendance/');
        const result = results.map((each, index) => resultOf(records[index]!.uid, each, address));
        return {
          status: 200,
          body: { insert_count: count(true), update_count: count(false), delete_count: 0 as const, result },
          // It tells whether there was a record.
          reads: readByWrite(results.flatMap((each) => (isFault(each) ? [] : each))),
        };
      },
    }),
  );
}

function resultOf(client_uid: string, result: Stored | Fault, address: string): Result {
  if (isFault(result)) return { client_uid, status: 'ERROR', action: 'INSERT', error_message: { error: result.fault } };
  return {
    client_uid,
    status: 'SUCCESS',
    action: result.isNew ? 'INSERT' : 'UPDATE',
    success_message: { id: result.id, name: 'ATTENDANCE', ref: address + result.id },
  };
}
