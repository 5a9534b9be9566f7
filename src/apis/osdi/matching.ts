import type { AttendanceBody } from '../../../schemas/osdi/attendances';
import type { InlinePerson } from '../../../schemas/osdi/people';
import type { Caller } from '../../clients/client';
import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { integer, type RowOf, string } from '../../database/rows';
import type { Actor } from '../../ledger/actor';
import type { LedgerTransaction } from '../../ledger/transaction';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { permittedPerson, scopeOf } from '../../roster/access';
import type { Dependencies } from '../dependencies';
import type { EventKey } from './attendance';
import { invalidField } from './errors';
import { BASE, hrefIn, idIn, isId, lastSegment, NAMESPACE, ownId } from './hal';

/** The link to a person in a body. */
const LINK = '_links.osdi:person';

/** Somebody who is meant. */
const matchRow = { person_id: integer };
type Match = RowOf<typeof matchRow>;

export type Identifiers = ReturnType<typeof openIdentifiers>;

/** What other systems call the people of a district: those that OSDI clients have sent, and the SIS's sourcedId. */
export function openIdentifiers(database: Database) {
  const { knex } = database;
  const asked = `${database.rows('identifiers', { identifier: 'text' })} as asked`;
  const sql = {
    of: text(
      knex,
      `select osdi_identifiers.person_id, osdi_identifiers.identifier
      from ${database.rows('people', { id: 'bigint' })} as asked
      cross join osdi_identifiers
      where osdi_identifiers.person_id = asked.id and osdi_identifiers.district_id = :district
      order by osdi_identifiers.person_id, osdi_identifiers.identifier`,
      { ...matchRow, identifier: string },
    ),
    owners: text(
      knex,
      `select osdi_identifiers.person_id
      from ${asked}
      cross join osdi_identifiers
      join people on people.district_id = osdi_identifiers.district_id and people.id = osdi_identifiers.person_id
      where osdi_identifiers.district_id = :district and osdi_identifiers.identifier = asked.identifier
        and ${permittedPerson}
      union
      select people.id
      from ${asked}
      cross join people
      where asked.identifier like 'oneroster:%' and people.district_id = :district and people.active
        and people.sourced_id = substr(asked.identifier, ${'oneroster:'.length + 1}) and ${permittedPerson}`,
      matchRow,
    ),
    bearers: text(
      knex,
      `select asked.identifier, osdi_identifiers.person_id
      from ${asked}
      ${database.lookUp(
        'osdi_identifiers',
        'osdi_identifiers.district_id = :district and osdi_identifiers.identifier = asked.identifier',
      )}
      union
      select asked.identifier, people.id
      from ${asked}
      ${database.lookUp(
        'people',
        `people.district_id = :district and people.sourced_id = substr(asked.identifier, ${'oneroster:'.length + 1})`,
      )} and asked.identifier like 'oneroster:%'`,
      { ...matchRow, identifier: string },
    ),
    ownersOfLocalPart: text(
      knex,
      `select osdi_identifiers.person_id
      from osdi_identifiers
      join people on people.district_id = osdi_identifiers.district_id and people.id = osdi_identifiers.person_id
      where osdi_identifiers.district_id = :district and osdi_identifiers.local_part = :local_part
        and ${permittedPerson}
      union
      select people.id
      from people
      where people.district_id = :district and people.active and people.sourced_id = :local_part
        and ${permittedPerson}`,
      matchRow,
    ),
    add: text(
      knex,
      `insert into osdi_identifiers (district_id, identifier, local_part, person_id)
      select :district, identifier, local_part, :person
      from ${database.rows('identifiers', { identifier: 'text', local_part: 'text' })} as sent
      where true
      on conflict (district_id, identifier) do nothing
      returning person_id`,
      matchRow,
    ),
  };

  return {
    /** The foreign identifiers of each of these people. */
    async of({ district }: Actor, people: readonly number[]): Promise<Map<number, string[]>> {
      const found = new Map<number, string[]>();
      const rows = await database.all(sql.of, {
        district,
        people: JSON.stringify(people.map((id) => [id])),
      });
      for (const { person_id, identifier } of rows) found.set(person_id, [...(found.get(person_id) ?? []), identifier]);
      return found;
    },

    /** Whose any of these is, of the people that the actor sees. */
    owners: (tx: Executor, actor: Actor, identifiers: readonly string[]): Promise<Match[]> =>
      tx.all(sql.owners, {
        ...scopeOf(actor),
        identifiers: JSON.stringify(identifiers.map((identifier) => [identifier])),
      }),

    /** Who bears each of these, ours included, whether or not the actor sees them. */
    async bearers(
      { district }: Actor,
      identifiers: readonly string[],
    ): Promise<ReadonlyMap<string, readonly number[]>> {
      const foreign = identifiers.filter((identifier) => !isOwn(identifier));
      const rows =
        foreign.length > 0
          ? await database.all(sql.bearers, {
              district,
              identifiers: JSON.stringify(foreign.map((identifier) => [identifier])),
            })
          : [];
      const found = new Map<string, number[]>();
      for (const { identifier, person_id } of rows)
        found.set(identifier, [...(found.get(identifier) ?? []), person_id]);
      for (const identifier of identifiers) {
        const id = ownId(identifier);
        if (id !== undefined) found.set(identifier, [id]);
      }
      return found;
    },

    /** Whose identifier ends in this, whatever the system, of the people that the actor sees. */
    ownersOfLocalPart: (tx: Executor, actor: Actor, local_part: string): Promise<Match[]> =>
      tx.all(sql.ownersOfLocalPart, { ...scopeOf(actor), local_part }),

    /** Remembers what others call a person, to match them by it the next time. Whether any of it is new. */
    async add(tx: Executor, district: number, person: number, identifiers: readonly string[]): Promise<boolean> {
      const rows = identifiers.map((identifier) => [identifier, identifier.slice(identifier.indexOf(':') + 1)]);
      if (rows.length === 0) return false;
      return (await tx.all(sql.add, { district, person, identifiers: JSON.stringify(rows) })).length > 0;
    },
  };
}

