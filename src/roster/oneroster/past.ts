import type { Database, Executor } from '../../database/database';
import { bit, integer, type RowOf } from '../../database/rows';
import { type Correction, daysText, openCorrections } from '../corrections';
import { type Days, daysRow, isEnrolled, openKeptDays } from '../enrolled';
import { type Asked, type Change, changed, changesPast, endOf, type KnownDays, type Membership } from '../past';
import { recountNotes } from '../recounts';
import type { CountedBefore } from './counted-days';
import type { Values } from './files';
import { type Asking, openKnownDays } from './known-days';
import type { Listed, Rows } from './merge';
import { pastSql } from './past-sql';
import type { ImportReport } from './report';

/** An enrollment as it stands. */
export const standingRow = { id: integer, section_id: integer, person_id: integer, admin: bit, ...daysRow };
export type Standing = RowOf<typeof standingRow>;

/** The days that a row gives an enrollment, and which of their ends come from the terms of its class. */
export interface SaidDays extends Days {
  readonly inherits_begin: boolean | 0 | 1;
  readonly inherits_end: boolean | 0 | 1;
}

/** Where a change comes from. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly sourcedId: string | null;
}

/** By what the journal says that an import has corrected the past. */
export const CORRECTING = 'import --correct-past';

export interface PastOptions {
  readonly today: string;
  /** Says that the past was wrong: then it follows the roster too. */
  readonly correctPast: boolean;
  readonly counted: CountedBefore;
}

/** What enrollments are to be, and what has to be written for it. */
interface Plan {
  /** What is to be written in the place of what was listed. */
  readonly listed: Listed[];
  /** The enrollments that are no more, as another student or section has their sourcedId: they end. */
  readonly moved: readonly (readonly [id: number, begin: string, end: string, sourcedId: string])[];
  /** The kept days of enrollments of which they change. */
  readonly kept: ReadonlyMap<number, { readonly section: number; readonly days: readonly Days[] }>;
}

export type Past = Awaited<ReturnType<typeof openPast>>;

/**
 * Holds changes of the roster against the rolls that were taken: "A roster change takes effect from the day of the import on,
 * and backwards only where no roll was taken."
 */
