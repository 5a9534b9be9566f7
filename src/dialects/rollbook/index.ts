import { bearer } from '../../http/credentials/bearer';
import type { Dialect } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { jsonProblem, problemDetails } from '../../http/problem-details';
import type { House } from '../house';
import { calendarEndpoints } from './calendars/calendars';
import { marksEndpoints } from './marks/marks';
import { reportEndpoints } from './reports/reports';
import { rollEndpoints } from './rolls/rolls';
import { schoolEndpoints } from './schools/schools';
import { sessionEndpoints } from './session/session';
import { signInEndpoints } from './session/sign-in';

/** rollbook's own API: what its pages need beside the roll itself, for them and for anybody. */
export function rollbook(house: House): Dialect[] {
  const { oauth1, token, session } = house.credentials;
  const common = { name: 'rollbook', formats: [{ ...json, problem: jsonProblem }], refuse: problemDetails };
  const credentials = [oauth1, token(bearer), session];
  return [
    // Without credentials, so that a stale cookie is in nobody's way.
    { ...common, base: '/sign-in', credentials: [], endpoints: signInEndpoints(house) },
    { ...common, base: '/session', credentials, endpoints: sessionEndpoints(house) },
    { ...common, base: '/reports', credentials, endpoints: reportEndpoints(house) },
    { ...common, base: '/calendars', credentials, endpoints: calendarEndpoints(house) },
    { ...common, base: '/schools', credentials, endpoints: schoolEndpoints(house) },
    { ...common, base: '/rolls', credentials, endpoints: rollEndpoints(house) },
    { ...common, base: '/marks', credentials, endpoints: marksEndpoints(house) },
  ];
}
