import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { bit, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';

/** What a client may be allowed. None contains another. */
export const scopes = [
  'attendance:read',
  'attendance:write',
  'roster:read',
  'roster:write',
  'access',
  'admin',
] as const;
export type Scope = (typeof scopes)[number];

/** Who calls: an API client whose credentials have been checked. */
export interface Caller extends Actor {
  readonly client: number;
  readonly scopes: ReadonlySet<Scope>;
  /** Who is signed in with it; undefined where it was made for a program. */
  readonly member?: Member | undefined;
}

/** A client as a credential finds it; its secrets are sealed. */
export const clientRow = {
  id: integer,
  district_id: integer,
  person_id: nullable(integer),
  /** Whether it was made for somebody to sign in with. */
  signs_in: bit,
  scopes: string,
  /** Whether it writes single marks only: none of its writes takes a roll by itself. */
  marks_only: bit,
  secret: string,
  /** The secret before it, and until when that is taken too; null where there was none. */
  previous_secret: nullable(string),
  previous_until: nullable(instant),
};
export interface ClientRow extends RowOf<typeof clientRow> {
  /** When the token by which it was found expires, if it does. */
  readonly expires_at?: string | null;
  /** Who signs in with it, where it was made for that. */
  readonly member?: Member | undefined;
}

/** The columns of a client, for a `select`. */
export const clientColumns = `api_clients.id, api_clients.district_id, api_clients.person_id, api_clients.signs_in,
  api_clients.scopes, api_clients.marks_only, api_clients.secret, api_clients.previous_secret, api_clients.previous_until`;

/** How long a client that was found is taken for granted, in milliseconds: every change takes effect within it. */
export const TRUST = 1_000;

/** What somebody may do who signs in. */
export interface SignInRights {
  readonly scopes: readonly Scope[];
  /** What of the district is theirs: the sections that they teach, one school, or all of it. */
  readonly sees: 'sections' | 'school' | 'district';
}

/**
 * What each may do who signs in; docs/sign-in.md has the same table. The roster says who is a teacher or of the office; who works in
 * the office of a school besides is given a role by it.
 */
export const rights = {
  teacher: { sees: 'sections', scopes: ['attendance:read', 'attendance:write', 'roster:read'] },
  office: {
    sees: 'district',
    scopes: ['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'access'],
  },
  secretary: { sees: 'school', scopes: ['attendance:read', 'attendance:write', 'roster:read'] },
  counselor: { sees: 'school', scopes: ['attendance:read', 'roster:read'] },
} as const satisfies Readonly<Record<string, SignInRights>>;
export type MemberRole = keyof typeof rights;

/** Roles that the office gives. */
export const givenRoles = ['secretary', 'counselor'] as const satisfies readonly MemberRole[];
export type GivenRole = (typeof givenRoles)[number];

/** Somebody who signs in. */
export interface Member {
  readonly person: number;
  readonly role: MemberRole;
  /** The school for which they speak, 0 for one that the roster does not name; null: for the district, or for nobody but themselves. */
  readonly school: number | null;
}

/* Roles of OneRoster 1.1 and 1.2, in small letters: imports keep them so. */

/** Roles of a class. */
export const teacherRoles: readonly string[] = ['teacher', 'aide', 'proctor'];
/** They are of the district, whichever school the SIS lists them in. */
export const districtRoles: readonly string[] = ['districtadministrator', 'systemadministrator'];
/** They are of the school that the SIS lists them in. */
export const schoolRoles: readonly string[] = ['administrator', 'principal', 'siteadministrator'];
/** Who learns, and their families. They are given no role. */
export const familyRoles: readonly string[] = ['student', 'guardian', 'parent', 'relative'];
/** Roles by which one signs in without being given one. */
export const signInRoles: readonly string[] = [...teacherRoles, ...schoolRoles, ...districtRoles];

/** What the roster says of a person, and which role the office has given them, in which school. */
export const standingRow = {
  id: integer,
  role: string,
  school_id: nullable(integer),
  given_role: nullable(oneOf(...givenRoles)),
  given_school_id: nullable(integer),
};
export type StandingRow = RowOf<typeof standingRow>;
/** The columns of that, of `people` joined by `joinGivenRole`. */
export const standingColumns = `people.id, people.role, people.school_id, office_roles.role as given_role,
  office_roles.school_id as given_school_id`;
export const joinGivenRole = `left join office_roles on office_roles.district_id = people.district_id
  and office_roles.person_id = people.id`;

/** As what a person signs in; undefined where they do not, like a student. */
export function memberOf({
  id: person,
  role: listed,
  school_id,
  given_role,
  given_school_id,
}: StandingRow): Member | undefined {
  const role = listed.toLowerCase();
  if (given_role !== null) return { person, role: given_role, school: given_school_id };
  if (teacherRoles.includes(role)) return { person, role: 'teacher', school: null };
  if (!schoolRoles.includes(role) && !districtRoles.includes(role)) return undefined;
  // An administrator whom the roster lists in no school is the district's.
  const isOfSchool = schoolRoles.includes(role) && (school_id !== null || role !== 'administrator');
  return { person, role: 'office', school: isOfSchool ? (school_id ?? 0) : null };
}

/** What is known of a client that stands. */
export interface Standing {
  readonly member?: Member;
}

/**
 * Whether a client stands, once it has been found and is not revoked: it does until its person has left, or was given a role
 * that may less than it; one that was made for somebody to sign in with, only as long as they sign in with it, and have the rights
 * it was made for. Its district is known by then, and what is asked names it.
 */
export function openStanding({ knex, all }: Pick<Database, 'knex' | 'all'>) {
  const bound = text(
    knex,
    `select people.active, office_roles.role as given_role
    from people
    ${joinGivenRole}
    where people.district_id = :district and people.id = :person`,
    { active: bit, given_role: standingRow.given_role },
  );
  const signedIn = text(
    knex,
    `select people.active, ${standingColumns}
    from sign_ins
    join people on people.district_id = sign_ins.district_id and people.id = sign_ins.person_id
    ${joinGivenRole}
    where +sign_ins.district_id = :district and sign_ins.client_id = :client`,
    { active: bit, ...standingRow },
  );
  return async (
    { id, district_id, person_id, signs_in, scopes }: Pick<ClientRow, (typeof standsBy)[number]>,
    executor: Executor = { all },
  ): Promise<Standing | undefined> => {
    if (signs_in) {
      const [person] = await executor.all(signedIn, { district: district_id, client: id });
      const member = person?.active ? memberOf(person) : undefined;
      return member && fits(member, person_id, scopes) ? { member } : undefined;
    }
    if (person_id === null) return {};
    const [person] = await executor.all(bound, { district: district_id, person: person_id });
    return person?.active && (person.given_role === null || allows(person.given_role, scopes)) ? {} : undefined;
  };
}

/** Columns of a client by which it is told whether it stands. */
export const standsBy = ['id', 'district_id', 'person_id', 'signs_in', 'scopes'] as const;

/** A client never does more than whoever signs in with it. */
function fits({ role }: Member, boundTo: number | null, scopes: string): boolean {
  return (rights[role].sees === 'sections') === (boundTo !== null) && allows(role, scopes);
}

function allows(role: MemberRole, scopes: string): boolean {
  const { scopes: granted }: SignInRights = rights[role];
  return scopes.split(',').every((scope) => granted.includes(scope as Scope));
}
