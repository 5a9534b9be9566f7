/*
 * `src/roster/`: Who is in which section on which day, in which school, and who may see it. Calendars and school years are
 * here too. `oneroster/` brings it in.
 */
import type { Database, Executor } from '../database/database';
import type { Values } from '../database/query';
import { earlier, FIRST_DAY, LAST_DAY, later, plusDays, today } from '../days';
import type { Actor } from '../ledger/actor';
import { Problem } from '../lib/problem';
import { daysForbidden, openReadableDays, scopeOf, seesDistrict } from './access';
import type { District } from './districts';
import { openOtherChanges } from './other-changes';
import { personNames } from './person-names';
import { recountNotes } from './recounts';
import { type AccessRow, type ListQuery, type Lists, type PersonRow, rosterSql, type TermRow } from './sql';

type Right = 'permitted' | 'readable' | 'writable';

/** A section as far as its attendance needs it. */
export type SectionAccess = Omit<AccessRow, Right>;

/** What is known of a person who is new; an empty text where nothing is. */
export type Newcomer = Pick<PersonRow, 'email' | 'given_name' | 'middle_name' | 'family_name'>;

/** Both ends are included; one that is not said is open. */
interface DaysAsked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A range from a later to an earlier day: whatever has any days is around it. */
const SOME_DAY: DaysAsked = { from: LAST_DAY, to: FIRST_DAY };

/** A section on a day. */
export interface SectionDay {
  readonly section: number;
  readonly date: string;
}

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

export interface List<Row> {
  readonly total: number;
  readonly rows: readonly Row[];
}

export type Roster = ReturnType<typeof openRoster>;
/** The lists that the roster has. */
export type ListName = keyof Lists;
/** What a list is asked by, beside the caller and the page. */
export type ListValues<Name extends ListName> = Lists[Name]['values'];

/** The lists that are of one thing, or of what it has, and are asked for by its id. */
type NameById = { [Name in ListName]: 'id' extends keyof ListValues<Name> ? Name : never }[ListName];
/** What such a list is asked by beside the id; nothing where there is nothing. */
type Beside<Name extends NameById> = keyof Omit<ListValues<Name>, 'id'> extends never
  ? []
  : [values: Omit<ListValues<Name>, 'id'>];

/** What the row of a list is, where the name of the list does not say so. */
const words: Partial<Record<ListName, string>> = {
  memberOfStaff: 'member of staff',
  formerPerson: 'person',
  enrollmentOf: 'enrollment',
};

/** What a list is narrowed by: a condition in SQL over its tables, and the values that it names. */
export interface Narrowing {
  readonly condition: string;
  readonly values: Values;
}

