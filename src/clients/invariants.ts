import type { Invariant } from '../database/invariants';

export const clientInvariants: readonly Invariant[] = [
  {
    name: 'client_person',
    table: 'api_clients',
    level: 'error',
    right: 'A client is bound to a person of its own district.',
    broken: `select api_clients.id, api_clients.district_id, api_clients.person_id
      from api_clients
      left join people on people.id = api_clients.person_id
      where api_clients.person_id is not null and (people.id is null or people.district_id <> api_clients.district_id)`,
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