export async function openPast(database: Database, district: number, options: PastOptions, report: ImportReport) {
  const sql = pastSql(database);
  const keptDays = openKeptDays(database);
  const note = recountNotes(database);
  const { today, correctPast } = options;
  const corrections = openCorrections(database);
  const corrected: Pending[] = [];
  const { any, assumedIn, takenIn, toldOf, elsewhere } = await openKnownDays(
    database,
    district,
    today,
    options.counted,
  );

  /** What an enrollment becomes, and says so in the report where the past holds it back. */
  function become(
    section: number,
    was: (Membership & { id: number }) | undefined,
    asked: Asked,
    days: KnownDays,
    source: Source,
  ): Membership {
    if (correctPast) {
      const rolls = correct(section, was, asked, days, source.sourcedId);
      if (rolls !== undefined) report.corrected.push({ ...source, enrollment: was?.id ?? null, rolls });
      return { ...asked, kept: [] };
    }
    const is = changed(was, asked, days, today);
    const isNews =
      !was || was.begin_date !== is.begin_date || was.end_date !== is.end_date || !sameDays(was.kept, is.kept);
    if (isNews && is.kept.length > 0) report.kept.push({ ...source, enrollment: was!.id, rolls: is.rolls });
    if (isNews && is.isDelayed)
      report.delayed.push({ ...source, enrollment: was?.id ?? null, said: asked.begin_date, begins: is.begin_date });
    return is;
  }

  /** Remembers what the journal is to say of an enrollment; of how many rolls that were taken, if anything was wrong. */
  function correct(
    section: number,
    was: (Membership & { id: number }) | undefined,
    is: Days | undefined,
    days: Omit<KnownDays, 'assumed'>,
    sourcedId: string | null,
  ): number | undefined {
    const turns = days.taken.map((date) => ({
      date,
      was: was !== undefined && isEnrolled(date, was, was.kept),
      is: is !== undefined && isEnrolled(date, is),
    }));
    const on = turns.filter((each) => !each.was && each.is).map(({ date }) => date);
    const off = turns.filter((each) => each.was && !each.is).map(({ date }) => date);
    const rolls = on.length + off.length;
    const from = was ? daysText([was, ...was.kept]) : '';
    const to = is ? daysText([is]) : '';
    if (rolls === 0 && !was?.kept.length && !changesPast(was, is, days)) return undefined;
    corrected.push({ section, enrollment: was?.id ?? null, what: 'days', from, to, on, off, sourcedId });
    return rolls;
  }

  /** The rows of the last plan that are new, or of other days, students or classes than before. */
  let news: ReadonlySet<string> = new Set();
  /** What rows say that were not given all of it, by their sourcedIds. */
  const said = new Map<string, SaidDays>();
  /** What became of those of which one enrollment was made. */
  const settled = new Map<string, Change>();

  return {
    isNews: (sourcedId: string): boolean => news.has(sourcedId),

    /** The days that the file says of an enrollment, where it does not have all of them. */
    saidOf: (sourcedId: string): SaidDays | undefined => said.get(sourcedId),

    /** Plans for rows of a file. */
    async plan(tx: Executor, listed: readonly Listed[], stood: Rows, file: string): Promise<Plan> {
      const before = new Map([...stood].map(([id, row]) => [id, row as unknown as Standing]));
      // Where the past was wrong, so are the days that an import before this one has kept.
      const stays = correctPast ? listed.flatMap((row) => before.get(row.sourcedId)?.id ?? []) : [];
      const wrong = await keptDays(tx, district, stays);
      const differing = listed.filter((row) => {
        const stands = before.get(row.sourcedId);
        return isChange(row.values, stands) || (stands !== undefined && wrong.has(stands.id));
      });
      news = new Set(differing.map(({ sourcedId }) => sourcedId));
      const isMove = (row: Listed) => isOther(row.values, before.get(row.sourcedId));
      if (differing.length === 0 || (!any && !differing.some(isMove)))
        return { listed: [...listed], moved: [], kept: new Map() };
      const sections = differing.flatMap((row) => [
        Number(row.values.section_id),
        before.get(row.sourcedId)?.section_id ?? Number(row.values.section_id),
      ]);
      const taken = await takenIn(tx, sections);
      const assumed = await assumedIn(tx, sections);
      const ids = differing.flatMap((row) => before.get(row.sourcedId)?.id ?? []);
      const known = await keptDays(tx, district, ids);
      const told = await toldOf(tx, ids);
      const askingOf = ({ values, sourcedId }: Listed): Asking => ({
        section: Number(values.section_id),
        person: Number(values.person_id),
        asked: askedOf(values),
        was: isOther(values, before.get(sourcedId)) ? undefined : before.get(sourcedId),
      });
      const students = correctPast ? [] : differing.filter(({ values }) => !values.admin);
      const beside = await elsewhere(tx, students.map(askingOf));
      const moved: (readonly [number, string, string, string])[] = [];
      const kept = new Map<number, { section: number; days: readonly Days[] }>();
      const planned = new Map<string, Values>();
      for (const row of differing) {
        const stands = before.get(row.sourcedId);
        const was = stands && { ...stands, kept: known.get(stands.id) ?? [] };
        const values = row.values;
        const asked = askedOf(values);
        const source = { file, line: row.line, sourcedId: row.sourcedId };
        const isElsewhere = was !== undefined && isMove(row);
        const there = isElsewhere && {
          taken: taken.get(was.section_id) ?? [],
          told: told.get(was.id) ?? [],
          ...assumed(was.section_id),
        };
        const rolls = there && correctPast ? correct(was.section_id, was, undefined, there, null) : undefined;
        if (rolls !== undefined) report.corrected.push({ ...source, enrollment: was!.id, rolls });
        const { kept: days, ...own } = become(
          Number(values.section_id),
          isElsewhere ? undefined : was,
          asked,
          {
            taken: taken.get(Number(values.section_id)) ?? [],
            told: was && !isElsewhere ? (told.get(was.id) ?? []) : [],
            elsewhere: values.admin ? [] : beside(askingOf(row)),
            ...assumed(Number(values.section_id)),
          },
          source,
        );
        if (there) {
          const ends = correctPast ? was.begin_date : endOf(was, there, today, own.begin_date);
          moved.push([was.id, was.begin_date, ends, row.sourcedId]);
        }
        planned.set(row.sourcedId, { ...values, begin_date: own.begin_date, end_date: own.end_date });
        if (own.begin_date !== asked.begin_date || own.end_date !== asked.end_date)
          said.set(row.sourcedId, values as unknown as SaidDays);
        if (was && !isElsewhere && !sameDays(was.kept, days)) kept.set(was.id, { section: was.section_id, days });
      }
      return {
        listed: listed.map((row) => ({ ...row, values: planned.get(row.sourcedId) ?? row.values })),
        moved,
        kept,
      };
    },

    /** Gives single enrollments other days; what was written of each. */
    async move(
      tx: Executor,
      enrollments: readonly (Standing & {
        readonly asked: Asked;
        readonly source: Source;
      })[],
    ): Promise<{ id: number; section: number; was: Membership; is: Membership }[]> {
      const sections = enrollments.map(({ section_id }) => section_id);
      const [taken, assumed] = [await takenIn(tx, sections), await assumedIn(tx, sections)];
      const known = await keptDays(
        tx,
        district,
        enrollments.map(({ id }) => id),
      );
      const told = await toldOf(
        tx,
        enrollments.map(({ id }) => id),
      );
      const askingOf = ({ asked, ...was }: Standing & { readonly asked: Asked }): Asking => ({
        ...{ section: was.section_id, person: was.person_id, asked, was },
      });
      const students = correctPast ? [] : enrollments.filter(({ admin }) => !admin);
      const beside = await elsewhere(tx, students.map(askingOf));
      const moved = enrollments.map(({ asked, source, ...stands }) => {
        const was = { ...stands, kept: known.get(stands.id) ?? [] };
        const is = become(
          stands.section_id,
          was,
          asked,
          {
            taken: taken.get(stands.section_id) ?? [],
            told: told.get(stands.id) ?? [],
            elsewhere: stands.admin ? [] : beside(askingOf({ ...stands, asked })),
            ...assumed(stands.section_id),
          },
          source,
        );
        return { id: stands.id, section: stands.section_id, was, is };
      });
      const rows = moved.map(({ id, is }) => [id, is.begin_date, is.end_date]);
      if (rows.length > 0) await tx.all(sql.days, { district, rows: JSON.stringify(rows) });
      await keep(tx, new Map(moved.map(({ id, section, is }) => [id, { section, days: is.kept }])));
      await journal(tx);
      return moved;
    },

    /**
     * Gives an enrollment that was made of several the days that all of its rows say together, as the next import of the
     * same rows would.
     */
    async settle(
      tx: Executor,
      stands: Pick<Standing, 'id' | 'section_id' | 'person_id'> & SaidDays & { readonly kept?: readonly Days[] },
      asked: SaidDays,
      sourcedIds: readonly string[],
    ): Promise<SaidDays & { kept: readonly Days[] }> {
      const { id, section_id: section } = stands;
      const was = { ...stands, kept: stands.kept ?? [] };
      const begins = { ...asked, inheritsBegin: Boolean(asked.inherits_begin) };
      const asking: Asking = { section, person: stands.person_id, asked: begins, was };
      const days = {
        taken: (await takenIn(tx, [section])).get(section) ?? [],
        told: (await toldOf(tx, [id])).get(id) ?? [],
        elsewhere: (await elsewhere(tx, [asking]))(asking),
        ...(await assumedIn(tx, [section]))(section),
      };
      if (correctPast) correct(section, was, asked, days, null);
      const is: Change = correctPast
        ? { ...asked, kept: [], rolls: 0, isDelayed: false }
        : changed(was, begins, days, today);
      const { begin_date, end_date } = is;
      const { inherits_begin, inherits_end } = asked;
      for (const sourcedId of sourcedIds) settled.set(sourcedId, is);
      const own = (days: SaidDays) =>
        JSON.stringify([
          [id, days.begin_date, days.end_date, Boolean(days.inherits_begin), Boolean(days.inherits_end)],
        ]);
      const rows = own({ ...asked, begin_date, end_date });
      if (rows !== own(stands)) await tx.all(sql.settle, { district, rows });
      if (!sameDays(was.kept, is.kept)) await keep(tx, new Map([[id, { section, days: is.kept }]]));
      await note(
        tx,
        district,
        (['begin_date', 'end_date'] as const).map((end) => {
          const [from, to] = [was[end], is[end]].sort();
          return { section, from: from!, to: to! };
        }),
      );
      await journal(tx);
      return { begin_date, end_date, inherits_begin, inherits_end, kept: is.kept };
    },

    /** Says of enrollments that were settled what became of them in the end. */
    retell(): void {
      if (settled.size === 0) return;
      mapInPlace(report.kept, (kept) => {
        const is = kept.enrollment === null ? undefined : settled.get(kept.sourcedId ?? ''); // null: of a class
        if (!is) return kept;
        return is.kept.length > 0 ? { ...kept, rolls: is.rolls } : undefined;
      });
      mapInPlace(report.delayed, (delayed) => {
        const begins = settled.get(delayed.sourcedId ?? '')?.begin_date ?? delayed.begins;
        return begins > delayed.said ? { ...delayed, begins } : undefined;
      });
    },

    /** Ends the enrollments that are no more, and gives up their sourcedIds. */
    async detach(tx: Executor, moved: Plan['moved']): Promise<void> {
      if (moved.length === 0) return;
      await tx.all(sql.detach, { district, rows: JSON.stringify(moved.map((row) => row.slice(0, 3))) });
    },

    /** Once new ones are in their place: these are listed by the same other sourcedIds. */
    async moveAliases(tx: Executor, moved: Plan['moved']): Promise<void> {
      if (moved.length === 0) return;
      const rows = JSON.stringify(moved.map(([id, , , sourcedId]) => [id, sourcedId]));
      await tx.all(sql.moveAliases, { district, rows });
    },

    keep,
    journal,
  };

  /** Journals what was corrected, after it was written. */
  async function journal(tx: Executor): Promise<void> {
    const pending = corrected.splice(0);
    if (pending.length === 0) return;
    const named = pending.flatMap(({ enrollment, sourcedId }) => (enrollment === null ? [[sourcedId]] : []));
    const rows = named.length === 0 ? [] : await tx.all(sql.named, { district, ids: JSON.stringify(named) });
    const ids = new Map(rows.map(({ sourced_id, id }) => [sourced_id, id]));
    const made = pending.map(({ sourcedId, enrollment, ...correction }) => ({
      ...correction,
      enrollment: enrollment ?? ids.get(sourcedId!)!,
    }));
    await corrections.note(tx, { district, api: CORRECTING }, today, made);
  }

  async function keep(tx: Executor, kept: Plan['kept']): Promise<void> {
    if (kept.size === 0) return;
    const ids = JSON.stringify([...kept.keys()].map((id) => [id]));
    const rows = [...kept].flatMap(([id, { section, days }]) =>
      days.map(({ begin_date, end_date }) => [section, id, begin_date, end_date]),
    );
    const before = await keptDays(tx, district, [...kept.keys()]);
    await note(
      tx,
      district,
      [...kept].flatMap(([id, { section, days }]) =>
        [...(before.get(id) ?? []), ...days].map((each) => ({ section, from: each.begin_date, to: each.end_date })),
      ),
    );
    await tx.all(sql.forgetKept, { district, ids });
    if (rows.length > 0) await tx.all(sql.keep, { district, rows: JSON.stringify(rows) });
  }
}

