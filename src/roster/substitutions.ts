import type { Database, Engine, Transaction } from '../database/database';
import { text } from '../database/query';
import { bit, day, each, integer, nullable, type RowOf, string } from '../database/rows';
import { plusDays, today } from '../days';
import type { Actor } from '../ledger/actor';
import { Problem } from '../lib/problem';
import { scopeOf, teachesNow } from './access';
import { calledName, namesRow } from './names';
import type { Author } from './setting-changes';

/** How long one lasts, in days, and how many of a class stand at the same time. */
const LONGEST = 366;
const OF_A_SECTION = 20;
/** How many people are offered at once. */
const OFFERED = 20;

/** Who says who takes a class: an author, and the school for which they speak; null for all of the district. */
export interface Giver extends Author {
  readonly school: number | null;
}

/** What is asked: days from and to, both inclusive. */
export interface SubstitutionRequest {
  readonly section: number;
  readonly person: number;
  readonly from: string;
  readonly to: string;
}

const substitutionRow = {
  id: integer,
  section_id: integer,
  section: string,
  person_id: integer,
  ...namesRow,
  begin_date: day,
  end_date: day,
  /** Whether they sign in as somebody who takes rolls. */
  can_take: bit,
  client_id: nullable(integer),
  ...each(['by_given_name', 'by_preferred_name', 'by_family_name'], nullable(string)),
};
export type SubstitutionRow = RowOf<typeof substitutionRow>;

const offeredRow = { id: integer, role: string, ...namesRow };

/**
 * Who takes the rolls of a class in place of its teacher, on which days. What a substitute may see and write follows in
 * `access.ts`. It ends by itself, and is taken back by whoever may give it.
 * @param roles that the roster gives those who may be chosen; the office has given them no other
 */
export function openSubstitutions(database: Database, roles: readonly string[]) {
  const sql = substitutionsSql(database);
  const rolesAsked = JSON.stringify(roles.map((role) => [role]));

  /** The class, where the actor teaches it now, or it is of the school for which they speak. */
  async function sectionOf(tx: Transaction, { school }: Giver, actor: Actor, id: number) {
    const [section] = await tx.all(sql.section, { ...scopeOf(actor), section: id });
    if (!section) throw new Problem('NOT_FOUND', `There is no section ${id}.`);
    const isGivers = actor.person === null ? school === null || section.school_id === school : section.teaches;
    if (isGivers) return section;
    throw new Problem(
      'SECTION_FORBIDDEN',
      actor.person === null ? 'Who takes a class of another school is the office’s of that school to say.' : undefined,
    );
  }

  return {
    /** Those that stand and are not over, of a class; the first to begin first. */
    async list(giver: Giver, actor: Actor, section: number): Promise<readonly SubstitutionRow[]> {
      return database.transaction(async (tx) => {
        const { time_zone } = await sectionOf(tx, giver, actor, section);
        return tx.all(sql.standing, { district: actor.district, section, today: today(time_zone), roles: rolesAsked });
      });
    },

    /** Who may take a class: people of its school who may sign in to take rolls, by a part of their name. */
    async candidates(giver: Giver, actor: Actor, section: number, search: string) {
      const found = await database.transaction(async (tx) => {
        const { school_id } = await sectionOf(tx, giver, actor, section);
        const values = {
          district: actor.district,
          section,
          school: school_id,
          search: likeOf(search),
          roles: rolesAsked,
        };
        return tx.all(sql.candidates, values);
      });
      return found.map(({ id, role, ...names }) => ({ person_id: id, name: calledName(names), role }));
    },

    /** Gives a class to somebody for days. One that stands already of the same days is that one. */
    async give(giver: Giver, actor: Actor, { section, person, from, to }: SubstitutionRequest): Promise<number> {
      const end = plusDays(to, 1);
      return database.transaction(async (tx) => {
        await tx.all(sql.hold, { district: actor.district, section });
        const { school_id, time_zone } = await sectionOf(tx, giver, actor, section);
        const now = today(time_zone);
        if (to < from) throw wrong('to', 'must not be before from');
        if (to < now) throw wrong('to', `must not be before today, ${now}`);
        if (plusDays(from, LONGEST) < end) throw wrong('to', `must be within ${LONGEST} days of from`);
        const values = { district: actor.district, section, school: school_id, search: '%', roles: rolesAsked };
        const [known] = await tx.all(sql.candidate, { ...values, person });
        if (!known) throw wrong('person', 'must be somebody else of the school, who signs in as a teacher');
        const standing = await tx.all(sql.standing, {
          district: actor.district,
          section,
          today: now,
          roles: rolesAsked,
        });
        const same = standing.find(
          (each) => each.person_id === person && each.begin_date === from && each.end_date === end,
        );
        if (same) return same.id;
        if (standing.length >= OF_A_SECTION)
          throw wrong('section', `has ${OF_A_SECTION} substitutes to come: take one back first`);
        const at = new Date().toISOString();
        const { api, client, person: by } = giver;
        const row = { district: actor.district, section, person, begin: from, end, at, api, client, by };
        return (await tx.all(sql.add, row))[0]!.id;
      });
    },

    /** Ends it now, in every process within a second. Throws NOT_FOUND where it does not stand, or is another's. */
    async takeBack(giver: Giver, actor: Actor, id: number): Promise<void> {
      await database.transaction(async (tx) => {
        const [found] = await tx.all(sql.one, { district: actor.district, id });
        if (!found) throw new Problem('NOT_FOUND', `There is no substitution ${id} here.`);
        await sectionOf(tx, giver, actor, found.section_id);
        const at = new Date().toISOString();
        await tx.all(sql.end, { district: actor.district, id, at, client: giver.client, by: giver.person });
      });
    },
  };
}

