import type { Caller } from '../clients/caller';

/**
 * Whether what is answered may be a little old, as replicas are: where something is read for a client that may write
 * nothing. Whoever may write reads what stands, and so its own writes, through whichever process either of them goes.
 */
export const mayLag = (method: string, { scopes }: Pick<Caller, 'scopes'>): boolean =>
  (method === 'GET' || method === 'HEAD') && !scopes.has('attendance:write') && !scopes.has('roster:write');
