import { bearerToken } from '../../http/credentials/bearer';
import type { Dialect } from '../../http/endpoint';
import { form } from '../../http/formats/form';
import { json } from '../../http/formats/json';
import type { House } from '../house';
import { refuse } from './errors';
import { formats } from './formats';
import { queryEndpoints } from './lookups/queries';
import { resourceEndpoints } from './lookups/resources';
import { openStanding } from './lookups/standing';
import { openTemplates } from './lookups/templates';
import { attendanceEndpoints } from './posts/attendance';
import { refuseToken, tokenEndpoint } from './token';

const name = 'powerschool';

/** PowerSchool's API: attendance posted by SIS plugins, what they look up first, and the token they do it with. */
export function powerschool({ database, ledger, roster, clients, credentials }: House): Dialect[] {
  const token = credentials.token({
    read: bearerToken,
    challenge: 'Bearer realm="PowerSchool"',
    // Plugins look for this, fetch a new token, and try again.
    rejected: 'Bearer error="invalid_token",realm="PowerSchool",error_description="The access token has expired"',
  });
  const standing = openStanding(database, ledger);
  return [
    {
      name,
      base: '/oauth',
      formats: [form, json],
      credentials: [],
      refuse: refuseToken,
      endpoints: [tokenEndpoint(clients, credentials)],
    },
    {
      name,
      base: '/ws',
      formats,
      credentials: [token],
      refuse,
      endpoints: [
        ...attendanceEndpoints(database, ledger),
        ...queryEndpoints(database, roster, standing, openTemplates(database, ledger, standing)),
        ...resourceEndpoints(roster, standing),
      ],
    },
  ];
}
