import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { day, integer, type RowOf } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import { yieldToEventLoop } from '../lib/event-loop';
import {
  everOfSchool,
  openFormerSchools,
  partsIn,
  type SectionStretch,
  schoolAt,
  schoolOn,
} from '../roster/section-schools';
import { type Assuming, openAssuming, openDaysToAssume } from './assuming';
import { placeOf, withDay, yearOfDay } from './chronic';
import { countedSql } from './counted';
import { enrolledRow, meetingRow, openReadDays, type ReadDay, sectionRow, toldRow } from './read-days';

/** The statements that count what was written, school by school and day by day. */
export function countingSql({ knex, rows, hasOneOf }: Engine) {
  const ids = rows('ids', { id: 'bigint' });
  return {
    /** Sections that were written to since they were counted, with the last journal row that was. */
    changed: text(
      knex,
      `select sections.id as section, coalesce(sections.school_id, 0) as school, sections.revision,
        sections.counted_journal as after
      from sections
      where sections.district_id = :district and sections.revision <> sections.counted_revision
      order by sections.id`,
      changedRow,
    ),
    recounts: text(
      knex,
      `select recounts.id, recounts.section_id as section, recounts.from_date, recounts.to_date,
        coalesce(recounts.school_id, sections.school_id, 0) as school
      from recounts
      join sections on sections.district_id = recounts.district_id and sections.id = recounts.section_id
      where recounts.district_id = :district
      order by recounts.id
      limit :limit`,
      recountRow,
    ),
    /** The days on which sections were written to, and the last row that says so. */
    written: text(
      knex,
      `select journal.section_id as section, journal.date, max(journal.id) as last
      from ${rows('sections', { section: 'bigint', after: 'bigint' })} as asked
      cross join journal
      where journal.section_id = asked.section and journal.id > asked.after and +journal.district_id = :district
      group by journal.section_id, journal.date`,
      { ...lastRow, date: day },
    ),
    /** The days on which sections met. */
    met: text(
      knex,
      `select distinct meetings.date
      from ${rows('stretches', { section: 'bigint', from_date: 'date', to_date: 'date' })} as asked
      cross join meetings
      where meetings.district_id = :district and meetings.section_id = asked.section
        and meetings.date >= asked.from_date and meetings.date < asked.to_date`,
      { date: day },
    ),
    /** The newest row of the journal of sections that were never counted. */
    newest: text(
      knex,
      `select asked.id as section,
        (select coalesce(max(journal.id), 0) from journal
          where journal.section_id = asked.id and +journal.district_id = :district) as last
      from ${ids} as asked`,
      lastRow,
    ),
    /** The meetings of a school in a range of days, and whether their rolls are taken. */
    meetings: text(
      knex,
      `select meetings.section_id as section, meetings.date, case when meetings.taken_at is null then 0 else 1 end as taken
      from sections
      cross join meetings
      where ${everOfSchool}
        and meetings.district_id = :district and meetings.section_id = sections.id
        and meetings.date >= :from and meetings.date <= :to and ${schoolOn('meetings.date')} = :school`,
      meetingRow,
    ),
    /** Those that are in a school, or ever were. */
    sections: text(
      knex,
      `select sections.id as section, coalesce(sections.school_id, 0) as school,
        case when sections.class_type = 'homeroom' then 1 else 0 end as homeroom
      from sections
      where ${everOfSchool}`,
      sectionRow,
    ),
    /** Who is in sections in a range of days. */
    enrolled: text(
      knex,
      `select enrollments.section_id as section, enrollments.id as enrollment, enrollments.person_id as person,
        enrollments.begin_date, enrollments.end_date
      from ${ids} as asked
      cross join enrollments
      where enrollments.section_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.begin_date <= :to and enrollments.end_date > :from
      union all
      select kept_days.section_id, kept_days.enrollment_id, enrollments.person_id, kept_days.begin_date, kept_days.end_date
      from ${ids} as asked
      cross join kept_days
      join enrollments on enrollments.district_id = kept_days.district_id and enrollments.id = kept_days.enrollment_id
      where kept_days.section_id = asked.id and +kept_days.district_id = :district and not enrollments.admin
        and kept_days.begin_date <= :to and kept_days.end_date > :from`,
      enrolledRow,
    ),
    exceptions: text(
      knex,
      `select marks.enrollment_id as enrollment, marks.date, marks.status
      from ${rows('rolls', { section: 'bigint', date: 'date' })} as asked
      cross join marks
      where marks.district_id = :district and marks.section_id = asked.section and marks.date = asked.date`,
      toldRow,
    ),
    presences: text(
      knex,
      `select presences.enrollment_id as enrollment, presences.date, 1 as status
      from ${rows('rolls', { section: 'bigint', date: 'date' })} as asked
      cross join presences
      where presences.district_id = :district and presences.section_id = asked.section and presences.date = asked.date`,
      toldRow,
    ),
    ...keepingSql({ knex, rows }),
    // In this order, as writers hold them, so that nobody waits in a circle.
    hold: text(
      knex,
      knex('sections')
        .select('sections.id')
        .whereRaw(`+sections.district_id = :district and ${hasOneOf('sections.id', 'ids')}`)
        .orderBy('sections.id')
        .forUpdate()
        .toQuery(),
      { id: integer },
    ),
    done: text(
      knex,
      `update sections set counted_revision = asked.revision, counted_journal = asked.last
      from ${rows('sections', { section: 'bigint', revision: 'bigint', last: 'bigint' })} as asked
      where sections.id = asked.section and +sections.district_id = :district`,
    ),
    forget: text(
      knex,
      `delete from recounts
      where recounts.district_id = :district and recounts.id in (select asked.id from ${ids} as asked)`,
    ),
  };
}