/** Replaces the items of a list, or leaves them out. */
function mapInPlace<Item>(items: Item[], map: (item: Item) => Item | undefined): void {
  let at = 0;
  for (const item of items) {
    const is = map(item);
    if (is !== undefined) items[at++] = is;
  }
  items.length = at;
}

const askedOf = ({ begin_date, end_date, inherits_begin }: Values): Asked => ({
  ...{ begin_date: String(begin_date), end_date: String(end_date), inheritsBegin: Boolean(inherits_begin) },
});

/** A correction of which the journal says when it is written; one that is new is known by its sourcedId until then. */
interface Pending extends Correction {
  readonly sourcedId: string | null;
}

/** It is of another student or section, or of a teacher who was a student. */
const isOther = (values: Values, before: Standing | undefined): boolean =>
  before !== undefined &&
  (before.section_id !== values.section_id ||
    before.person_id !== values.person_id ||
    Boolean(before.admin) !== Boolean(values.admin));

const isChange = (values: Values, before: Standing | undefined): boolean =>
  !before || isOther(values, before) || before.begin_date !== values.begin_date || before.end_date !== values.end_date;

const sameDays = (one: readonly Days[], other: readonly Days[]): boolean =>
  one.length === other.length &&
  one.every((days, index) => days.begin_date === other[index]!.begin_date && days.end_date === other[index]!.end_date);
