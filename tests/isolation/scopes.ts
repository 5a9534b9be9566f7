import type { Scope } from '../../src/clients/client';
import { type Row, table } from './table';

/** Describes the APIs, and asks nobody who they are. */
export const describes = (endpoint: string): boolean => /^GET \/(openapi|errors|\.well-known)/.test(endpoint);

/** Endpoints that ask nobody who they are. */
export const openToAll = [
  'GET /sign-in/ways',
  'GET /ws/v1/metadata',
  'GET /osdi/api/v1/',
  'GET /osdi/api/v1/docs',
  'GET /osdi/api/v1/docs/:rel',
  ...Object.keys(table).filter(describes),
];

/** What LTI has is of a launch, or of a student: `tests/apis/lti` asks it. */
export const isOfLti = (endpoint: string): boolean => endpoint.includes(' /lti/');

/** Asks for credentials in its body, and for nothing else. */
export const isProof = (endpoint: string): boolean => /\/oauth\/|\/sign-in\//.test(endpoint);

/** The scope without which the endpoint answers 403; `POST /oauth/access_token` asks for none. */
export const needed = (endpoint: string, { scope }: Row): Scope | undefined => {
  if (scope) return scope;
  if (openToAll.includes(endpoint) || isProof(endpoint)) return undefined;
  if (/^(PUT \/calendars|PATCH \/schools)/.test(endpoint)) return 'roster:write';
  if (endpoint.endsWith('/session/')) return 'attendance:read';
  const [method, path] = endpoint.split(' ') as [string, string];
  const isQuery = path.startsWith('/ws/schema/query/') || /\/(query|count)$/.test(path);
  const isAttendance =
    /attendance|\/events|bookings|session|reports|marks|rolls|^GET \/(calendars|schools)/.test(`${method} ${path}`) &&
    !path.includes('student_dcid_id_map');
  if (!isAttendance) return 'roster:read';
  return method === 'GET' || (method === 'POST' && isQuery) ? 'attendance:read' : 'attendance:write';
};