/** What is kept of a school. */
function keepingSql({ knex, rows }: Pick<Engine, 'knex' | 'rows'>) {
  return {
    lines: countedSql({ knex }).lines,
    version: text(
      knex,
      `select counted_schools.version from counted_schools
      where counted_schools.district_id = :district and counted_schools.school_id = :school`,
      { version: integer },
    ),
    /** Returns a row if nobody has counted in the school since it was at this version, 0 where it was at none. */
    claim: text(
      knex,
      `insert into counted_schools (district_id, school_id, version)
      values (:district, :school, 1)
      on conflict (district_id, school_id) do update set version = counted_schools.version + 1
      where counted_schools.version = :version
      returning version`,
      { version: integer },
    ),
    keepLines: text(
      knex,
      `insert into counted_students (district_id, year, school_id, person_id, days)
      select :district, :year, :school, asked.person, asked.line
      from ${rows('lines', { person: 'bigint', line: 'text' })} as asked
      where true
      on conflict (district_id, year, school_id, person_id) do update set days = excluded.days`,
    ),
    keepDays: text(
      knex,
      `insert into counted_days (district_id, date, school_id, rolls, students, absent, excused, late, partial, assumed)
      select :district, asked.date, :school, asked.rolls, asked.students, asked.absent, asked.excused, asked.late,
        asked.partial, asked.assumed
      from ${rows('days', {
        date: 'date',
        rolls: 'bigint',
        students: 'bigint',
        absent: 'bigint',
        excused: 'bigint',
        late: 'bigint',
        partial: 'bigint',
        assumed: 'boolean',
      })} as asked
      where true
      on conflict (district_id, date, school_id) do update set rolls = excluded.rolls,
        students = excluded.students, absent = excluded.absent, excused = excluded.excused, late = excluded.late,
        partial = excluded.partial, assumed = excluded.assumed`,
    ),
  };
}

/** How many days are written together: the lines of a school's students are read and written once for them. */
const AT_ONCE = 20;

