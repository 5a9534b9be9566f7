/** A client as a credential finds it; its secrets are sealed. */
export interface ClientRow {
  readonly id: number;
  readonly district_id: number;
  readonly person_id: number | null;
  readonly scopes: string;
  /** Whether it writes single marks only: none of its writes takes a roll by itself. */
  readonly marks_only: boolean | 0 | 1;
  readonly secret: string;
  /** The secret before it, and until when that is taken too; null where there was none. */
  readonly previous_secret: string | null;
  readonly previous_until: string | null;
  /** When the token by which it was found expires, if it does. */
  readonly expires_at?: string | null;
}

/** The columns of a client, for a `select`. */
export const clientColumns = `api_clients.id, api_clients.district_id, api_clients.person_id, api_clients.scopes,
  api_clients.marks_only, api_clients.secret, api_clients.previous_secret, api_clients.previous_until`;

/** How long a client that was found is taken for granted, in milliseconds: every change takes effect within it. */
export const TRUST = 1_000;
