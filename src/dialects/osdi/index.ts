import type { Dialect } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import type { House } from '../house';
import { attendanceEndpoints } from './attendances';
import { docsEndpoints } from './docs';
import { editEndpoints } from './edit';
import { entryEndpoint } from './entry';
import { eventEndpoints } from './events';
import { BASE } from './hal';
import { openIdentifiers } from './identifiers';
import { openMatching } from './matching';
import { openNewcomers } from './newcomers';
import { peopleEndpoints } from './people';
import { postEndpoints } from './post';
import { refuse } from './refuse';
import { openScopes } from './scope';
import { apiToken } from './token';
import { openWriter } from './writer';

/** OSDI 1.1.1: attendances of events as HAL. */
export function osdi(house: House): Dialect {
  const identifiers = openIdentifiers(house.database);
  const matching = openMatching(house.database, identifiers);
  const newcomers = openNewcomers(house, matching, identifiers);
  const scopes = openScopes(house);
  const writer = openWriter(house);
  return {
    name: 'osdi',
    base: BASE,
    // Answered as HAL where the client takes it, since some parse nothing else.
    formats: [{ ...json, types: ['application/hal+json', 'application/json'] }],
    headers: { 'Cache-Control': 'max-age=0, private, must-revalidate' },
    cors: {
      requestHeaders: ['OSDI-API-Token', 'Content-Type', 'If-Match', 'If-None-Match'],
      responseHeaders: ['ETag', 'Location'],
    },
    credentials: [house.credentials.token(apiToken)],
    refuse,
    endpoints: [
      entryEndpoint,
      ...docsEndpoints,
      ...peopleEndpoints(house, identifiers),
      ...eventEndpoints(house),
      ...attendanceEndpoints(house, scopes),
      ...postEndpoints(scopes, writer, matching, newcomers),
      ...editEndpoints(house, scopes, writer),
    ],
  };
}
