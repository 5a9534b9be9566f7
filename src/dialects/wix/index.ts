import type { Dialect } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import type { House } from '../house';
import { bulkEndpoints } from './bulk';
import { entityEndpoints } from './entity';
import { refuse } from './errors';
import { queryEndpoints } from './query';
import { apiKey } from './token';
import { setter } from './write';

/** The SDK calls the first, the documentation names the other two. */
const services = ['/bookings-attendance', '/v2/attendance', '/attendance/v2/attendance'];
const bulkServices = ['/v2/bulk/attendance', '/attendance/v2/bulk/attendance'];

/** Wix Bookings Attendance V2: a booking is an enrollment, an event is a meeting. */
export function wix(house: House): Dialect {
  const set = setter(house);
  return {
    name: 'wix',
    base: '/bookings',
    formats: [json],
    credentials: [house.credentials.token(apiKey)],
    requestIdHeader: 'X-Wix-Request-Id',
    refuse,
    endpoints: [
      ...services.flatMap((service) => [...queryEndpoints(service, house), ...entityEndpoints(service, house, set)]),
      ...bulkServices.flatMap((service) => bulkEndpoints(service, set)),
    ],
  };
}
