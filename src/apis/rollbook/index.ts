/*
 * `src/apis/rollbook/`: rollbook's own API: what its pages need beside the roll, and what the other APIs have no words for:
 * taking a roll, marks as CSV, changes, reports, calendars, schools and sign-in.
 */
import { ProblemDetails } from '../../../schemas/problem';
import { bearer } from '../../http/credentials/token';
import type { Api } from '../../http/endpoint';
import { json } from '../../http/formats/json';
import { jsonProblem, problemDetails } from '../../http/refusal';
import type { Dependencies } from '../dependencies';
import { calendarEndpoints } from './calendars';
import { changesEndpoints } from './changes';
import { marksEndpoints } from './marks';
import { openidEndpoints } from './openid';
import { reportEndpoints } from './reports';
import { rollEndpoints } from './rolls';
import { schoolEndpoints } from './schools';
import { sessionEndpoints, signInEndpoints } from './session';
import { webhookEndpoints } from './webhooks';

/** rollbook's own API: what its pages need beside the roll itself, for them and for anybody. */
export function rollbook(dependencies: Dependencies): Api[] {
  const { oauth1, token, session } = dependencies.credentials;
  const common = {
    name: 'rollbook',
    formats: [{ ...json, problem: jsonProblem }],
    refuse: problemDetails,
    errors: ProblemDetails,
  };
  const credentials = [oauth1, token(bearer), session];
  return [
    // Without credentials, so that a stale cookie is in nobody's way.
    {
      ...common,
      base: '/sign-in',
      credentials: [],
      endpoints: [...signInEndpoints(dependencies), ...openidEndpoints(dependencies)],
    },
    { ...common, base: '/session', credentials, endpoints: sessionEndpoints(dependencies) },
    { ...common, base: '/reports', credentials, endpoints: reportEndpoints(dependencies) },
    { ...common, base: '/calendars', credentials, endpoints: calendarEndpoints(dependencies) },
    { ...common, base: '/schools', credentials, endpoints: schoolEndpoints(dependencies) },
    { ...common, base: '/rolls', credentials, endpoints: rollEndpoints(dependencies) },
    { ...common, base: '/marks', credentials, endpoints: marksEndpoints(dependencies) },
    { ...common, base: '/changes', credentials, endpoints: changesEndpoints(dependencies) },
    { ...common, base: '/webhooks', credentials, endpoints: webhookEndpoints(dependencies) },
  ];
}