const wrong = (field: string, message: string): Problem =>
  new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

/** For `like`: the text is anywhere, and what it has of wildcards is text. */
const likeOf = (search: string): string => `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;

/** All SQL of substitutions. */
export function substitutionsSql({ knex, folded, rows }: Pick<Engine, 'knex' | 'folded' | 'rows'>) {
  const called = "people.given_name || ' ' || people.preferred_name || ' ' || people.family_name";
  // In SQL what `memberOf` says of teachers: whom the office has given a role signs in as that alone.
  const takesRolls = `people.active
    and lower(people.role) in (select asked.role from ${rows('roles', { role: 'text' })} as asked)
    and not exists (select 1 from office_roles
      where office_roles.district_id = :district and office_roles.person_id = people.id)`;
  // Those who teach the class need no substitution.
  const isCandidate = `people.district_id = :district and ${takesRolls}
    and (people.school_id = :school or people.id in (
      select colleagues.person_id
      from sections as nearby
      join enrollments as colleagues on colleagues.district_id = nearby.district_id and colleagues.section_id = nearby.id
      where nearby.district_id = :district and nearby.school_id = :school and nearby.active
        and colleagues.admin and colleagues.active))
    and people.id not in (
      select own.person_id from enrollments as own
      where own.section_id = :section and +own.district_id = :district and own.admin and own.active)
    and ${folded(called)} like ${folded('cast(:search as text)')} escape '\\'`;
  const select =
    'select people.id, people.role, people.given_name, people.preferred_name, people.family_name from people';
  return {
    section: text(
      knex,
      `select sections.id, coalesce(sections.school_id, 0) as school_id, districts.time_zone,
        ${teachesNow('sections.id')} as teaches
      from sections
      join districts on districts.id = sections.district_id
      where sections.id = :section and sections.district_id = :district`,
      { id: integer, school_id: integer, time_zone: string, teaches: bit },
    ),
    hold: text(knex, 'update sections set id = id where sections.district_id = :district and sections.id = :section'),
    candidates: text(
      knex,
      `${select} where ${isCandidate}
      order by ${folded('people.family_name')}, ${folded('people.given_name')}, people.id
      limit ${OFFERED}`,
      offeredRow,
    ),
    candidate: text(knex, `${select} where ${isCandidate} and people.id = :person`, offeredRow),
    standing: text(
      knex,
      `select substitutions.id, substitutions.section_id, sections.title as section, substitutions.person_id,
        people.given_name, people.preferred_name, people.family_name, substitutions.begin_date, substitutions.end_date,
        case when ${takesRolls} then 1 else 0 end as can_take, substitutions.client_id, givers.given_name as by_given_name, givers.preferred_name as by_preferred_name,
        givers.family_name as by_family_name
      from substitutions
      join sections on sections.district_id = substitutions.district_id and sections.id = substitutions.section_id
      join people on people.district_id = substitutions.district_id and people.id = substitutions.person_id
      left join people as givers on givers.district_id = substitutions.district_id
        and givers.id = substitutions.by_person_id
      where substitutions.district_id = :district and substitutions.section_id = :section
        and substitutions.ended_at is null and substitutions.end_date > :today
      order by substitutions.begin_date, substitutions.id`,
      substitutionRow,
    ),
    one: text(
      knex,
      `select substitutions.section_id from substitutions
      where substitutions.district_id = :district and substitutions.id = :id and substitutions.ended_at is null`,
      { section_id: integer },
    ),
    add: text(
      knex,
      `insert into substitutions
        (district_id, section_id, person_id, begin_date, end_date, created_at, api, client_id, by_person_id)
      values (:district, :section, :person, :begin, :end, :at, :api, :client, :by)
      returning id`,
      { id: integer },
    ),
    end: text(
      knex,
      `update substitutions set ended_at = :at, ended_client_id = :client, ended_by_person_id = :by
      where substitutions.district_id = :district and substitutions.id = :id and substitutions.ended_at is null`,
    ),
  };
}
