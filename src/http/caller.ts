import type { Caller, Scope } from '../clients/client';
import { Problem } from '../lib/problem';
import type { Credential, Identified, Presented } from './credentials/credentials';
import type { Api } from './endpoint';
import { HttpProblem, problemHeaders, statusOf } from './problem';

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

/** The caller by the first credential that the request carries. */
export async function identified({ credentials, name }: Api, presented: Presented, open: boolean): Promise<Called> {
  const { useUp, bodyHash, isInQuery = false, ...identity } = await identify(credentials, presented, open);
  return { caller: { ...identity, api: name }, bodyHash, isInQuery, useUp: async () => useUp?.() };
}

async function identify(credentials: readonly Credential[], presented: Presented, open: boolean): Promise<Identified> {
  for (const credential of credentials) {
    const caller = await credential.identify(presented);
    if (caller) return caller;
  }
  if (open) return nobody;
  throw new Problem('CREDENTIALS_MISSING');
}

/** RFC 9110, 11.6.1: a 401 says which credentials would do, whatever of them was wrong and whenever that was seen. */
export function challenging(problem: Problem, { credentials }: Api): Problem {
  const headers = problemHeaders(problem);
  if (statusOf(problem) !== 401 || headers['WWW-Authenticate']) return problem;
  const challenge = credentials.map((credential) => credential.challenge).join(', ');
  return new HttpProblem(
    problem.code,
    problem.message,
    { ...headers, 'WWW-Authenticate': challenge },
    { cause: problem },
  );
}

/** Throws SCOPE_MISSING where the client may not. */
export function permit({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new Problem('SCOPE_MISSING', `This needs the scope ${scope}; the client has ${[...scopes].join(', ')}.`);
}
