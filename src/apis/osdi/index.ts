/*
 * `src/apis/osdi/`: OSDI: attendances, events and people as HAL+JSON. An event is a meeting of a section, an attendance
 * what the ledger says of an enrollment on a day.
 */
import { OsdiError } from '../../../schemas/osdi/errors';
import type { Presented } from '../../http/credentials/credentials';
import type { TokenSpec } from '../../http/credentials/token';
import type { Api, Endpoint } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { inOtherCase, strayName } from '../../http/names';
import type { Dependencies } from '../dependencies';
import { attendanceEndpoints, openScopes } from './attendance';
import { docsEndpoints, entryEndpoint } from './entry-point';
import { invalidParameter, refuse } from './errors';
import { eventEndpoints } from './events';
import { BASE } from './hal';
import { openIdentifiers, openMatching, openNewcomers } from './matching';
import { peopleEndpoints } from './people';
import { editEndpoints, openWriter, postEndpoints } from './write';

/** "OSDI-API-Token: [your api key here]", or `osdi-api-token` in the query; either in any case. */
export const apiToken: TokenSpec = {
  read: ({ headers, target }) => [headers['osdi-api-token']].flat()[0] || inQuery(target) || undefined,
  challenge: 'OSDI-API-Token realm="rollbook"',
  rejected: 'OSDI-API-Token realm="rollbook", error="invalid_token"',
  schemes: {
    header: {
      type: 'apiKey',
      in: 'header',
      name: 'OSDI-API-Token',
      description: 'A token of a client, which `rollbook client create` shows.',
    },
    query: {
      type: 'apiKey',
      in: 'query',
      name: 'osdi-api-token',
      description: 'The same, where a header cannot be sent.',
    },
  },
};

function inQuery(target: Presented['target']): string | undefined {
  const query = target.split('?').slice(1).join('?');
  for (const [name, value] of new URLSearchParams(query)) if (name.toLowerCase() === 'osdi-api-token') return value;
  return undefined;
}

/** Refuses parameters that are called otherwise in nothing but capital and small letters: they would be passed over. */
const strict = ({ handle, ...endpoint }: Endpoint): Endpoint => ({
  ...endpoint,
  handle(call) {
    const { query } = endpoint.schemas ?? {};
    const stray = query && strayName(query, call.query, (name, known, value) => !!value && !!inOtherCase(name, known));
    if (stray) throw invalidParameter(stray.field, `is called ${inOtherCase(stray.field, stray.known)} here`);
    return handle(call);
  },
});

/** OSDI 1.1.1: attendances of events as HAL. */
export function osdi(dependencies: Dependencies): Api {
  const identifiers = openIdentifiers(dependencies.database);
  const matching = openMatching(dependencies.database, identifiers);
  const newcomers = openNewcomers(dependencies, matching, identifiers);
  const scopes = openScopes(dependencies);
  const writer = openWriter(dependencies);
  return {
    name: 'osdi',
    title: 'OSDI',
    description:
      'OSDI 1.1.1: an event is a meeting of a section, an attendance what is known of a student at one. Documents are HAL.',
    parameters: {
      event: 'The id of an event: of a section on a day.',
      person: 'The id of a person.',
      attendance: 'The id of an attendance: of a student on a day.',
      rel: 'A link relation, without `osdi:`.',
    },
    base: BASE,
    // Answered as HAL where the client takes it, since some parse nothing else.
    formats: [{ ...json, types: ['application/hal+json', 'application/json'] }],
    headers: { 'Cache-Control': 'max-age=0, private, must-revalidate' },
    cors: {
      requestHeaders: ['OSDI-API-Token', 'Content-Type', 'If-Match', 'If-None-Match'],
      responseHeaders: ['ETag', 'Location'],
    },
    credentials: [dependencies.credentials.token(apiToken)],
    refuse,
    errors: OsdiError,
    endpoints: [
      entryEndpoint,
      ...docsEndpoints(dependencies),
      ...peopleEndpoints(dependencies, identifiers),
      ...eventEndpoints(dependencies),
      ...attendanceEndpoints(dependencies, scopes),
      ...postEndpoints(scopes, writer, matching, newcomers),
      ...editEndpoints(dependencies, scopes, writer, matching),
    ].map(strict),
  };
}
