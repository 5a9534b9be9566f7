import type { Database } from '../database/database';
import { idOn } from '../days';
import type { Status } from '../ledger/attendance';
import { breath } from './breath';
import type { countingSql } from './counting-sql';
import { type Day, type DayOfRolls, dayOf } from './rule';

/** A day as it stands: how many rolls were taken, and what it was for each student that they were taken for. */
export interface ReadDay {
  readonly date: string;
  readonly rolls: number;
  readonly statuses: ReadonlyMap<number, Day>;
}

interface Roll {
  readonly section: number;
  readonly date: string;
}

interface Enrolled {
  readonly section: number;
  readonly enrollment: number;
  readonly person: number;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
}

interface Exception {
  readonly enrollment: number;
  readonly date: string;
  readonly status: Exclude<Status, 1>;
}

type Tally = { -readonly [Count in keyof DayOfRolls]: number };

/** Reads days of a school from the ledger and the roster, in their order. */
export function openReadDays(database: Database, sql: ReturnType<typeof countingSql>) {
  return async (of: { district: number; school: number }, dates: readonly string[]): Promise<ReadDay[]> => {
    const found = await database.all<Roll>(sql.rolls, { ...of, from: dates[0]!, to: dates.at(-1)! });
    const rolls = byKey(found, ({ date }) => date);
    const asked = dates.flatMap((date) => rolls.get(date) ?? []);
    const sections = JSON.stringify([...new Set(asked.map(({ section }) => section))].map((id) => [id]));
    await breath();
    const enrolled = await database.all<Enrolled>(sql.enrolled, { district: of.district, ids: sections });
    const classes = byKey(enrolled, ({ section }) => section);
    await breath();
    const pairs = JSON.stringify(asked.map(({ section, date }) => [section, date]));
    const marks = await database.all<Exception>(sql.exceptions, { district: of.district, rolls: pairs });
    const standing = new Map(marks.map(({ enrollment, date, status }) => [idOn(enrollment, date), status]));
    const days: ReadDay[] = [];
    for (const date of dates) {
      await breath();
      const taken = rolls.get(date) ?? [];
      days.push({ date, rolls: taken.length, statuses: statusesOn(date, taken, classes, standing) });
    }
    return days;
  };
}

function statusesOn(
  date: string,
  rolls: readonly Roll[],
  classes: ReadonlyMap<number, readonly Enrolled[]>,
  standing: ReadonlyMap<number, Exception['status']>,
): Map<number, Day> {
  const tallies = new Map<number, Tally>();
  for (const { section } of rolls)
    for (const { enrollment, person, begin_date, end_date } of classes.get(section) ?? []) {
      if (date < begin_date || date >= end_date) continue;
      const tally = tallies.get(person) ?? { rolls: 0, absent: 0, late: 0, excused: 0 };
      tally.rolls++;
      const status = standing.get(idOn(enrollment, date));
      if (status) tally[kinds[status]]++;
      tallies.set(person, tally);
    }
  return new Map([...tallies].map(([person, tally]) => [person, dayOf(tally)]));
}

const kinds = { 2: 'absent', 3: 'late', 4: 'excused' } as const;

function byKey<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
