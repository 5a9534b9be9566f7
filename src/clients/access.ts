import type { Database, Transaction } from '../database/database';
import { text } from '../database/query';
import { each, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { Problem } from '../lib/problem';
import { calledName, namesRow } from '../roster/names';
import { type Caller, schoolRoles, signInRoles, teacherRoles } from './client';
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
export const accessChanges = ['invited', 'sessions_ended', 'revoked'] as const;

/** Who says who may sign in. */
export interface Manager extends Pick<Caller, 'district' | 'api'> {
  /** Null: the operator, by a command. */
  readonly client: number | null;
  /** Who is signed in with it, where anybody is. */
  readonly person: number | null;
  /** Null: they say so for the whole district. */
  readonly school: number | null;
}

const memberRow = {
  person_id: integer,
  ...namesRow,
  role: string,
  email: string,
  school_id: nullable(integer),
  client_id: nullable(integer),
};
type MemberRow = RowOf<typeof memberRow>;

/** Somebody who may sign in, and where they are signed in. */
export interface Member extends MemberRow {
  /** When they last did something, to the hour. */
  readonly used_at: string | null;
  readonly revoked_at: string | null;
  /** Until when an invitation is good that nobody has used; null where there is none. */
  readonly invited_until: string | null;
  /** The latest first. */
  readonly sessions: readonly Session[];
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

  const note = (tx: Transaction, manager: Manager, what: AccessChange['what'], people: readonly number[]) =>
    tx.all(sql.note, {
      ...{ district: manager.district, api: manager.api, client: manager.client, by: manager.person, what },
      at: new Date().toISOString(),
      people: rowsOf(people),
    });

  /** Those of the people of whom the manager may say it; throws NOT_FOUND where one is not among them. */
  async function membersOf({ district, school }: Manager, people: readonly number[]): Promise<MemberRow[]> {
    const found = await database.transaction((tx) => tx.all(sql.some, { district, school, people: rowsOf(people) }));
    const known = new Set(found.map(({ person_id }) => person_id));
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
    /** Who the caller is here. Throws OFFICE_ONLY where they are not of the office. */
    async managerOf({ district, client, person, api }: Caller): Promise<Manager> {
      if (person !== null) throw new Problem('OFFICE_ONLY', 'Who has access is the office’s to say.');
      const [self] = await database.all(sql.self, { district, client });
      if (!self) return { district, client, api, person: null, school: null };
      const ofSchool = schoolRoles.includes(self.role) && (self.school_id !== null || self.role !== 'administrator');
      return { district, client, api, person: self.id, school: ofSchool ? (self.school_id ?? 0) : null };
    },

    /** Those who may sign in, by name: of a school, or of all that the manager speaks for. */
    async list(
      { district, school: own }: Manager,
      { school, search, offset, limit }: { school: number | null; search: string; offset: number; limit: number },
    ): Promise<{ readonly total: number; readonly members: readonly Member[] }> {
      const asked = { district, own, school, search: likeOf(search) };
      const [counted] = await database.all(sql.count, asked);
      const rows = await database.all(sql.page, { ...asked, offset, limit });
      return { total: counted!.count, members: await withSessions(district, rows) };
    },

    /** The teachers of a school, who are all invited at once; without those who are signed in, where that is asked for. */
    async teachers({ district }: Manager, school: number, onlySignedOut: boolean): Promise<number[]> {
      const members = await withSessions(district, await database.all(sql.teachers, { district, school }));
      return members
        .filter(({ sessions }) => !onlySignedOut || sessions.length === 0)
        .map(({ person_id }) => person_id);
    },

    /**
     * A link for each, good once and for so many seconds; earlier ones that nobody has used end, and so do their sessions
     * where that is asked for. Throws NOT_FOUND, RATE_LIMITED.
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
          await note(tx, manager, 'sessions_ended', asked);
        }
        await note(tx, manager, 'invited', asked);
        return invitations.add(tx, own, seconds);
      });
      if (endSessions) clients.forgetTokens();
      const invitationOf = new Map(asked.map((person, index) => [person, made[index]!]));
      return members.map(({ person_id, email, ...names }) => {
        const { token, expires_at } = invitationOf.get(person_id)!;
        return { person_id, name: calledName(names), email, token, expires_at };
      });
    },

    /** Ends where the person is signed in; their invitations stay. Throws NOT_FOUND. */
    async endSessions(manager: Manager, person: number): Promise<void> {
      await membersOf(manager, [person]);
      const known = await signIn.known(manager.district, person);
      if (!known) return;
      await database.transaction(async (tx) => {
        if ((await sessions.end(tx, [known.client_id])) > 0) await note(tx, manager, 'sessions_ended', [person]);
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
        if (revoked.length > 0) await note(tx, manager, 'revoked', [person]);
      });
      clients.forgetTokens();
    },

    /** What was done of late about the access of those that the manager speaks for, the latest first. */
    changes: ({ district, school }: Manager, limit: number): Promise<AccessChange[]> =>
      database.all(sql.changes, { district, school, limit }),
  };

  async function withSessions(district: number, rows: readonly MemberRow[]): Promise<Member[]> {
    const ids = rowsOf(rows.flatMap(({ client_id }) => client_id ?? []));
    const now = new Date().toISOString();
    const [states, open, invited] = await Promise.all([
      database.all(sql.states, { district, clients: ids }),
      sessions.of(database, ids, now),
      database.all(sql.invited, { clients: ids, now }),
    ]);
    const stateOf = new Map(states.map(({ id, ...state }) => [id, state]));
    const invitedUntil = new Map(invited.map(({ client_id, expires_at }) => [client_id, expires_at]));
    return rows.map((row) => ({
      ...row,
      used_at: stateOf.get(row.client_id ?? 0)?.used_at ?? null,
      revoked_at: stateOf.get(row.client_id ?? 0)?.revoked_at ?? null,
      invited_until: invitedUntil.get(row.client_id ?? 0) ?? null,
      sessions: open.filter(({ client_id }) => client_id === row.client_id),
    }));
  }
}

const rowsOf = (ids: readonly number[]): string => JSON.stringify(ids.map((id) => [id]));

/** For `like`: the text is anywhere, and what it has of wildcards is text. */
const likeOf = (search: string): string => `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;

const list = (roles: readonly string[]): string => `(${roles.map((role) => `'${role}'`).join(', ')})`;

/** True of a teacher who belongs to a school, or teaches in it. */
const teachesAt = (school: string): string => `people.role in ${list(teacherRoles)} and (people.school_id = ${school}
  or people.id in (
    select teaching.person_id
    from sections as taught
    join enrollments as teaching on teaching.section_id = taught.id and teaching.district_id = taught.district_id
    where taught.district_id = :district and taught.school_id = ${school} and taught.active
      and teaching.admin and teaching.active))`;

/** True of who may sign in and is of a school, or of the district where the school is null. */
const isOf = (school: string): string => `(cast(${school} as bigint) is null or (${teachesAt(school)})
  or (people.role in ${list(schoolRoles)} and people.school_id = ${school}))`;

/** All SQL of who has access. */
export function accessSql({ knex, rows, folded }: Pick<Database, 'knex' | 'rows' | 'folded'>) {
  const signsIn = `people.district_id = :district and people.active and people.role in ${list(signInRoles)}`;
  const select = `select people.id as person_id, people.given_name, people.preferred_name, people.family_name, people.role,
      people.email, people.school_id, sign_ins.client_id
    from people
    left join sign_ins on sign_ins.district_id = people.district_id and sign_ins.person_id = people.id
    where ${signsIn}`;
  const called = `people.given_name || ' ' || people.preferred_name || ' ' || people.family_name || ' ' || people.identifier
    || ' ' || people.email`;
  const asked = `${isOf(':own')} and ${isOf(':school')} and ${folded(called)} like ${folded('cast(:search as text)')} escape '\\'`;
  const byName = `order by ${folded('people.family_name')}, ${folded('people.given_name')}, people.id`;
  const clients = rows('clients', { id: 'bigint' });
  const people = rows('people', { id: 'bigint' });
  return {
    self: text(
      knex,
      `select people.id, people.role, people.school_id
      from sign_ins
      join people on people.id = sign_ins.person_id and people.district_id = sign_ins.district_id
      where +sign_ins.district_id = :district and sign_ins.client_id = :client`,
      { id: integer, role: string, school_id: nullable(integer) },
    ),
    count: text(knex, `select count(*) as count from people where ${signsIn} and ${asked}`, { count: integer }),
    page: text(knex, `${select} and ${asked} ${byName} limit :limit offset :offset`, memberRow),
    some: text(
      knex,
      `${select} and ${isOf(':school')} and people.id in (select asked.id from ${people} as asked) ${byName}`,
      memberRow,
    ),
    teachers: text(knex, `${select} and ${teachesAt(':school')} ${byName}`, memberRow),
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
    revoke: text(
      knex,
      `update api_clients set revoked_at = :at
      where api_clients.id = :client and api_clients.district_id = :district and revoked_at is null
      returning id`,
      { id: integer },
    ),
    note: text(
      knex,
      `insert into access_changes (district_id, at, api, client_id, by_person_id, person_id, what)
      select :district, :at, :api, :client, :by, asked.id, :what from ${people} as asked`,
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
        access_changes.by_person_id, access_changes.person_id, access_changes.what,
        named.given_name, named.preferred_name, named.family_name,
        actors.given_name as by_given_name, actors.preferred_name as by_preferred_name, actors.family_name as by_family_name
      from access_changes
      left join people as named on named.id = access_changes.person_id and named.district_id = :district
      left join people as actors on actors.id = access_changes.by_person_id and actors.district_id = :district
      where access_changes.district_id = :district
        and (cast(:school as bigint) is null or access_changes.person_id in (
          select people.id from people where people.district_id = :district and ${isOf(':school')}))
      order by access_changes.at desc, access_changes.id desc
      limit :limit`,
      changeRow,
    ),
  };
}
