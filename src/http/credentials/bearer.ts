import type { Presented } from './credential';
import type { TokenSpec } from './token';

/** `Authorization: Bearer TOKEN` (RFC 6750, 2.1). A client in use sends a colon after the scheme: tolerated. */
export const bearerToken = ({ headers: { authorization } }: Presented): string | undefined =>
  /^bearer:? +(\S{1,1000})\s*$/i.exec(authorization ?? '')?.[1];

/** RFC 6750, 3. */
export const bearer: TokenSpec = {
  read: bearerToken,
  challenge: 'Bearer realm="rollbook"',
  rejected: 'Bearer realm="rollbook", error="invalid_token"',
};
