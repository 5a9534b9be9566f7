import {
  ApiClientBody,
  ApiClientRotateBody,
  ApiClientSecretReply,
  ApiClientsQuery,
  ApiClientsReply,
} from '../../../schemas/rollbook/api-clients';
import { readOf } from '../../audit/read';
import { managerOf } from '../../clients/access';
import type { NewClient } from '../../clients/clients';
import { openDistrictClients } from '../../clients/district-clients';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import { numberOf, PAGE } from './parameters';

/** How long the secret and token before are good after a rotation, in seconds. */
const GRACE = 86_400;

/** `/access/clients`: the programs that may call. The district's office makes, rotates and revokes their clients. */
export function apiClientEndpoints({ database, clients, roster }: Dependencies): Endpoint[] {
  const own = openDistrictClients(database, clients);
  const common = { scope: 'access', current: true } as const;
  const shown = { 'Cache-Control': 'no-store' };

  return [
    endpoint({
      ...common,
      method: 'GET',
      path: '/clients',
      summary: 'Lists the API clients of the district, without their secrets',
      schemas: { query: ApiClientsQuery, reply: ApiClientsReply },
      async handle({ caller, query }) {
        const page = { limit: numberOf(query.limit) ?? PAGE, offset: numberOf(query.offset) ?? 0 };
        const { total, clients: found } = await own.list(managerOf(caller), page);
        const listed = found.map(({ district_id: _district, scopes, marks_only, previous_until, ...client }) => ({
          ...client,
          scopes: scopes.split(','),
          marks_only: Boolean(marks_only),
          previous_secret_until: previous_until,
        }));
        // Whom they are bound to.
        const reads = readOf(listed.flatMap(({ person_id }) => person_id ?? []));
        return { status: 200, body: { total, clients: listed }, reads };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/clients',
      summary: 'Makes an API client; its secret and token are shown now alone',
      successes: [201],
      errors: ['NOT_FOUND', 'CREDENTIALS_INSECURE', 'MARKS_ONLY'],
      schemas: { body: ApiClientBody, reply: ApiClientSecretReply },
      async handle({ caller, body, confidential }) {
        if (!confidential) throw new Problem('CREDENTIALS_INSECURE');
        const manager = managerOf(caller);
        const { name, scopes, person, marks_only: marksOnly = false } = body;
        if (person !== undefined) await roster.one('person', caller, String(person));
        const made = await own.create(manager, caller, { name, scopes, person, marksOnly });
        return { status: 201, body: { ...secretsOf(made), name, previous_secret_until: null }, headers: shown };
      },
    }),
    endpoint({
      ...common,
      method: 'POST',
      path: '/clients/:client/rotate',
      summary: 'Gives an API client another secret and token; those before are good for a while',
      errors: ['CREDENTIALS_INSECURE', 'MARKS_ONLY'],
      elsewhere: true, // until every process knows them
      schemas: { body: ApiClientRotateBody, reply: ApiClientSecretReply },
      async handle({ caller, params, body: { grace = GRACE }, confidential }) {
        if (!confidential) throw new Problem('CREDENTIALS_INSECURE');
        const manager = managerOf(caller);
        const { previous_until, ...rotated } = await own.rotate(manager, caller, idOf(params.client), grace);
        const name = await clients.nameOf({ district: caller.district, client: rotated.id });
        const body = { ...secretsOf(rotated), name, previous_secret_until: previous_until };
        return { status: 200, body, headers: shown };
      },
    }),
    endpoint({
      ...common,
      method: 'DELETE',
      path: '/clients/:client',
      summary: 'Revokes an API client: it is refused from now on',
      successes: [204],
      async handle({ caller, params }) {
        await own.revoke(managerOf(caller), idOf(params.client));
        return { status: 204 };
      },
    }),
  ];
}

const secretsOf = ({ id, key, secret, token, scopes, marks_only }: NewClient) => ({
  ...{ id, key, secret, token, scopes, marks_only },
});

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new Problem('NOT_FOUND', `There is no client ${text.slice(0, 60)} here.`);
  return Number(text);
}
