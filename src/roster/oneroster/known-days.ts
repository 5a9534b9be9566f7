import type { Database, Executor } from '../../database/database';
import { FIRST_DAY } from '../../days';
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
      const schools =
        gaining.length === 0
          ? new Map()
          : await schoolsOf(
              tx,
              gaining.map(({ section }) => section),
            );
      const rows = JSON.stringify(
        gaining.map(({ person, section, asked }) => [person, section, asked.begin_date, schools.has(section) ? 1 : 0]),
      );
      const asked = { district, last, today, rows };
      const rolls = hasRolls && gaining.length > 0 ? await tx.all(sql.rollsElsewhere, asked) : [];
      const stays = schools.size > 0 ? await tx.all(sql.staysElsewhere, asked) : [];
      const onRolls = grouped(rolls, (row) => [keyOf(row), row]);
      const inSchools = grouped(stays, (row) => [keyOf(row), row]);
      return ({ person, section, asked }) => {
        const key = keyOf({ person, section });
        const own: readonly InSchool[] = schools.get(section) ?? [];
        const inOthers = (school: number, days: readonly Days[]) =>
          commonDays(
            days,
            own.filter((each) => each.school !== school).map((each) => each.days),
          );
        const told = (onRolls.get(key) ?? []).flatMap(({ homerooms, school, date }) => {
          const day = [{ begin_date: date, end_date: dayAfter(date) }];
          return homerooms ? day : inOthers(school, day);
        });
        const listed = (inSchools.get(key) ?? []).flatMap(({ school, assumes, placed_begin, placed_end, ...days }) => {
          if (!assumes && !asked.inheritsBegin) return [];
          const placed = { begin_date: placed_begin, end_date: placed_end };
          const over = { begin_date: FIRST_DAY, end_date: today };
          return inOthers(school, commonDays(commonDays([countedFrom(since, days)], [placed]), [over]));
        });
        return [...told, ...listed];
      };
    },
  };
}

const keyOf = ({ person, section }: Pick<Asking, 'person' | 'section'>): string => `${person} ${section}`;

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
