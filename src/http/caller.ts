import type { Caller, Scope } from '../clients/caller';
import { Problem } from '../errors';
import type { Credential, Identified, Presented } from './credentials/credential';
import type { Dialect } from './endpoint';

/** Who calls an endpoint that is open to all, without credentials: of no district, allowed nothing. */
const nobody = { district: 0, client: 0, person: null, scopes: new Set<Scope>() };

/** Who calls, and what of their credential is left to do. */
export interface Called {
  readonly caller: Caller;
  readonly bodyHash: Identified['bodyHash'] | undefined;
  readonly isInQuery: boolean;
  /** Uses up what is good for one request. */
  useUp(): Promise<void>;
}

/** The caller by the first credential that the request carries. RFC 9110, 11.6.1: a 401 says which would do. */
export async function identified({ credentials, name }: Dialect, presented: Presented, open: boolean): Promise<Called> {
  const challenging = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof Problem && error.status === 401 ? challenged(error, credentials) : error;
    }
  };
  const {
    useUp,
    bodyHash,
    isInQuery = false,
    ...identity
  } = await challenging(() => identify(credentials, presented, open));
  return {
    caller: { ...identity, api: name },
    bodyHash,
    isInQuery,
    useUp: async () => useUp && challenging(useUp),
  };
}

async function identify(credentials: readonly Credential[], presented: Presented, open: boolean): Promise<Identified> {
  for (const credential of credentials) {
    const caller = await credential.identify(presented);
    if (caller) return caller;
  }
  if (open) return nobody;
  throw new Problem('CREDENTIALS_MISSING');
}

const challenged = (problem: Problem, credentials: Dialect['credentials']) =>
  new Problem(problem.code, problem.message, {
    headers: { 'WWW-Authenticate': credentials.map(({ challenge }) => challenge).join(', '), ...problem.headers },
    cause: problem,
  });

/** Throws SCOPE_MISSING where the client may not. */
export function permit({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new Problem('SCOPE_MISSING', `This needs the scope ${scope}; the client has ${[...scopes].join(', ')}.`);
}
