/*
 * `src/apis/wix/`: Wix Bookings Attendance: a booking is an enrollment, an event is a meeting. `query.ts` reads its query
 * language and pages by cursors, `write.ts` has the methods that set and delete.
 */
import { WixError } from '../../../schemas/wix/errors';
import { bearer, type TokenSpec } from '../../http/credentials/token';
import type { Api, Endpoint } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import type { Dependencies } from '../dependencies';
import { refuseOtherCase } from './attendance';
import { refuse } from './errors';
import { queryEndpoints } from './query';
import { bulkEndpoints, entityEndpoints, setter } from './write';

/** "Authorization: <AUTH>": Wix's clients send the API key alone; Bearer before it does no harm. */
export const apiKey: TokenSpec = {
  ...bearer,
  schemes: {
    apiKey: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: 'A token of a client, which `rollbook client create` shows, and nothing else.',
    },
  },
  read: ({ headers: { authorization = '' } }) => /^(?:bearer:? +)?(\S{1,1000})\s*$/i.exec(authorization)?.[1],
};

/** The SDK calls the first, the documentation names the other two. */
const services = ['/bookings-attendance', '/v2/attendance', '/attendance/v2/attendance'];
const bulkServices = ['/v2/bulk/attendance', '/attendance/v2/bulk/attendance'];

/** Refuses what is called otherwise in nothing but capital and small letters. */
const strict = ({ handle, ...endpoint }: Endpoint): Endpoint => ({
  ...endpoint,
  handle(call) {
    const { query, body } = endpoint.schemas ?? {};
    if (query) refuseOtherCase(query, call.query);
    if (body) refuseOtherCase(body, call.body);
    return handle(call);
  },
});

/** Wix Bookings Attendance V2: a booking is an enrollment, an event is a meeting. */
export function wix(dependencies: Dependencies): Api {
  const set = setter(dependencies);
  return {
    name: 'wix',
    title: 'Wix Bookings Attendance',
    description:
      'Wix Bookings Attendance V2: a booking is an enrollment, an event is a meeting of a section. Each method is at the ' +
      'address that the SDK calls, and at those that the documentation names.',
    parameters: { id: 'The id of an attendance.' },
    base: '/bookings',
    formats: [json],
    credentials: [dependencies.credentials.token(apiKey)],
    requestIdHeader: 'X-Wix-Request-Id',
    refuse,
    errors: WixError,
    endpoints: [
      ...services.flatMap((service) => [
        ...queryEndpoints(service, dependencies),
        ...entityEndpoints(service, dependencies, set),
      ]),
      ...bulkServices.flatMap((service) => bulkEndpoints(service, set)),
    ].map(strict),
  };
}
