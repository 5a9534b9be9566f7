import { hash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { instant, nullable } from '../database/rows';
import { type ClientRow, clientColumns, clientRow, openStanding, TRUST } from './client';

/** How many are remembered; a client has one token or key in use, or a few. */
const MOST = 10_000;

/**
 * What was found lately by a name that is hard to guess. Only what is there is remembered, for so many milliseconds of
 * a clock that nobody can set back, and never beyond its own `expires_at`.
 */
export function credentialCache<Found extends { readonly expires_at?: string | null }>(milliseconds: number) {
  const known = new LRUCache<string, Found>({
    maxSize: MOST, // not `max`, for which room is made at once
    sizeCalculation: () => 1,
    ttl: milliseconds,
    ttlResolution: 0,
    perf: performance,
  });
  return {
    async get(name: string, find: () => Promise<Found | undefined>): Promise<Found | undefined> {
      const met = known.get(name);
      if (met && !isOver(met)) return met;
      const start = performance.now();
      const found = await find();
      if (found) known.set(name, found, { start });
      else known.delete(name);
      return found;
    },

    clear: () => known.clear(),
  };
}

const isOver = ({ expires_at }: { readonly expires_at?: string | null }): boolean =>
  Boolean(expires_at) && Date.parse(expires_at!) <= Date.now();

/** The opaque tokens of clients, of which only hashes are stored. */
export function openTokens(database: Database, used: (client: number) => void) {
  const { knex } = database;
  const byHash = text(
    knex,
    `select ${clientColumns}, api_tokens.expires_at
    from api_tokens
    join api_clients on api_clients.id = api_tokens.client_id
    where api_tokens.hash = :hash and api_clients.revoked_at is null
      and (api_tokens.expires_at is null or api_tokens.expires_at > :now)`,
    { ...clientRow, expires_at: nullable(instant) },
    { acrossDistricts: 'the district is known by the client, which is found by its token' },
  );
  const add = text(
    knex,
    'insert into api_tokens (hash, client_id, created_at, expires_at) values (:hash, :client, :now, :expires)',
  );
  const forgetExpired = text(
    knex,
    'delete from api_tokens where api_tokens.client_id = :client and api_tokens.expires_at <= :now',
  );
  const end = text(knex, 'delete from api_tokens where api_tokens.hash = :hash');
  const standingOf = openStanding(database);
  const known = credentialCache<ClientRow>(TRUST);

  return {
    /** The client that stands, by a token that has not expired. */
    async byToken(token: string): Promise<ClientRow | undefined> {
      const hashed = hashOf(token);
      const now = () => new Date().toISOString();
      return known.get(hashed, async () => {
        const [client] = await database.all(byHash, { hash: hashed, now: now() });
        const standing = client && (await standingOf(client));
        if (!client || !standing) return undefined;
        used(client.id);
        return { ...client, ...standing };
      });
    },

    /** A token beside those the client has; it lives for so many seconds. What has expired is forgotten. */
    async issueToken(client: number, seconds: number): Promise<string> {
      const fresh = newToken();
      const [now, expires] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      await database.transaction(async (tx) => {
        await tx.all(forgetExpired, { client, now: now! });
        await tx.all(add, { hash: hashOf(fresh), client, now: now!, expires: expires! });
      });
      return fresh;
    },

    /** Ends a token before its time; in other processes within a second. */
    async endToken(token: string): Promise<void> {
      await database.transaction((tx) => tx.all(end, { hash: hashOf(token) }));
      known.clear();
    },

    /** Asks for each again. */
    forgetTokens: () => known.clear(),
  };
}

/** Recognisable when it turns up where it should not be; 256 bits, so that its hash needs no salt. */
export const newToken = (): string => `rollbook_${randomBytes(32).toString('base64url')}`;

/** What of a token is stored. */
export const hashOf = (token: string): string => hash('sha256', token);