/** Who is in which section: what the SIS says, as far as the caller may see it. */
export function openRoster(database: Database) {
  const sql = rosterSql(database);
  const lists: { readonly [Name in ListName]: ListQuery<Lists[Name]['row'], string> } = sql;
  const noteRecounts = recountNotes(database);
  const otherChanges = openOtherChanges(database);
  const noteNames = personNames(database);

  const readableDays = openReadableDays(database);

  async function sectionFor(
    caller: Actor,
    id: string,
    right: Right,
    { from, to }: DaysAsked = {},
    executor: Executor = database,
  ) {
    const days = { from: from ?? FIRST_DAY, to: to ?? LAST_DAY };
    const access = seesDistrict(caller) ? sql.accessOfDistrict : sql.access;
    const [section] = await executor.all(access, { ...scopeOf(caller), ...days, id: sectionId(id) });
    if (!section) throw noSection(id);
    if (section[right]) return section;
    if (section.permitted && right === 'readable') {
      const readable = (await readableDays(caller, [section.id]))(section.id);
      if (readable.some(({ begin_date, end_date }) => begin_date <= days.from && days.to < end_date)) return section;
      throw daysForbidden(readable);
    }
    if (caller.person === null) throw new Problem('SECTION_FORBIDDEN', 'The section is of another school than yours.');
    throw new Problem(
      'SECTION_FORBIDDEN',
      section.permitted
        ? 'The person this client acts for teaches this section no more, or not on this day, and may only read it.'
        : undefined,
    );
  }

  return {
    /** What the section is; NOT_FOUND outside the caller's district, SECTION_FORBIDDEN where the person never taught it. */
    section: async (caller: Actor, id: string): Promise<SectionAccess> => sectionFor(caller, id, 'permitted'),

    /** The same for reading what it has on days: SECTION_FORBIDDEN also where the person may not read all of them. */
    sectionOn: async (caller: Actor, id: string, days: DaysAsked): Promise<SectionAccess> =>
      sectionFor(caller, id, 'readable', days),

    /**
     * The same for writing there, on a day or on some day: SECTION_FORBIDDEN also where the person teaches it no more, or
     * takes it for somebody else on other days.
     * @param tx where it is asked along with what is written
     */
    sectionToWrite: async (
      caller: Actor,
      id: string,
      days: DaysAsked = SOME_DAY,
      tx?: Executor,
    ): Promise<SectionAccess> => sectionFor(caller, id, 'writable', days, tx),

    /** The caller's own. */
    async district({ district }: Actor): Promise<District> {
      const [row] = await database.all(sql.district, { district });
      return { ...row!, sis_takes_attendance: Boolean(row!.sis_takes_attendance) };
    },

    async personEnrolled({ district }: Actor, section: SectionAccess, id: number): Promise<number | undefined> {
      return (await database.all(sql.enrollment, { district, id, section: section.id }))[0]?.person_id;
    },

    /** A slice of a list, or of those of it that a condition takes, and how long all of it is. */
    async list<Name extends ListName>(
      name: Name,
      caller: Actor,
      values: ListValues<Name>,
      { offset, limit }: Slice,
      narrowing?: Narrowing,
    ): Promise<List<Lists[Name]['row']>> {
      const all: Values = { ...scopeOf(caller), ...narrowing?.values, ...values };
      const queries = narrowing ? lists[name].narrowed(narrowing.condition) : lists[name];
      const [counted] = await database.all(queries.count, all);
      const rows = await database.all(queries.rows, { ...all, offset, limit });
      return { total: counted!.count, rows };
    },

    /** The one row of a list that is asked for by an id; NOT_FOUND where the caller may not see it or there is none. */
    async one<Name extends NameById>(
      name: Name,
      caller: Actor,
      id: string,
      ...beside: Beside<Name>
    ): Promise<Lists[Name]['row']> {
      const values: Values = Object.assign({ id, offset: 0, limit: 1 }, ...beside);
      const [row] = isId(id) ? await database.all(lists[name].rows, { ...scopeOf(caller), ...values }) : [];
      if (!row) throw new Problem('NOT_FOUND', `There is no ${words[name] ?? name} ${id.slice(0, 60)} here.`);
      return row;
    },

    /** Holds back whoever else adds people to the district until the transaction ends. */
    hold: async (tx: Executor, { district }: Actor): Promise<void> =>
      void (await tx.all(sql.holdDistrict, { district })),

    /**
     * The first day, from a day on, from which somebody can become a student of a section without joining days that are
     * counted already: it comes after the last roll that was taken, and after past days on which who is not marked counts
     * as present.
     */
    async firstDay(tx: Executor, { district }: Actor, { section, date }: SectionDay): Promise<string> {
      const [past] = await tx.all(sql.pastSince, { district, section, date });
      const { time_zone, last_roll, assumed_until } = past!;
      const afterRolls = last_roll === null ? date : plusDays(last_roll, 1);
      return assumed_until === null ? afterRolls : later(afterRolls, earlier(assumed_until, today(time_zone)));
    },

    /**
     * Makes a person the student that the SIS does not list (yet), of this section on this day, of which something is to
     * be said, and from `begin` on.
     */
    async admit(tx: Executor, actor: Actor, student: Newcomer, { section, date }: SectionDay, begin: string) {
      const { district } = actor;
      const [person] = await tx.all(sql.addStudent, { ...student, district, section, now: new Date().toISOString() });
      await noteNames(tx, district, { ids: [person!.id] });
      const values = { district, section, student: person!.id, date, begin };
      const [enrollment] = await tx.all(sql.enroll, values);
      const next = plusDays(date, 1);
      if (date < begin) await tx.all(sql.keepDay, { district, section, enrollment: enrollment!.id, date, next });
      await noteRecounts(tx, district, [{ section, from: date, to: LAST_DAY }]);
      await otherChanges.enrollments(tx, actor, { created: [enrollment!.id] });
      return person!.id;
    },

    /** Says that something else than what the SIS tells of a person has changed. */
    touch: async (tx: Executor, { district }: Actor, person: number): Promise<void> =>
      void (await tx.all(sql.touchPerson, { district, person, now: new Date().toISOString() })),

    /** The terms of each section. */
    async terms({ district }: Actor, sections: readonly number[]): Promise<Map<number, TermRow[]>> {
      const ids = JSON.stringify(sections.map((id) => [id]));
      const terms = new Map<number, TermRow[]>(sections.map((id) => [id, []]));
      for (const { section_id, ...term } of await database.all(sql.termsOfSections, { district, ids }))
        terms.get(section_id)?.push(term);
      return terms;
    },
  };
}

/** The id in a path; NOT_FOUND where no section can have it. */
export function sectionId(id: string): number {
  if (!isId(id)) throw noSection(id);
  return Number(id);
}

const noSection = (id: string) => new Problem('NOT_FOUND', `There is no section ${id}.`);

/** Ids are positive integers that a number holds exactly. */
const isId = (text: string): boolean => /^[1-9]\d{0,14}$/.test(text);
