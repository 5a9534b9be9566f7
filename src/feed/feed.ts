/*
 * `src/feed/`: What has changed in a district, in an order in which nothing is ever missed, for others to follow: statuses and
 * rolls from the journal, and what it does not have. `waiting.ts` waits for more.
 */
import type { Change } from '../../schemas/rollbook/changes';
import type { Database, Engine, Executor } from '../database/database';
import { LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { turn } from '../lib/event-loop';
import { openReadableDays, scopeOf, seesDistrict } from '../roster/access';
import { type Days, isWithin, meet } from '../roster/enrolled';
import { openFormerSchools, schoolAt } from '../roster/section-schools';
import { journaledChange, otherChange } from './change';
import type { Cursor } from './cursors';
import { type Expired, isBefore, type Position } from './position';
import { endSql, feedSql, type JournaledRow, type OtherRow, upTo } from './sql';

/** Which changes are asked for. */
export interface Asked {
  readonly after: Position;
  readonly section: number | null;
  readonly school: number | null;
  /** How many at most. */
  readonly limit: number;
}

export interface Page {
  readonly changes: readonly Change[];
  /** The place of one of them. */
  placeOf(index: number): Position;
  /** Where to go on, also where nothing was found. */
  readonly next: Position;
  /** Whether there may be more by now. Without it every revision of which there is a change is there with all of its changes. */
  readonly more: boolean;
}

export type Feed = ReturnType<typeof openFeed>;

/** How many changes are looked at between two turns of others: a few milliseconds' work. */
const STEP = 2_500;
/** And at least, however few are asked for: of many of them nothing may be shown. */
const LEAST = 100;
/** How many are looked at for one page: where few of them may be shown it is short, or empty, and there is more. */
const MOST = 10_000;

/** A row, and what it is to others; nothing, where it is nothing to them. */
interface Read {
  readonly row: JournaledRow | OtherRow;
  readonly change: Change | undefined;
}

/** What is answered of the rows: ten thousand of them are not kept until the last is read. */
interface Found {
  readonly changes: Change[];
  readonly transactions: number[];
}

/** The end of what may be read of the changes of a district now, as a database that may lag behind has it. */
export function openEnd(engine: Engine) {
  const { end, expired } = endSql(engine);
  return async (executor: Executor, district: number): Promise<Pick<Cursor, 'place' | 'times'>> => {
    const [gone] = await executor.all(expired, { district });
    const [place] = await executor.all(end);
    return { place: positionOf(place!), times: gone?.times ?? 0 };
  };
}

/** Reads the changes of districts, always from the database itself: a copy of it may lag. */
export function openFeed(given: Database) {
  const database = given.primary ?? given;
  const sql = feedSql(database);
  const readableDays = openReadableDays(database);
  const formerSchools = openFormerSchools(database);

  /** No change that is not there yet will come before it, whoever writes. */
  const written = async (): Promise<Position> => positionOf((await database.all(sql.end))[0]!);

  return {
    /** Changes after a place, in order, that the actor may see. */
    async read(actor: Actor, { after, limit, ...filter }: Asked): Promise<Page> {
      const end = await written();
      const step = Math.min(STEP, Math.max(LEAST, limit + 1));
      const found: Found = { changes: [], transactions: [] };
      let last: Read['row'] | undefined; // that was looked at
      const place = () => (last ? positionOf(last) : after);
      const readAfter = (place: Position) => rowsBetween(actor.district, place, end, step);
      let coming = readAfter(after);
      for (let looked = step; ; looked += step) {
        const rows = await coming;
        const isEnd = rows.length < step;
        const isLast = isEnd || looked >= MOST;
        // While these are looked at, the database reads on.
        const ahead =
          isLast || found.changes.length + step > limit ? undefined : readAfter(positionOf(rows.at(-1)!.row));
        ahead?.catch(() => undefined); // thrown once it is waited for
        const isWanted = await wantedOf(actor, filter, rows);
        for (const each of rows) {
          if (each.change && isWanted(each)) {
            if (found.changes.length === limit) return pageOf(found, place(), true);
            found.changes.push(each.change);
            found.transactions.push(each.row.transaction);
          }
          last = each.row;
        }
        if (isEnd) return pageOf(found, isBefore(place(), end) ? end : place(), false);
        if (isLast) return pageOf(found, place(), true);
        await turn();
        coming = ahead ?? readAfter(place());
      }
    },

    /** The end of what may be read now; the same of every district. */
    now: (_district: number): Promise<Position> => written(),

    /** Nothing where none were ever taken away. */
    async expired(district: number): Promise<Expired | undefined> {
      const [row] = await database.all(sql.expired, { district });
      return row && { place: positionOf(row), times: row.times };
    },

    /** Those of the districts that have something to read after the place. */
    async withMore(places: ReadonlyMap<number, Position>): Promise<readonly number[]> {
      const asked = [...places].map(([district, { transaction, id }]) => [district, Number(transaction), id]);
      const values = { asked: JSON.stringify(asked), ...upTo(await written()) };
      return (await database.all(sql.withMore, values)).map(({ district }) => district);
    },
  };

  /** The first of both kinds, in one order. None is added between the two places, so that they can be read one by one. */
  async function rowsBetween(district: number, after: Position, to: Position, limit: number): Promise<Read[]> {
    const values = {
      ...{ district, limit },
      ...{ transaction: Number(after.transaction), id: after.id },
      ...upTo(to),
    };
    const [journaled, others] = await Promise.all([
      database.all(sql.journaled, values),
      database.all(sql.others, values),
    ]);
    const rows: Read[] = journaled.map((row) => ({ row, change: journaledChange(row) }));
    if (others.length === 0) return rows;
    for (const row of others) rows.push({ row, change: otherChange(row) });
    return rows.sort((one, other) => inOrder(one.row, other.row)).slice(0, limit);
  }

  /** Whether a change is asked for, and may be seen by the actor as things are now. */
  async function wantedOf(
    actor: Actor,
    { section, school }: Omit<Asked, 'after' | 'limit'>,
    rows: readonly Read[],
  ): Promise<(read: Read) => boolean> {
    const sections = new Set(rows.flatMap(({ row }) => row.section ?? []));
    const schoolOf = school === null ? undefined : await schoolsOf(actor, sections);
    const daysOf = await readableDays(actor, seesDistrict(actor) ? [] : sections);
    const seen = await peopleSeen(actor, rows);
    return ({ row, change }) => {
      // Whoever has a copy of anything has to hear of it.
      if (change && isOfPerson(change)) return seen === undefined || seen.has(change.person);
      if (section !== null && row.section !== section) return false;
      if (schoolOf && schoolOf(row.section!, row.date ?? LAST_DAY) !== school) return false;
      return seesDistrict(actor) || isReadable(row, daysOf(row.section!));
    };
  }

  /** The school of a section on a day. */
  async function schoolsOf(
    { district }: Actor,
    sections: ReadonlySet<number>,
  ): Promise<(section: number, date: string) => number> {
    const ids = JSON.stringify([...sections].map((id) => [id]));
    const now = new Map(
      (await database.all(sql.schools, { district, sections: ids })).map((row) => [row.section, row.school]),
    );
    const former = await formerSchools(database, district, sections);
    return (section, date) => schoolAt(date, now.get(section) ?? 0, former.get(section));
  }

  /** Those of the people who were erased, or kept in a merge, of whom the actor may know; undefined where they may know of all. */
  async function peopleSeen(actor: Actor, rows: readonly Read[]): Promise<ReadonlySet<number> | undefined> {
    if (seesDistrict(actor)) return undefined;
    const asked = rows.flatMap(({ change }) => (change && isOfPerson(change) ? [[change.person]] : []));
    if (asked.length === 0) return new Set();
    const found = await database.all(sql.people, { ...scopeOf(actor), people: JSON.stringify(asked) });
    return new Set(found.map(({ id }) => id));
  }
}

const isOfPerson = (change: Change) => change.kind === 'person.erased' || change.kind === 'person.merged';

/** What is of a day, or of days, is seen by who may read these; what is of the section, by who may read any. */
function isReadable(row: JournaledRow | OtherRow, readable: readonly Days[]): boolean {
  const { date } = row;
  if (date !== null) return readable.some((days) => isWithin(date, days));
  const { begin_date, end_date } = row as OtherRow;
  const isOfDays = begin_date !== null && end_date !== null && begin_date < end_date;
  return isOfDays ? readable.some((days) => meet(days, { begin_date, end_date })) : readable.length > 0;
}

const pageOf = ({ changes, transactions }: Found, next: Position, more: boolean): Page => ({
  changes,
  placeOf: (index) => positionOf({ transaction: transactions[index]!, id: changes[index]!.id }),
  ...{ next, more },
});

const inOrder = (one: Read['row'], other: Read['row']): number =>
  one.transaction - other.transaction || one.id - other.id;

const positionOf = ({ transaction, id }: { transaction: number; id: number }): Position => ({
  transaction: String(transaction),
  id,
});
