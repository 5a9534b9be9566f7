import type { Database, Transaction } from '../database/database';
import { text } from '../database/query';
import { each, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { Problem } from '../lib/problem';
import { calledName, namesRow } from '../roster/names';
import {
  type Caller,
  districtRoles,
  familyRoles,
  type GivenRole,
  givenRoles,
  joinGivenRole,
  memberOf,
  standingColumns,
  standingRow,
  teacherRoles,
} from './client';
import type { Clients } from './clients';
import { openInvitations } from './invitations';
import { openSessions, type Session } from './sessions';
import { openSignIn } from './sign-in';

/** How many people are invited in one request, and in a district within an hour. */
export const AT_ONCE = 1_000;
const AN_HOUR = 10_000;
/** Clients that are made at the same time: each takes a few transactions. */
const TOGETHER = 8;

/** What is done about somebody's access. */
export const accessChanges = ['invited', 'sessions_ended', 'revoked', 'role_given', 'role_taken'] as const;

/** Who says who may sign in. */
export interface Manager extends Pick<Caller, 'district' | 'api'> {
  /** Null: the operator, by a command. */
  readonly client: number | null;
  /** Who is signed in with it, where anybody is. */
  readonly person: number | null;
  /** Null: they say so for the whole district. */
  readonly school: number | null;
}

/** Who the caller is here. Throws OFFICE_ONLY where they are not of the office. */
export function managerOf({ district, client, person, api, member }: Caller): Manager {
  if (person !== null) throw new Problem('OFFICE_ONLY', 'Who has access is the office’s to say.');
  return { district, client, api, person: member?.person ?? null, school: member?.school ?? null };
}

/** A role that is given to somebody, in a school. */
export interface RoleGiven {
  readonly role: GivenRole;
  readonly school: number;
}

const staffRow = { ...standingRow, ...namesRow, email: string, client_id: nullable(integer) };
type StaffRow = RowOf<typeof staffRow>;

/** Somebody who may sign in, or may be let do so, and where they are signed in. */
export interface Staff extends StaffRow {
  /** When they last did something, to the hour. */
  readonly used_at: string | null;
  readonly revoked_at: string | null;
  /** Until when an invitation is good that nobody has used; null where there is none. */
  readonly invited_until: string | null;
  /** The latest first. */
  readonly sessions: readonly Session[];
  /** How many passkeys they have. */
  readonly passkeys: number;
}

/** An invitation as it is shown, once. */
export interface Invited {
  readonly person_id: number;
  readonly name: string;
  readonly email: string;
  readonly token: string;
  readonly expires_at: string;
}

const changeRow = {
  id: integer,
  at: instant,
  api: string,
  client_id: nullable(integer),
  by_person_id: nullable(integer),
  person_id: integer,
  what: oneOf(...accessChanges),
  /** That was given, and the school in which. */
  role: nullable(oneOf(...givenRoles)),
  school: nullable(string),
  ...each(['given_name', 'preferred_name', 'family_name'], nullable(string)),
  ...each(['by_given_name', 'by_preferred_name', 'by_family_name'], nullable(string)),
};
export type AccessChange = RowOf<typeof changeRow>;

export type Access = ReturnType<typeof openAccess>;

/** Who may sign in: seeing it, inviting them, ending their sessions, taking their access away. Each change is kept. */
export function openAccess(database: Database, clients: Clients) {
  const sql = accessSql(database);
  const signIn = openSignIn(database, clients);
  const invitations = openInvitations(database);
  const sessions = openSessions(database);

  const note = (
    tx: Transaction,
    manager: Manager,
    what: AccessChange['what'],
    people: readonly number[],
    given: RoleGiven | undefined = undefined,
  ) =>
    tx.all(sql.note, {
      ...{ district: manager.district, api: manager.api, client: manager.client, by: manager.person, what },
      ...{ role: given?.role ?? null, school: given?.school ?? null },
      at: new Date().toISOString(),
      people: rowsOf(people),
    });

  /** Those of the people of whom the manager may say it. */
  const staffOf = ({ district, school }: Manager, people: readonly number[]): Promise<StaffRow[]> =>
    database.transaction((tx) => tx.all(sql.some, { district, school, people: rowsOf(people) }));

  /** Those who may sign in; throws NOT_FOUND where one may not, or is none of the manager's. */
  async function membersOf(manager: Manager, people: readonly number[]): Promise<StaffRow[]> {
    const found = (await staffOf(manager, people)).filter(memberOf);
    const known = new Set(found.map(({ id }) => id));
    const missing = people.find((id) => !known.has(id));
    if (missing !== undefined) throw new Problem('NOT_FOUND', `There is no person ${missing} here who signs in.`);
    return found;
  }

  async function refuseTooMany({ district }: Manager, count: number): Promise<void> {
    const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
    const [recent] = await database.all(sql.invitedSince, { district, since: hourAgo });
    if (recent!.count + count > AN_HOUR)
      throw new Problem('RATE_LIMITED', `A district invites up to ${AN_HOUR} people an hour.`, { retryAfter: 3_600 });
  }

  return {
    /** Those who work in a school, by name, whether they may sign in or not: of one, or of all that the manager speaks for. */
    async list(
      { district, school: own }: Manager,
      { school, search, offset, limit }: { school: number | null; search: string; offset: number; limit: number },
    ): Promise<{ readonly total: number; readonly people: readonly Staff[] }> {
      const asked = { district, own, school, search: likeOf(search) };
      const [counted] = await database.all(sql.count, asked);
      const rows = await database.all(sql.page, { ...asked, offset, limit });
      return { total: counted!.count, people: await withSessions(district, rows) };
    },

    /** The teachers of a school, who are all invited at once; without those who are signed in, where that is asked for. */
    async teachers({ district }: Manager, school: number, onlySignedOut: boolean): Promise<number[]> {
      const members = await withSessions(district, await database.all(sql.teachers, { district, school }));
      return members.filter(({ sessions }) => !onlySignedOut || sessions.length === 0).map(({ id }) => id);
    },

    /**
     * A link for each, good once and for so many seconds; earlier ones that nobody has used end, and so do their sessions
     * and passkeys where that is asked for. Throws NOT_FOUND, RATE_LIMITED.
     */
    async invite(
      manager: Manager,
      people: readonly number[],
      { seconds, endSessions = false }: { seconds: number; endSessions?: boolean },
    ): Promise<Invited[]> {
      const asked = [...new Set(people)];
      const members = await membersOf(manager, asked);
      await refuseTooMany(manager, asked.length);
      const own: number[] = [];
      for (let next = 0; next < asked.length; next += TOGETHER) {
        const some = asked.slice(next, next + TOGETHER);
        own.push(...(await Promise.all(some.map((person) => signIn.invitedClient(manager.district, person)))));
      }
      const made = await database.transaction(async (tx) => {
        await invitations.withdraw(tx, own);
        if (endSessions) {
          await sessions.end(tx, own);
          await tx.all(sql.removePasskeys, { district: manager.district, people: rowsOf(asked) });
          await note(tx, manager, 'sessions_ended', asked);
        }
        await note(tx, manager, 'invited', asked);
        return invitations.add(tx, own, seconds);
      });
      if (endSessions) clients.forgetTokens();
      const invitationOf = new Map(asked.map((person, index) => [person, made[index]!]));
      return members.map(({ id, email, ...names }) => {
        const { token, expires_at } = invitationOf.get(id)!;
        return { person_id: id, name: calledName(names), email, token, expires_at };
      });
    },

    /** Ends where the person is signed in, and their passkeys; their invitations stay. Throws NOT_FOUND. */
    async endSessions(manager: Manager, person: number): Promise<void> {
      await membersOf(manager, [person]);
      const known = await signIn.known(manager.district, person);
      if (!known) return;
      await database.transaction(async (tx) => {
        const ended = await sessions.end(tx, [known.client_id]);
        const removed = await tx.all(sql.removePasskeys, { district: manager.district, people: rowsOf([person]) });
        if (ended > 0 || removed.length > 0) await note(tx, manager, 'sessions_ended', [person]);
      });
      clients.forgetTokens();
    },

    /**
     * Takes somebody's access away, in whichever way they would sign in, until they are invited again. Throws NOT_FOUND, and
     * PERSON_FORBIDDEN where it is their own.
     */
    async revoke(manager: Manager, person: number): Promise<void> {
      if (person === manager.person)
        throw new Problem('PERSON_FORBIDDEN', 'Nobody takes their own access away: somebody else of the office can.');
      await membersOf(manager, [person]);
      const known = await signIn.known(manager.district, person);
      if (known && known.revoked_at !== null) return;
      // Who has never signed in could still come by themselves.
      const client = known?.client_id ?? (await signIn.invitedClient(manager.district, person));
      await database.transaction(async (tx) => {
        const at = new Date().toISOString();
        const revoked = await tx.all(sql.revoke, { district: manager.district, client, at });
        await invitations.withdraw(tx, [client]);
        await sessions.end(tx, [client]);
        await tx.all(sql.removePasskeys, { district: manager.district, people: rowsOf([person]) });
        if (revoked.length > 0) await note(tx, manager, 'revoked', [person]);
      });
      clients.forgetTokens();
    },

    /**
     * Gives somebody a role in the office of a school, in place of what they are by the roster, or takes it from them. Whoever is
     * signed in, or was invited, in the one before is so no longer. Throws NOT_FOUND, OFFICE_ONLY of another school, and
     * PERSON_FORBIDDEN where it is their own.
     */
    async setRole(manager: Manager, person: number, given: RoleGiven | null): Promise<void> {
      const { district, school } = manager;
      if (person === manager.person)
        throw new Problem('PERSON_FORBIDDEN', 'Nobody changes their own role: somebody else of the office can.');
      const [found] = await staffOf(manager, [person]);
      if (!found) throw new Problem('NOT_FOUND', `There is nobody ${person} here who works in a school.`);
      const concerned = [given?.school, found.given_school_id].filter((each) => each != null);
      if (school !== null && concerned.some((each) => each !== school))
        throw new Problem('OFFICE_ONLY', 'Roles in another school are the office’s of that school to give.');
      const known = await signIn.known(district, person);
      await database.transaction(async (tx) => {
        const values = { district, person, ...(given && { ...given, at: new Date().toISOString() }) };
        const changed = await tx.all(given ? sql.giveRole : sql.takeRole, values);
        if (changed.length === 0) return;
        if (known) {
          await invitations.withdraw(tx, [known.client_id]);
          await sessions.end(tx, [known.client_id]);
        }
        await note(tx, manager, given ? 'role_given' : 'role_taken', [person], given ?? undefined);
      });
      clients.forgetTokens();
    },

    /** What was done of late about the access of those that the manager speaks for, the latest first. */
    changes: ({ district, school }: Manager, limit: number): Promise<AccessChange[]> =>
      database.all(sql.changes, { district, school, limit }),
  };

  async function withSessions(district: number, rows: readonly StaffRow[]): Promise<Staff[]> {
    const ids = rowsOf(rows.flatMap(({ client_id }) => client_id ?? []));
    const now = new Date().toISOString();
    const [states, open, invited, passkeys] = await Promise.all([
      database.all(sql.states, { district, clients: ids }),
      sessions.of(database, ids, now),
      database.all(sql.invited, { clients: ids, now }),
      database.all(sql.passkeys, { district, people: rowsOf(rows.map(({ id }) => id)) }),
    ]);
    const passkeysOf = new Map(passkeys.map(({ person_id, count }) => [person_id, count]));
    const stateOf = new Map(states.map(({ id, ...state }) => [id, state]));
    const invitedUntil = new Map(invited.map(({ client_id, expires_at }) => [client_id, expires_at]));
    return rows.map((row) => ({
      ...row,
      used_at: stateOf.get(row.client_id ?? 0)?.used_at ?? null,
      revoked_at: stateOf.get(row.client_id ?? 0)?.revoked_at ?? null,
      invited_until: invitedUntil.get(row.client_id ?? 0) ?? null,
      sessions: open.filter(({ client_id }) => client_id === row.client_id),
      passkeys: passkeysOf.get(row.id) ?? 0,
    }));
  }
}

const rowsOf = (ids: readonly number[]): string => JSON.stringify(ids.map((id) => [id]));

/** For `like`: the text is anywhere, and what it has of wildcards is text. */
const likeOf = (search: string): string => `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;

const list = (roles: readonly string[]): string => `(${roles.map((role) => `'${role}'`).join(', ')})`;

/** True of a teacher who belongs to a school, or teaches in it. */
const teachesAt = (
  school: string,
): string => `lower(people.role) in ${list(teacherRoles)} and (people.school_id = ${school}
  or people.id in (
    select teaching.person_id
    from sections as taught
    join enrollments as teaching on teaching.section_id = taught.id and teaching.district_id = taught.district_id
    where taught.district_id = :district and taught.school_id = ${school} and taught.active
      and teaching.admin and teaching.active))`;

/** True of who works in a school, or in the district where the school is null. Who is of the district is of no school. */
const isOf = (school: string): string => `(cast(${school} as bigint) is null or (${teachesAt(school)})
  or (lower(people.role) not in ${list(districtRoles)} and people.school_id = ${school}) or office_roles.school_id = ${school})`;

/** All SQL of who has access. */
export function accessSql({ knex, rows, folded }: Pick<Database, 'knex' | 'rows' | 'folded'>) {
  // Whom neither the roster nor the office says to be anything signs in nowhere.
  const works = `people.district_id = :district and people.active
    and (lower(people.role) not in ${list(['', ...familyRoles])} or office_roles.role is not null)`;
  const select = `select ${standingColumns}, people.given_name, people.preferred_name, people.family_name, people.email,
      sign_ins.client_id
    from people
    ${joinGivenRole}
    left join sign_ins on sign_ins.district_id = people.district_id and sign_ins.person_id = people.id
    where ${works}`;
  const called = `people.given_name || ' ' || people.preferred_name || ' ' || people.family_name || ' ' || people.identifier
    || ' ' || people.email`;
  const asked = `${isOf(':own')} and ${isOf(':school')} and ${folded(called)} like ${folded('cast(:search as text)')} escape '\\'`;
  const byName = `order by ${folded('people.family_name')}, ${folded('people.given_name')}, people.id`;
  const clients = rows('clients', { id: 'bigint' });
  const people = rows('people', { id: 'bigint' });
  return {
    count: text(knex, `select count(*) as count from people ${joinGivenRole} where ${works} and ${asked}`, {
      count: integer,
    }),
    page: text(knex, `${select} and ${asked} ${byName} limit :limit offset :offset`, staffRow),
    some: text(
      knex,
      `${select} and ${isOf(':school')} and people.id in (select asked.id from ${people} as asked) ${byName}`,
      staffRow,
    ),
    teachers: text(knex, `${select} and ${teachesAt(':school')} and office_roles.role is null ${byName}`, staffRow),
    giveRole: text(
      knex,
      `insert into office_roles (district_id, person_id, role, school_id, given_at)
      values (:district, :person, :role, :school, :at)
      on conflict (district_id, person_id) do update
        set role = excluded.role, school_id = excluded.school_id, given_at = excluded.given_at
        where office_roles.role <> excluded.role or office_roles.school_id <> excluded.school_id
      returning person_id`,
      { person_id: integer },
    ),
    takeRole: text(
      knex,
      `delete from office_roles where office_roles.district_id = :district and office_roles.person_id = :person
      returning person_id`,
      { person_id: integer },
    ),
    states: text(
      knex,
      `select api_clients.id, api_clients.used_at, api_clients.revoked_at
      from ${clients} as asked
      cross join api_clients
      where api_clients.id = asked.id and +api_clients.district_id = :district`,
      { id: integer, used_at: nullable(instant), revoked_at: nullable(instant) },
    ),
    invited: text(
      knex,
      `select invitations.client_id, max(invitations.expires_at) as expires_at
      from ${clients} as asked
      cross join invitations
      where invitations.client_id = asked.id and invitations.used_at is null and invitations.expires_at > :now
      group by invitations.client_id`,
      { client_id: integer, expires_at: instant },
    ),
    passkeys: text(
      knex,
      `select passkeys.person_id, count(*) as count
      from passkeys
      where passkeys.district_id = :district and passkeys.person_id in (select asked.id from ${people} as asked)
      group by passkeys.person_id`,
      { person_id: integer, count: integer },
    ),
    removePasskeys: text(
      knex,
      `delete from passkeys
      where passkeys.district_id = :district and passkeys.person_id in (select asked.id from ${people} as asked)
      returning id`,
      { id: integer },
    ),
    revoke: text(
      knex,
      `update api_clients set revoked_at = :at
      where api_clients.id = :client and api_clients.district_id = :district and revoked_at is null
      returning id`,
      { id: integer },
    ),
    note: text(
      knex,
      `insert into access_changes (district_id, at, api, client_id, by_person_id, person_id, what, role, school_id)
      select :district, :at, :api, :client, :by, asked.id, :what, :role, :school from ${people} as asked`,
    ),
    invitedSince: text(
      knex,
      `select count(*) as count from access_changes
      where access_changes.district_id = :district and access_changes.at > :since and access_changes.what = 'invited'`,
      { count: integer },
    ),
    changes: text(
      knex,
      `select access_changes.id, access_changes.at, access_changes.api, access_changes.client_id,
        access_changes.by_person_id, access_changes.person_id, access_changes.what, access_changes.role,
        schools.name as school,
        named.given_name, named.preferred_name, named.family_name,
        actors.given_name as by_given_name, actors.preferred_name as by_preferred_name, actors.family_name as by_family_name
      from access_changes
      left join people as named on named.id = access_changes.person_id and named.district_id = :district
      left join people as actors on actors.id = access_changes.by_person_id and actors.district_id = :district
      left join schools on schools.id = access_changes.school_id and schools.district_id = :district
      where access_changes.district_id = :district
        and (cast(:school as bigint) is null or access_changes.person_id in (
          select people.id from people ${joinGivenRole} where people.district_id = :district and ${isOf(':school')}))
      order by access_changes.at desc, access_changes.id desc
      limit :limit`,
      changeRow,
    ),
  };
}
