import type { Database, Executor } from '../database/database';
import { idOn } from '../days';
import type { Days } from '../roster/enrolled';
import { type EntryOf, openOtherChanges } from '../roster/other-changes';
import type { Actor } from './actor';
import { type Outcome, Status } from './attendance';
import { withinRights } from './code-rights';
import { type HeldSection, withinWindow } from './edit-window';
import type { Entries } from './entries';
import { check, placed } from './placed';
import { meetingsOf, outcomesOf, type RecordMarks, recorder, sectionsOf, stateOf, storedOn, takingOf } from './record';
import { type EntryValue, type PlacedMark, type Resolution, resolve, type State, unknown } from './resolve';
import type { WriteSql } from './write-sql';
import { idRows, type MeetingKey } from './write-sql';

/**
 * Journals, of each enrollment, that its comments have been erased: a change from the value that the ledger has to the
 * same. So the last value in the journal is still the ledger's.
 */
export async function noteErasure(
  tx: Executor,
  sql: WriteSql,
  entries: Entries,
  enrollments: readonly { id: number; section: number }[],
  date: string,
  actor: Actor,
): Promise<void> {
  const { district, api, client, person } = actor;
  const condition = { columns: ['enrollment_id', 'date'], in: enrollments.map(({ id }) => [id, date]) };
  const order = [{ column: 'enrollment_id' }, { column: 'date' }];
  const current = await entries.query({ actor, condition, order, limit: enrollments.length });
  const sections = new Set(enrollments.map(({ section }) => section));
  const stored = await storedOn(
    tx,
    sql,
    [...sections].map((section) => ({ section, date })),
    actor,
  );
  const rows = enrollments.map(({ id, section }) => {
    const found = current.find(({ enrollment_id }) => enrollment_id === id);
    // Where the roll is taken, present is implied: nobody has said it of the student alone.
    const { status, comment } = found && !(found.taken && found.status === Status.present) ? found : unknown;
    const { code } = stored.entries.get(idOn(id, date)) ?? unknown;
    return [section, date, id, status, comment, status, comment, code];
  });
  await tx.all(sql.writeJournal, {
    rows: JSON.stringify(rows),
    district,
    at: new Date().toISOString(),
    api,
    client,
    person,
  });
}

