import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { bit, instant, integer, nullable, type RowOf, string } from '../database/rows';
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
  /** Whether it is the client of a person who is signed in, rather than one that the operator made for a program. */
  readonly signsIn?: boolean;
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
}

/** The columns of a client, for a `select`. */
export const clientColumns = `api_clients.id, api_clients.district_id, api_clients.person_id, api_clients.signs_in,
  api_clients.scopes, api_clients.marks_only, api_clients.secret, api_clients.previous_secret, api_clients.previous_until`;

/** How long a client that was found is taken for granted, in milliseconds: every change takes effect within it. */
export const TRUST = 1_000;

/** What somebody may do who signs in. */
export interface SignInRights {
  readonly scopes: readonly Scope[];
  /** Whether their client is bound to them, and so sees the sections that they teach; else it is of the whole district. */
  readonly bound: boolean;
}

const teacher: SignInRights = { scopes: ['attendance:read', 'attendance:write', 'roster:read'], bound: true };
const office: SignInRights = {
  scopes: ['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'access'],
  bound: false,
};

/** Roles of OneRoster 1.1 and 1.2 that have pages here: those of a class, and those that work for all of the district. */
export const teacherRoles: readonly string[] = ['teacher', 'aide', 'proctor'];
/** They are of the district, whichever school the SIS lists them in. */
const districtRoles: readonly string[] = ['districtAdministrator', 'systemAdministrator'];
/** They are of the school that the SIS lists them in. */
export const schoolRoles: readonly string[] = ['administrator', 'principal', 'siteAdministrator'];
const officeRoles: readonly string[] = [...schoolRoles, ...districtRoles];
/** Roles of who has pages here. */
export const signInRoles: readonly string[] = [...teacherRoles, ...officeRoles];

/** Undefined where who has the role does not sign in, like a student. */
export function rightsOf(role: string): SignInRights | undefined {
  if (officeRoles.includes(role)) return office;
  return teacherRoles.includes(role) ? teacher : undefined;
}

/**
 * Whether a client stands, once it has been found and is not revoked: it does until its person has left; one that was made
 * for somebody to sign in with, only as long as they sign in with it, and have the role it was made for. Its district is known
 * by then, and what is asked names it.
 */
export function openStanding({ knex, all }: Pick<Database, 'knex' | 'all'>) {
  const row = { active: bit, role: string };
  const bound = text(
    knex,
    `select people.active, people.role
    from people
    where people.district_id = :district and people.id = :person`,
    row,
  );
  const signedIn = text(
    knex,
    `select people.active, people.role
    from sign_ins
    join people on people.district_id = sign_ins.district_id and people.id = sign_ins.person_id
    where +sign_ins.district_id = :district and sign_ins.client_id = :client`,
    row,
  );
  return async (
    { id, district_id, person_id, signs_in }: Pick<ClientRow, 'id' | 'district_id' | 'person_id' | 'signs_in'>,
    executor: Executor = { all },
  ): Promise<boolean> => {
    if (!signs_in && person_id === null) return true;
    const [person] = signs_in
      ? await executor.all(signedIn, { district: district_id, client: id })
      : await executor.all(bound, { district: district_id, person: person_id });
    if (!person?.active) return false;
    return !signs_in || rightsOf(person.role)?.bound === (person_id !== null);
  };
}
