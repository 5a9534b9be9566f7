import type { Request } from 'express';
import type { Caller, Scope } from '../clients/caller';
import { Problem } from '../errors';
import type { Dialect } from './endpoint';

/** Who calls an endpoint that is open to all, without credentials: of no district, allowed nothing. */
const nobody = { district: 0, client: 0, person: null, scopes: new Set<Scope>() };

/** The caller by the first credential that the request carries. RFC 9110, 11.6.1: a 401 says which would do. */
export async function identified({ credentials, name }: Dialect, request: Request, open: boolean): Promise<Caller> {
  const { method, originalUrl: target, headers, secure } = request;
  try {
    for (const credential of credentials) {
      const caller = await credential.identify({ method, target, headers, secure });
      if (caller) return { ...caller, api: name };
    }
    if (open) return { ...nobody, api: name };
    throw new Problem('CREDENTIALS_MISSING');
  } catch (error) {
    if (error instanceof Problem && error.status === 401) throw challenged(error, credentials);
    throw error;
  }
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
