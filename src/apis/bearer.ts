import type { Scope } from '../clients/client';
import { type TokenSpec, bearer as token } from '../http/credentials/token';

const scopes: Readonly<Record<Scope, string>> = {
  'attendance:read': 'Read attendance.',
  'attendance:write': 'Take and change attendance.',
  'roster:read': 'Read schools, sections, people and enrollments.',
  'roster:write': 'Add people and enrollments, and change calendars and the settings of schools.',
  admin: 'Act as a person of the district.',
};

/**
 * A token as it is sent by any API that takes Bearer, and where it comes from: all of them take those that PowerSchool's address
 * hands out. A token has the scopes of its client, whichever are asked for.
 */
export const bearer: TokenSpec = {
  ...token,
  schemes: {
    ...token.schemes,
    oauth2: {
      type: 'oauth2',
      description: 'A token for the key and secret of a client. It has the scopes that the client has.',
      flows: { clientCredentials: { tokenUrl: '/oauth/access_token', scopes } },
    },
  },
};