/** Counts days of a school anew from what stands in the ledger. */
export function openCountDays(database: Database, sql: ReturnType<typeof countingSql>) {
  const read = openReadDays(database, sql);

  return async (district: number, school: number, dates: readonly string[]): Promise<void> => {
    const byYear = new Map<number, string[]>();
    for (const date of dates) byYear.set(yearOfDay(date), [...(byYear.get(yearOfDay(date)) ?? []), date]);
    for (const [year, days] of byYear)
      for (let from = 0; from < days.length; from += AT_ONCE)
        while (!(await count({ district, school, year }, days.slice(from, from + AT_ONCE))));
  };

  /** False where another process has counted in the school meanwhile: what was read may be older than what that wrote. */
  async function count(of: { district: number; school: number; year: number }, dates: readonly string[]) {
    const version = (await database.all(sql.version, of))[0]?.version ?? 0;
    const lines = new Map((await database.all(sql.lines, of)).map(({ person, line }) => [person, line]));
    const days = await read(of, dates);
    const changed = changedLines(lines, days);
    await yieldToEventLoop();
    return database.transaction(async (tx) => {
      if ((await tx.all(sql.claim, { ...of, version })).length === 0) return false;
      if (changed.length > 0) await tx.all(sql.keepLines, { ...of, lines: JSON.stringify(changed) });
      await tx.all(sql.keepDays, { ...of, days: JSON.stringify(days.map(sumsOf)) });
      return true;
    });
  }
}

/** The lines that another day makes other lines, as rows. */
function changedLines(lines: ReadonlyMap<number, string>, days: readonly ReadDay[]): [number, string][] {
  const places = days.map(({ date }) => placeOf(date));
  const people = new Set([...lines.keys(), ...days.flatMap(({ statuses }) => [...statuses.keys()])]);
  return [...people].flatMap((person): [number, string][] => {
    const before = lines.get(person) ?? '';
    const after = days.reduce((line, { statuses }, at) => withDay(line, places[at]!, statuses.get(person)), before);
    return after === before ? [] : [[person, after]];
  });
}

function sumsOf({ date, rolls, assumed, statuses }: ReadDay): unknown[] {
  const counts = { 1: 0, 2: 0, 3: 0, 4: 0 };
  let partials = 0;
  for (const { status, partial } of statuses.values()) {
    counts[status]++;
    if (partial) partials++;
  }
  return [date, rolls, statuses.size, counts[2] + counts[4], counts[4], counts[3], partials, assumed];
}

/** A section as it was when counting began. */
const changedRow = {
  section: integer,
  school: integer,
  revision: integer,
  /** The last row of its journal that has been counted; 0 where it was never counted. */
  after: integer,
};
type ChangedSection = RowOf<typeof changedRow>;

/** Days of a section whose roster has changed, in the school that it is or was in. */
const recountRow = { id: integer, section: integer, school: integer, from_date: day, to_date: day };
type Recount = RowOf<typeof recountRow>;

/** How many changes of the roster are followed at a time. */
const MOST = 10_000;

/** What has to be counted in a school. */
interface Work {
  readonly changed: ChangedSection[];
  readonly recounts: Recount[];
  /** Where students who are not marked count as present on past days. */
  readonly assuming?: Assuming | undefined;
}

const lastRow = { section: integer, last: integer };
type Last = RowOf<typeof lastRow>;

/** What has changed in sections of a school. */
interface Changes {
  readonly written: readonly { readonly section: number; readonly date: string }[];
  readonly stretches: readonly SectionStretch[];
  readonly assumingIn: ReadonlyMap<number, Assuming>;
}

/**
 * Brings what reports have counted up to date, school by school, in steps between which others have their turn. The
 * rows of a section's journal come in the order of its revisions, so that what was written since it was counted is
 * known, whatever else is written meanwhile. A school that was not counted to its end is counted again.
 */
