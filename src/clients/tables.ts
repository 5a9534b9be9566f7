import type { Invariant } from '../database/invariants';
import { ERASED, ofPerson, type PersonalData } from '../database/personal-data';

/** The API clients that are bound to a person, without their secrets; an erasure revokes them. */
export const clientPersonalData: readonly PersonalData[] = [
  {
    name: 'tokens',
    table: 'api_tokens',
    where: `held.client_id in (
      select bound.id from api_clients as bound where bound.district_id = :district and bound.person_id = :person)`,
    key: ['hash'],
    columns: {
      client_id: 'the API client',
      created_at: 'when it was issued, ISO 8601',
      expires_at: 'when it expires, ISO 8601',
      session_seconds: 'for how long each use renews the session of a browser; none where it is no session',
      used_at: 'when it was last used, to the hour, ISO 8601',
    },
    erasure: 'remove',
  },
  {
    name: 'sign_ins',
    table: 'sign_ins',
    where: ofPerson,
    key: ['client_id'],
    columns: { district_id: 'the district', person_id: 'the person', client_id: 'the API client they sign in with' },
  },
  {
    name: 'office_roles',
    table: 'office_roles',
    where: ofPerson,
    key: ['person_id'],
    columns: {
      district_id: 'the district',
      person_id: 'the person',
      role: 'secretary or counselor',
      school_id: 'the school in whose office they are that',
      given_at: 'since when, ISO 8601',
    },
    erasure: 'remove',
  },
  {
    name: 'passkeys',
    table: 'passkeys',
    where: ofPerson,
    key: ['id'],
    columns: {
      id: 'number of the passkey',
      district_id: 'the district',
      person_id: 'the person',
      credential_id: 'what the device calls it, base64url',
      public_key: 'its public key (COSE), base64url',
      counter: 'how often the device says that it was used; 0 where it does not count',
      name: 'what the person calls it',
      created_at: 'when it was made, ISO 8601',
      used_at: 'when somebody last signed in by it, ISO 8601',
      challenged_at: 'when the challenge was made that it answered last, ISO 8601',
    },
    erasure: 'remove',
  },
  {
    name: 'api_clients',
    table: 'api_clients',
    where: ofPerson,
    key: ['id'],
    columns: {
      id: 'number of the client',
      district_id: 'the district',
      name: 'what it is called',
      key: 'the consumer key, which is public',
      scopes: 'what it may do',
      marks_only: 'whether it writes single marks only, and takes no rolls',
      person_id: 'the person it is bound to',
      signs_in: 'whether it was made for the person to sign in with',
      created_at: 'when it was made, ISO 8601',
      revoked_at: 'when it was revoked, ISO 8601',
      previous_until: 'until when its secret before is good as well, ISO 8601',
      used_at: 'when somebody who signs in with it last did something, to the hour, ISO 8601',
    },
    erasure: { name: `'${ERASED}'`, revoked_at: 'coalesce(revoked_at, :at)' },
  },
  {
    name: 'access_changes',
    table: 'access_changes',
    where: 'held.district_id = :district and (held.person_id = :person or held.by_person_id = :person)',
    key: ['id'],
    columns: {
      id: 'number of the change',
      district_id: 'the district',
      at: 'when it was done, ISO 8601',
      api: 'the API or command it was done by',
      client_id: 'the API client that did it; none where it was a command',
      by_person_id: 'the person who was signed in with it',
      person_id: 'the person whose access it is',
      what: 'invited, sessions_ended, revoked, role_given or role_taken',
      role: 'the role that was given',
      school_id: 'the school in which it was given',
    },
  },
];

export const clientInvariants: readonly Invariant[] = [
  {
    name: 'client_person',
    table: 'api_clients',
    level: 'error',
    right: 'A client is bound to a person of its own district.',
    asked: { table: 'api_clients', columns: ['district_id', 'person_id'] },
    broken: `select asked.id, asked.district_id, asked.person_id
      from asked
      left join people on people.district_id = asked.district_id and people.id = asked.person_id
      where asked.person_id is not null and people.id is null`,
  },
  {
    name: 'token_client',
    table: 'api_tokens',
    level: 'error',
    right: 'A token is of a client.',
    broken: `select api_tokens.client_id, count(*) as tokens
      from api_tokens
      left join api_clients on api_clients.id = api_tokens.client_id
      where api_clients.id is null
      group by api_tokens.client_id`,
  },
  {
    name: 'tokens_expired',
    table: 'api_tokens',
    level: 'warning',
    right: 'A token that has expired opens nothing; it is forgotten once its client asks for another.',
    broken: `select api_tokens.client_id, count(*) as tokens
      from api_tokens
      where api_tokens.expires_at <= :now
      group by api_tokens.client_id`,
  },
];
