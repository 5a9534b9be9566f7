import type { Presented } from '../../http/credentials/credential';
import type { TokenSpec } from '../../http/credentials/token';

/** "OSDI-API-Token: [your api key here]", or `osdi-api-token` in the query; either in any case. */
export const apiToken: TokenSpec = {
  read: ({ headers, target }) => [headers['osdi-api-token']].flat()[0] || inQuery(target) || undefined,
  challenge: 'OSDI-API-Token realm="rollbook"',
  rejected: 'OSDI-API-Token realm="rollbook", error="invalid_token"',
};

function inQuery(target: Presented['target']): string | undefined {
  const query = target.split('?').slice(1).join('?');
  for (const [name, value] of new URLSearchParams(query)) if (name.toLowerCase() === 'osdi-api-token') return value;
  return undefined;
}
