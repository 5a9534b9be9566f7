import { ERASED, type Holding, ofPerson } from '../holding';

/** The API clients that are bound to a person, without their secrets; an erasure revokes them. */
export const clientHoldings: readonly Holding[] = [
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
      created_at: 'when it was made, ISO 8601',
      revoked_at: 'when it was revoked, ISO 8601',
      previous_until: 'until when its secret before is good as well, ISO 8601',
    },
    erasure: { name: `'${ERASED}'`, revoked_at: 'coalesce(revoked_at, :at)' },
  },
];
