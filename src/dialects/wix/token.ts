import { bearer } from '../../http/credentials/bearer';
import type { TokenSpec } from '../../http/credentials/token';

/** "Authorization: <AUTH>": Wix's clients send the API key alone; Bearer before it does no harm. */
export const apiKey: TokenSpec = {
  ...bearer,
  read: ({ headers: { authorization = '' } }) => /^(?:bearer:? +)?(\S{1,1000})\s*$/i.exec(authorization)?.[1],
};
