import type { Actor } from '../actor';

/** What a client may be allowed. None contains another. */
export const scopes = ['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who calls: an API client whose credentials have been checked. */
export interface Caller extends Actor {
  readonly client: number;
  readonly scopes: ReadonlySet<Scope>;
}