export function openCounting(database: Database): (district: number) => Promise<void> {
  const sql = countingSql(database);
  const countDays = openCountDays(database, sql);
  const assumingIn = openAssuming(database);
  const daysToAssume = openDaysToAssume(database);
  const formerSchools = openFormerSchools(database);

  return async (district) => {
    while (await countSome(district));
  };

  /** Whether there may be more. */
  async function countSome(district: number): Promise<boolean> {
    const changed = await database.all(sql.changed, { district });
    const recounts = await database.all(sql.recounts, { district, limit: MOST });
    const assuming = await assumingIn(district);
    for (const [school, work] of bySchool(changed, recounts, assuming)) {
      await yieldToEventLoop();
      await countSchool(district, school, work, assuming);
    }
    return recounts.length === MOST;
  }

  async function countSchool(
    district: number,
    school: number,
    work: Work,
    assumingIn: ReadonlyMap<number, Assuming>,
  ): Promise<void> {
    const { changed, recounts, assuming } = work;
    const [known, unknown] = [changed.filter(({ after }) => after > 0), changed.filter(({ after }) => after === 0)];
    const written = await database.all(sql.written, {
      district,
      sections: rowsOf(known, ({ section, after }) => [section, after]),
    });
    const newest = await database.all(sql.newest, { district, ids: rowsOf(unknown, ({ section }) => [section]) });
    const stretches = [
      ...unknown.map(({ section }) => ({ section, from_date: FIRST_DAY, to_date: LAST_DAY })),
      ...recounts,
    ];
    const met = await metIn(district, stretches);
    const days = new Set([...written, ...met].map(({ date }) => date));
    if (assuming) for (const day of await daysToAssume(district, assuming, recounts)) days.add(day);
    await countDays(district, school, [...days].sort());
    if (changed.length + recounts.length === 0) return;
    await countElsewhere(district, { written, stretches, assumingIn });
    await finish(district, changed, lastOf(changed, [...written, ...newest]), recounts);
  }

  function metIn(district: number, stretches: readonly SectionStretch[]): Promise<{ date: string }[]> {
    const asked = rowsOf(stretches, ({ section, from_date, to_date }) => [section, from_date, to_date]);
    return database.all(sql.met, { district, stretches: asked });
  }

  /** Counts those of the days on which the sections were in another school than they are now, there. */
  async function countElsewhere(district: number, { written, stretches, assumingIn }: Changes): Promise<void> {
    const sections = [...written, ...stretches].map(({ section }) => section);
    const former = await formerSchools(database, district, sections);
    for (const school of new Set([...former.values()].flat().map((days) => days.school))) {
      const there = [...former.values()].flat().filter((days) => days.school === school);
      const parts = stretches.flatMap((stretch) => partsIn(stretch, there));
      const days = new Set((await metIn(district, parts)).map(({ date }) => date));
      for (const { section, date } of written) if (schoolAt(date, -1, former.get(section)) === school) days.add(date);
      const assuming = assumingIn.get(school);
      if (assuming) for (const day of await daysToAssume(district, assuming, parts)) days.add(day);
      await countDays(district, school, [...days].sort());
    }
  }

  async function finish(
    district: number,
    changed: readonly ChangedSection[],
    last: ReadonlyMap<number, number>,
    recounts: readonly Recount[],
  ): Promise<void> {
    const sections = rowsOf(changed, ({ section, revision }) => [section, revision, last.get(section)!]);
    await database.transaction(async (tx) => {
      await tx.all(sql.hold, { district, ids: rowsOf(changed, ({ section }) => [section]) });
      await tx.all(sql.done, { district, sections });
      await tx.all(sql.forget, { district, ids: rowsOf(recounts, ({ id }) => [id]) });
    });
  }
}

const rowsOf = <Item>(items: readonly Item[], row: (item: Item) => unknown[]): string => JSON.stringify(items.map(row));

function bySchool(
  changed: readonly ChangedSection[],
  recounts: readonly Recount[],
  assuming: ReadonlyMap<number, Assuming>,
): Map<number, Work> {
  const schools = new Map<number, Work>();
  const of = (school: number): Work => {
    const work = schools.get(school) ?? { changed: [], recounts: [], assuming: assuming.get(school) };
    schools.set(school, work);
    return work;
  };
  for (const { school, counted, until } of assuming.values()) if (counted === null || counted < until) of(school);
  for (const section of changed) of(section.school).changed.push(section);
  for (const stretch of recounts) of(stretch.school).recounts.push(stretch);
  return schools;
}

/** The last journal row of each section that is counted now. */
function lastOf(changed: readonly ChangedSection[], rows: readonly Last[]): Map<number, number> {
  const last = new Map(changed.map(({ section, after }) => [section, after]));
  for (const row of rows) last.set(row.section, Math.max(last.get(row.section)!, row.last));
  return last;
}
