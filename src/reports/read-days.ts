import type { Database } from '../database/database';
import { day, integer, oneOf, type RowOf } from '../database/rows';
import { idOn } from '../days';
import { Status, status } from '../ledger/attendance';
import { yieldToEventLoop } from '../lib/event-loop';
import { isWithin } from '../roster/enrolled';
import { type Gaps, openGaps } from '../roster/gaps';
import { type FormerSchool, openFormerSchools, schoolAt } from '../roster/section-schools';
import { type Assuming, openAssuming } from './assuming';
import type { countingSql } from './counting';
import { type Day, DayTally } from './rule';

/** A day as it stands: how many rolls are taken, and what it was for each student of whom anything is known. */
export interface ReadDay {
  readonly date: string;
  readonly rolls: number;
  /** Whether students who are not marked are among them as present, though nobody took the roll. */
  readonly assumed: boolean;
  readonly statuses: ReadonlyMap<number, Day>;
}

export const meetingRow = { section: integer, date: day, taken: oneOf(0, 1) };
type MeetingRow = RowOf<typeof meetingRow>;

export const sectionRow = {
  section: integer,
  /** In which it is now, 0 for none. */
  school: integer,
  homeroom: oneOf(0, 1),
};
type SectionRow = RowOf<typeof sectionRow>;

export const enrolledRow = {
  section: integer,
  enrollment: integer,
  person: integer,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
};
type Enrolled = RowOf<typeof enrolledRow>;

export const toldRow = { enrollment: integer, date: day, status };

/** What days are made of. */
interface Sources {
  readonly meetings: ReadonlyMap<string, readonly MeetingRow[]>;
  readonly sections: readonly SectionRow[];
  /** The schools in which sections were before. */
  readonly former: ReadonlyMap<number, readonly FormerSchool[]>;
  readonly classes: ReadonlyMap<number, readonly Enrolled[]>;
  /** What was told of single students, by the ids of attendances. */
  readonly told: ReadonlyMap<number, Status>;
  readonly assuming: Assuming | undefined;
  /** Days on which a section does not meet. */
  readonly gaps: Gaps;
}

/** Sections whose students are read with one statement: a school that is years old has many. */
const AT_ONCE = 500;

/** Reads days of a school from the ledger and the roster, in their order. */
export function openReadDays(database: Database, sql: ReturnType<typeof countingSql>) {
  const assumingIn = openAssuming(database);
  const { ofSections } = openGaps(database);
  const formerSchools = openFormerSchools(database);

  return async (of: { district: number; school: number }, dates: readonly string[]): Promise<ReadDay[]> => {
    const { district, school } = of;
    const range = { from: dates[0]!, to: dates.at(-1)! };
    const assuming = (await assumingIn(district, school)).get(school);
    const met = byKey(await database.all(sql.meetings, { ...of, ...range }), ({ date }) => date);
    const asked = dates.flatMap((date) => met.get(date) ?? []);
    const isAssumed = assuming !== undefined && range.from <= assuming.until;
    const sections = isAssumed ? await database.all(sql.sections, of) : sectionsOf(asked, school);
    const ids = sections.map(({ section }) => section);
    const former = isAssumed ? await formerSchools(database, district, ids) : new Map();
    await yieldToEventLoop();
    const classes = await classesOf(district, sections, range);
    await yieldToEventLoop();
    const gaps: Gaps = isAssumed ? await ofSections(database, district, ids) : new Map();
    const told = await toldIn(district, asked);
    const sources = { meetings: met, sections, former, gaps, classes, told, assuming };
    const days: ReadDay[] = [];
    for (const date of dates) {
      await yieldToEventLoop();
      days.push(dayOf(date, sources));
    }
    return days;
  };

  async function classesOf(district: number, sections: readonly SectionRow[], range: { from: string; to: string }) {
    const enrolled: Enrolled[] = [];
    for (let from = 0; from < sections.length; from += AT_ONCE) {
      if (from > 0) await yieldToEventLoop();
      const ids = JSON.stringify(sections.slice(from, from + AT_ONCE).map(({ section }) => [section]));
      for (const row of await database.all(sql.enrolled, { district, ids, ...range })) enrolled.push(row);
    }
    return byKey(enrolled, ({ section }) => section);
  }

  async function toldIn(district: number, meetings: readonly MeetingRow[]): Promise<Map<number, Status>> {
    const rolls = (some: readonly MeetingRow[]) => JSON.stringify(some.map(({ section, date }) => [section, date]));
    const open = meetings.filter(({ taken }) => !taken);
    const marks = await database.all(sql.exceptions, { district, rolls: rolls(meetings) });
    const presences = open.length > 0 ? await database.all(sql.presences, { district, rolls: rolls(open) }) : [];
    return new Map([...marks, ...presences].map(({ enrollment, date, status }) => [idOn(enrollment, date), status]));
  }
}

/** Which of them are homerooms makes no difference there, nor where they are on other days. */
const sectionsOf = (meetings: readonly MeetingRow[], school: number): SectionRow[] =>
  [...new Set(meetings.map(({ section }) => section))].map((section) => ({ section, school, homeroom: 0 }));

function dayOf(date: string, { meetings, sections, former, gaps, classes, told, assuming }: Sources): ReadDay {
  const held = new Map((meetings.get(date) ?? []).map(({ section, taken }) => [section, taken]));
  const assumed = assuming !== undefined && date <= assuming.until;
  const tallies = new Map<number, DayTally>();
  const of = (person: number): DayTally => {
    const tally = tallies.get(person) ?? new DayTally();
    tallies.set(person, tally);
    return tally;
  };
  for (const { section, school, homeroom } of sections) {
    const taken = held.get(section);
    const isExpected =
      assumed &&
      schoolAt(date, school, former.get(section)) === assuming.school &&
      !gaps.get(section)?.some((days) => isWithin(date, days));
    if (taken === undefined && !isExpected) continue;
    for (const { enrollment, person, begin_date, end_date } of classes.get(section) ?? []) {
      if (date < begin_date || date >= end_date) continue;
      const status =
        taken === undefined ? undefined : (told.get(idOn(enrollment, date)) ?? (taken ? Status.present : undefined));
      if (status) of(person).add(status, Boolean(homeroom));
      else if (isExpected && date >= assuming.since(begin_date)) of(person).assume();
    }
  }
  const statuses = new Map([...tallies].map(([person, tally]) => [person, tally.day()!]));
  const rolls = [...held.values()].filter(Boolean).length;
  return { date, rolls, assumed, statuses };
}

function byKey<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
