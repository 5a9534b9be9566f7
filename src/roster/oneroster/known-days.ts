import type { Database, Executor } from '../../database/database';
import { earlier, FIRST_DAY, LAST_DAY } from '../../days';
import { commonDays, type Days } from '../enrolled';
import { type Asked, countedFrom, dayAfter, type KnownDays } from '../past';
import type { CountedBefore } from './counted-days';
import { pastSql } from './past-sql';

type AssumedDays = Pick<KnownDays, 'assumed' | 'counted'>;

/** What is to become of an enrollment. */
export interface Asking {
  readonly section: number;
  readonly person: number;
  readonly asked: Asked;
  /** Undefined where it is new. */
  readonly was: Days | undefined;
}

/** The days of one school. */
interface InSchool {
  readonly school: number;
  readonly days: Days;
}

/** Reads what is known of days up to today, many classes or students at a time. */
export async function openKnownDays(
  database: Database,
  district: number,
  today: string,
  { since, ofSchools, last }: CountedBefore,
) {
  const sql = pastSql(database);
  const [found] = await database.all(sql.any, { district, today });
  const [hasRolls, assumes] = [found!.rolls === 1, found!.assumes === 1];
  const idRows = (ids: Iterable<number>) => JSON.stringify([...new Set(ids)].map((id) => [id]));

  /** The days on which each of these sections was in a school in which students who are not marked count as present. */
  async function schoolsOf(tx: Executor, sections: Iterable<number>): Promise<ReadonlyMap<number, InSchool[]>> {
    if (!assumes) return new Map();
    const rows = await tx.all(sql.assumed, { district, ids: idRows(sections) });
    return grouped(rows, ({ section, school, ...days }) => [section, { school, days }]);
  }

  return {
    /** Whether anything is known. */
    any: hasRolls || assumes,

    /** The days that count in these sections though nobody took the roll, and those of them that did before the import. */
    async assumedIn(tx: Executor, sections: Iterable<number>): Promise<(section: number) => AssumedDays> {
      const schools = await schoolsOf(tx, sections);
      return (section) => {
        const assumed = schools.get(section) ?? [];
        const days = assumed.flatMap((each) => commonDays(ofSchools.get(each.school) ?? [], [each.days]));
        return { assumed: assumed.map((each) => each.days), counted: { days, since } };
      };
    },

    /** The days up to today on which the rolls of these sections were taken. */
    async takenIn(tx: Executor, sections: Iterable<number>): Promise<Map<number, string[]>> {
      const ids = idRows(sections);
      if (!hasRolls || ids === '[]') return new Map();
      return grouped(await tx.all(sql.taken, { district, today, ids }), ({ section, date }) => [section, date]);
    },

    /** The days up to today on which something was said of these students. */
    async toldOf(tx: Executor, enrollments: readonly number[]): Promise<Map<number, string[]>> {
      if (!hasRolls || enrollments.length === 0) return new Map();
      const rows = await tx.all(sql.told, { district, today, ids: idRows(enrollments) });
      return grouped(rows, ({ enrollment, date }) => [enrollment, date]);
    },

    /**
     * The days up to today on which a student who is to be in a section was elsewhere: on a roll of another homeroom, where it
     * is one; and in another school, where it is in one that counts untaken days. Days of which nothing counts there
     * say it only where nobody says when the student came.
     */
    async elsewhere(tx: Executor, asking: readonly Asking[]): Promise<(of: Asking) => Days[]> {
      const gaining = last > 0 && (hasRolls || assumes) ? asking.filter((each) => gainsPast(each, today)) : [];
      if (gaining.length === 0) return () => [];
      const schools = await schoolsOf(
        tx,
        gaining.map(({ section }) => section),
      );
      const ownSchools = ({ section }: Pick<Asking, 'section'>) => schools.get(section) ?? [];
      const assuming = gaining.filter((each) => ownSchools(each).length > 0);
      const of = { district, last, today };
      const inSections = { ...of, rows: firstRows(gaining, ({ section }) => section) };
      const inSchools = { ...of, rows: firstRows(assuming, (each) => askedSchool(ownSchools(each))) };
      const homerooms = hasRolls ? await tx.all(sql.homeroomDays, inSections) : [];
      const known = hasRolls && assuming.length > 0 ? await tx.all(sql.schoolDays, inSchools) : [];
      const stays = assuming.length > 0 ? await tx.all(sql.schoolStays, inSchools) : [];
      const inHomerooms = grouped(homerooms, ({ person, section, date }) => [`${person} ${section}`, dayOf(date)]);
      const knownIn = grouped(known, (row) => [`${row.person} ${row.asked}`, row]);
      const staysIn = grouped(stays, (row) => [`${row.person} ${row.asked}`, row]);
      return (each) => {
        const own = ownSchools(each);
        const key = `${each.person} ${askedSchool(own)}`;
        const inOthers = (school: number, days: readonly Days[]) =>
          commonDays(
            days,
            own.filter((other) => other.school !== school).map((other) => other.days),
          );
        return [
          ...(inHomerooms.get(`${each.person} ${each.section}`) ?? []),
          ...(knownIn.get(key) ?? []).flatMap(({ school, date }) => inOthers(school, [dayOf(date)])),
          ...(staysIn.get(key) ?? [])
            .filter(({ assumes }) => assumes || each.asked.inheritsBegin)
            .flatMap(({ school, placed_begin, placed_end, ...days }) => {
              const placed = { begin_date: placed_begin, end_date: earlier(placed_end, today) };
              return inOthers(school, commonDays([countedFrom(since, days)], [placed]));
            }),
        ];
      };
    },
  };
}

/** One row for each student in a section, or in a school, from the first day that is asked on. */
function firstRows(asking: readonly Asking[], placeOf: (each: Asking) => number): string {
  const first = new Map<string, [person: number, place: number, begin: string]>();
  for (const each of asking) {
    const key = `${each.person} ${placeOf(each)}`;
    const begin = first.get(key)?.[2] ?? each.asked.begin_date;
    first.set(key, [each.person, placeOf(each), earlier(begin, each.asked.begin_date)]);
  }
  return JSON.stringify([...first.values()]);
}

/** The school in which a section always was, so that those in it need not be read. */
const askedSchool = (own: readonly InSchool[]): number =>
  own.length === 1 && own[0]!.days.begin_date === FIRST_DAY && own[0]!.days.end_date === LAST_DAY
    ? own[0]!.school
    : ANY_SCHOOL;
const ANY_SCHOOL = -1;

const dayOf = (date: string): Days => ({ begin_date: date, end_date: dayAfter(date) });

/** Whether an enrollment is to have days that are over, or today, and were not its own. */
const gainsPast = ({ was, asked }: Asking, today: string): boolean =>
  asked.begin_date <= today &&
  asked.begin_date < asked.end_date &&
  (!was || asked.begin_date < was.begin_date || (asked.end_date > was.end_date && was.end_date <= today));

/** By keys, in their order. */
function grouped<Row, Key, Item>(rows: readonly Row[], of: (row: Row) => readonly [Key, Item]): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const row of rows) {
    const [key, item] = of(row);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