export type Matching = ReturnType<typeof openMatching>;

/**
 * Finds the person of the district that a client means; undefined where it does not know them, or the person it acts
 * for does not see them.
 */
export function openMatching(database: Database, identifiers: Identifiers) {
  const { knex } = database;
  const byId = text(
    knex,
    `select people.id as person_id from people
    where people.id = :id and people.district_id = :district and people.active and ${permittedPerson}`,
    matchRow,
  );
  const byEmail = text(
    knex,
    `select people.id as person_id from people
    where people.district_id = :district and people.active and ${permittedPerson} and trim(people.email) <> ''
      and lower(people.email) in (
      select asked.email from ${database.rows('emails', { email: 'text' })} as asked)`,
    matchRow,
  );

  const known = async (tx: Executor, actor: Actor, id: string, field: string): Promise<number> => {
    const rows = isId(id) ? await tx.all(byId, { id, ...scopeOf(actor) }) : [];
    if (!rows[0]) throw invalidField(field, `must be of a person of this district; there is no ${preview(id)}`);
    return rows[0].person_id;
  };

  return { linked, inline, checkSame };

  /** By the link to a person of ours, or by the last segment of another host's, which calls them so. */
  async function linked(tx: Executor, actor: Actor, href: string, origin: string): Promise<number> {
    const own = idIn(href, 'people', origin);
    if (own !== undefined) return known(tx, actor, own, LINK);
    const person = single(await identifiers.ownersOfLocalPart(tx, actor, lastSegment(href)), LINK);
    if (person === undefined) throw invalidField(LINK, `must link to a person who is known here, not ${preview(href)}`);
    return person;
  }

  /** "Matching, in order: identifier (ours, then foreign), then email within the district." */
  async function inline(tx: Executor, actor: Actor, person: InlinePerson): Promise<number | undefined> {
    const sent = person.identifiers ?? [];
    const own = sent.find(isOwn);
    if (own) return known(tx, actor, own.slice(NAMESPACE.length + 1), 'person.identifiers');
    const owners = await identifiers.owners(tx, actor, sent);
    return single(owners, 'person.identifiers') ?? single(await mailed(tx, actor, person), 'person.email_addresses');
  }

  /** Throws where a body names anybody else than the one whose attendance it is already. */
  async function checkSame(
    tx: Executor,
    actor: Actor,
    body: Pick<AttendanceBody, 'person' | '_links'>,
    id: number,
    origin: string,
  ): Promise<void> {
    const others = `must be the person whose attendance it is, rollbook:${id}; it cannot be given to another`;
    const href = hrefIn(body, 'person');
    const isLinked = href === undefined || href.endsWith(`${BASE}/people/${id}`);
    if (!isLinked && (await linked(tx, actor, href, origin)) !== id) throw invalidField(LINK, others);
    const { person } = body;
    const isNamed = person && ((person.identifiers ?? []).length > 0 || emailsOf(person).length > 0);
    if (isNamed && (await inline(tx, actor, person)) !== id) throw invalidField('person', others);
  }

  function mailed(tx: Executor, actor: Actor, person: InlinePerson): Promise<Match[]> {
    const emails = JSON.stringify(emailsOf(person).map((email) => [email.toLowerCase()]));
    return tx.all(byEmail, { ...scopeOf(actor), emails });
  }
}