/** The ledger opened for writing, with whatever else has to be written with it, or not at all. */
export interface LedgerTransaction extends Executor {
  readonly record: RecordMarks;
  /** The entries as they stand in this transaction. */
  readonly query: Entries['query'];
  /** Whether the meeting was scheduled; one that exists stays as it is. */
  schedule(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /**
   * Takes the roll of a meeting: whoever is enrolled that day and has no mark is present. Whether that is new.
   * Throws DATE_AHEAD for a day after the district's today, ROLL_EMPTY where nobody is enrolled,
   * DATE_CLOSED where a teacher may take it no more.
   */
  take(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /**
   * Says that the roll was not taken after all. Marks stay. Students without one are unknown again, unless somebody has
   * said of one alone that they were present. Whether that is new. Throws DATE_CLOSED like `take`.
   */
  untake(meeting: MeetingKey, actor: Actor): Promise<boolean>;
  /** Holds other writers of these sections back until the transaction ends; how they stand in it. */
  hold(sections: Iterable<number>, actor: Actor): Promise<readonly HeldSection[]>;
  /** Raises the revisions of sections in which something else than a status has changed that answers show. Others may have to wait for it: it comes last. */
  touch(sections: Iterable<number>, actor: Actor, erased?: Days): Promise<void>;
  /** Says that an API keeps other details of these entries than before, beside what the ledger says of them. */
  changeDetails(entries: Iterable<EntryOf>, actor: Actor): Promise<void>;
  /** Journals that the comments of these enrollments have been erased; their sections are touched before. */
  noteErasure(enrollments: readonly { id: number; section: number }[], date: string, actor: Actor): Promise<void>;
}

/** Opens the ledger for writing: everything that `work` does is on disk when this resolves, or none of it happened. */
export type Open = <T>(work: (transaction: LedgerTransaction) => Promise<T>) => Promise<T>;

/** Told of what an API has written once it is on disk: how many statuses changed. */
export type OnRecorded = (api: string, changed: number) => void;

/** How the transaction of a database is opened. */
export function writer(
  database: Database,
  sql: WriteSql,
  entriesBy: (executor: Executor) => Entries,
  onRecorded?: OnRecorded,
): Open {
  const otherChanges = openOtherChanges(database);
  const { record, lock, schedule, take, untake } = recorder(sql, otherChanges);
  const { touch, details } = otherChanges;

  return async (work) => {
    let [by, changed] = ['', 0]; // one API writes in one transaction
    const result = await database.transaction((tx) =>
      work({
        all: tx.all.bind(tx),
        query: (query) => entriesBy(tx).query(query),
        record: async (requests, actor, conditions = {}) => {
          const outcomes = await record(tx, requests, actor, conditions);
          if (onRecorded) [by, changed] = [actor.api, changed + changesIn(outcomes)];
          return outcomes;
        },
        schedule: (meeting, actor) => schedule(tx, meeting, actor),
        take: (meeting, actor) => take(tx, meeting, actor),
        untake: (meeting, actor) => untake(tx, meeting, actor),
        hold: (sections, actor) => lock(tx, sections, actor),
        touch: (sections, actor, erased) => touch(tx, actor, sections, erased),
        changeDetails: (entries, actor) => details(tx, actor, entries),
        noteErasure: (enrollments, date, actor) => noteErasure(tx, sql, entriesBy(tx), enrollments, date, actor),
      }),
    );
    if (changed > 0) onRecorded?.(by, changed);
    return result;
  };
}

const changesIn = (outcomes: readonly Outcome[]): number =>
  outcomes.filter((outcome) => outcome.ok && outcome.changed).length;

/**
 * Answers what `record` would, and writes nothing and holds nobody back. What it was asked before counts as written.
 * For one caller, one request after the other.
 */
export function dryRun(database: Database, sql: WriteSql): RecordMarks {
  const before = dryRunState();
  return async (requests, actor, conditions = {}) => {
    const fitting = await placed(database, sql, requests.map(check), actor, conditions.section);
    const sections = idRows(sectionsOf(fitting.marks));
    const asked = await database.all(sql.sections, { sections, district: actor.district });
    const open = withinWindow(fitting, actor, asked);
    const stored = await storedOn(database, sql, meetingsOf(open.marks).values(), actor);
    const all = await withinRights(database, sql, open, actor, stored.entries);
    const taking = takingOf(actor, conditions, all, asked[0]?.time_zone);
    const state = await stateOf(database, sql, all.marks, actor, taking, stored, before.isWritten);
    const resolution = resolve(all.marks, before.over(state, all.marks), taking);
    before.add(resolution);
    return outcomesOf(all, resolution);
  };
}

/** How the ledger would be by now, where that differs from how it is. */
function dryRunState() {
  const stored = new Map<number, EntryValue | undefined>();
  const journaled = new Map<number, EntryValue>();
  const taken = new Map<number, boolean>();
  return {
    isWritten: (entry: number): boolean => stored.has(entry),
    over(state: State, about: readonly PlacedMark[]): State {
      const now = {
        ...state,
        stored: new Map(state.stored),
        taken: new Map(state.taken),
        journaled: new Map(state.journaled),
      };
      for (const { entry, meeting } of about) {
        for (const each of [entry, ...(state.students.get(meeting) ?? [])])
          if (stored.get(each)) now.stored.set(each, stored.get(each)!);
          else if (stored.has(each)) now.stored.delete(each);
        if (taken.has(meeting)) now.taken.set(meeting, taken.get(meeting)!);
        if (journaled.has(entry)) now.journaled.set(entry, journaled.get(entry)!);
      }
      return now;
    },
    add(resolution: Resolution): void {
      for (const [entry, written] of resolution.entries) stored.set(entry, written.stored);
      for (const { section, date } of resolution.begin) taken.set(idOn(section, date), false);
      for (const meeting of resolution.take.keys()) taken.set(meeting, true);
      for (const [, date, enrollment, , , status, comment, code] of resolution.journal)
        if (enrollment !== null) journaled.set(idOn(enrollment, date), { status, comment, code });
    },
  };
}
