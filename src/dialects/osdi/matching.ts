import type { Actor } from '../../actor';
import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { permittedPerson } from '../../roster/permitted';
import { scopeOf } from '../../roster/teaches';
import { shown } from '../../shown';
import { NAMESPACE } from './hal';
import type { Identifiers } from './identifiers';
import { idIn, lastSegment } from './links';
import { invalidField } from './refuse';

/** A person as an inline object has them; other fields are ignored. */
export interface InlinePerson {
  readonly identifiers?: readonly string[] | null;
  readonly given_name?: string | null;
  readonly additional_name?: string | null;
  readonly family_name?: string | null;
  readonly email_addresses?: readonly { readonly address?: string | null }[] | null;
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
  );
  const byEmail = text(
    knex,
    `select people.id as person_id from people
    where people.district_id = :district and people.active and ${permittedPerson} and trim(people.email) <> ''
      and lower(people.email) in (
      select asked.email from ${database.rows('emails', { email: 'text' })} as asked)`,
  );

  const known = async (tx: Executor, actor: Actor, id: string, field: string): Promise<number> => {
    const rows = /^[1-9]\d{0,14}$/.test(id) ? await tx.all<{ person_id: number }>(byId, { id, ...scopeOf(actor) }) : [];
    if (!rows[0]) throw invalidField(field, `must be of a person of this district; there is no ${shown(id)}`);
    return rows[0].person_id;
  };

  return {
    /** By the link to a person of ours, or by the last segment of another host's, which calls them so. */
    async linked(tx: Executor, actor: Actor, href: string, origin: string): Promise<number> {
      const field = '_links.osdi:person';
      const own = idIn(href, 'people', origin);
      if (own !== undefined) return known(tx, actor, own, field);
      const person = single(await identifiers.ownersOfLocalPart(tx, actor, lastSegment(href)), field);
      if (person === undefined)
        throw invalidField(field, `must link to a person who is known here, not ${shown(href)}`);
      return person;
    },

    /** "Matching, in order: identifier (ours, then foreign), then email within the district." */
    async inline(tx: Executor, actor: Actor, person: InlinePerson): Promise<number | undefined> {
      const sent = person.identifiers ?? [];
      const own = sent.find(isOwn);
      if (own) return known(tx, actor, own.slice(NAMESPACE.length + 1), 'person.identifiers');
      const owners = await identifiers.owners(tx, actor, sent);
      return single(owners, 'person.identifiers') ?? single(await mailed(tx, actor, person), 'person.email_addresses');
    },
  };

  function mailed(tx: Executor, actor: Actor, person: InlinePerson): Promise<Match[]> {
    const emails = JSON.stringify(emailsOf(person).map((email) => [email.toLowerCase()]));
    return tx.all<Match>(byEmail, { ...scopeOf(actor), emails });
  }
}

interface Match {
  readonly person_id: number;
}

/** Siblings can share their parents' address: then it says nothing, and we do not guess. */
function single(matches: readonly Match[], field: string): number | undefined {
  if (matches.length < 2) return matches[0]?.person_id;
  throw invalidField(field, `must be of one person; ${matches.length} have it`);
}

export const emailsOf = ({ email_addresses }: InlinePerson): string[] =>
  (email_addresses ?? []).flatMap(({ address }) => (address ? [address] : []));

/** What other systems call them. */
export const foreignOf = ({ identifiers }: InlinePerson): string[] =>
  (identifiers ?? []).filter((identifier) => !isOwn(identifier));

const isOwn = (identifier: string): boolean => identifier.startsWith(`${NAMESPACE}:`);