/** Siblings can share their parents' address: then it says nothing, and we do not guess. */
function single(matches: readonly Match[], field: string): number | undefined {
  if (matches.length < 2) return matches[0]?.person_id;
  throw invalidField(field, `must be of one person; ${matches.length} have it`);
}

/** "Denotes if this is the primary address": it comes first. */
export const emailsOf = ({ email_addresses }: InlinePerson): string[] =>
  [...(email_addresses ?? [])]
    .sort((one, other) => Number(other.primary ?? false) - Number(one.primary ?? false))
    .flatMap(({ address }) => (address ? [address] : []));

/** What other systems call them. */
export const foreignOf = ({ identifiers }: InlinePerson): string[] =>
  (identifiers ?? []).filter((identifier) => !isOwn(identifier));

const isOwn = (identifier: string): boolean => identifier.startsWith(`${NAMESPACE}:`);

export type Newcomers = ReturnType<typeof openNewcomers>;

/** "The attendee's response status. One of" these, an enum and thus closed, where people are made along with it. */
export const helperStatuses = ['declined', 'tentative', 'accepted', 'confirmed', 'needs action'];

/** "Aids in the creation of Attendance and People resources": who is not known becomes a student of the section. */
export function openNewcomers({ roster }: Dependencies, matching: Matching, identifiers: Identifiers) {
  return {
    async matchOrAdmit(
      transaction: LedgerTransaction,
      caller: Caller,
      person: InlinePerson,
      event: EventKey,
      saysWhetherAttended: boolean,
    ): Promise<number> {
      const mayAdmit = caller.scopes.has('roster:write');
      if (mayAdmit) await roster.hold(transaction, caller);
      // Who may add people meets those they do not see, too, or would add them a second time.
      const match = await matching.inline(transaction, mayAdmit ? { ...caller, person: null } : caller, person);
      if (match === undefined && !mayAdmit)
        throw new Problem(
          'SCOPE_MISSING',
          'No person of the district matches; to add them, the client needs the scope roster:write.',
        );
      const id = match ?? (await admit(transaction, caller, person, event, saysWhetherAttended));
      if (mayAdmit && (await identifiers.add(transaction, caller.district, id, foreignOf(person))))
        await roster.touch(transaction, caller, id);
      return id;
    },
  };

  async function admit(
    transaction: LedgerTransaction,
    caller: Caller,
    person: InlinePerson,
    event: EventKey,
    saysWhetherAttended: boolean,
  ): Promise<number> {
    const { given_name, additional_name, family_name } = person;
    if (!given_name && !family_name)
      throw invalidField('person.family_name', 'is missing: the person is not known, and a new one needs a name');
    const student = {
      email: emailsOf(person)[0] ?? '',
      given_name: given_name ?? '',
      middle_name: additional_name ?? '',
      family_name: family_name ?? '',
    };
    const begin = await roster.firstDay(transaction, caller, event);
    // Nobody joins a roll that was taken: on it who is not marked is present, and nobody has said so of this person.
    if (event.date < begin && !saysWhetherAttended)
      throw invalidField(
        'attended',
        `must be true or false: days of this section from ${event.date} on are counted already, and the person is not in ` +
          `them. Say whether they attended, or name an event from ${begin} on`,
        'true',
      );
    return roster.admit(transaction, caller, student, event, begin);
  }
}
