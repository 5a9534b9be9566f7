import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { type Caller, type Scope, scopes } from './caller';
import { remembered } from './remembered';
import type { Secrets } from './secrets';
import { stands, withPerson } from './standing';

/** How long a client that was found is taken for granted, in milliseconds: it is refused so long after it stands no more. */
const TRUST = 1_000;

/** What an operator asked for and cannot have; the message says why. */
export class ClientError extends Error {}

/** A client as it is shown once, when it is made. */
export interface NewClient {
  readonly id: number;
  readonly key: string;
  readonly secret: string;
  readonly token: string;
  readonly district_id: number;
  readonly scopes: readonly Scope[];
}

export interface ClientRequest {
  readonly district: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The person it is bound to: it then sees what they see. */
  readonly person?: number | undefined;
}

/** A client as a credential finds it; `secret` is sealed. */
export interface ClientRow {
  readonly id: number;
  readonly district_id: number;
  readonly person_id: number | null;
  readonly scopes: string;
  readonly secret: string;
  /** When the token by which it was found expires, if it does. */
  readonly expires_at?: string | null;
}

/** A client without its secrets, for a list. */
export type ListedClient = Omit<ClientRow, 'secret'> & {
  readonly name: string;
  readonly key: string;
  readonly created_at: string;
  readonly revoked_at: string | null;
};

export type Clients = ReturnType<typeof openClients>;

/** The API clients of all districts, their keys and tokens. */
export function openClients(database: Database, secrets: Secrets) {
  const { knex } = database;
  const columns =
    'api_clients.id, api_clients.district_id, api_clients.person_id, api_clients.scopes, api_clients.secret';
  const byKey = text(
    knex,
    `select ${columns}
    from api_clients
    ${withPerson}
    where api_clients.key = :key and ${stands}`,
  );
  const byToken = text(
    knex,
    `select ${columns}, api_tokens.expires_at
    from api_tokens
    join api_clients on api_clients.id = api_tokens.client_id
    ${withPerson}
    where api_tokens.hash = :hash and ${stands}
      and (api_tokens.expires_at is null or api_tokens.expires_at > :now)`,
  );
  const keys = remembered<ClientRow>(TRUST);
  const tokens = remembered<ClientRow>(TRUST);
  const addToken = text(
    knex,
    'insert into api_tokens (hash, client_id, created_at, expires_at) values (:hash, :client, :now, :expires)',
  );
  const forgetTokens = text(
    knex,
    'delete from api_tokens where api_tokens.client_id = :client and api_tokens.expires_at <= :now',
  );

  const clientName = text(
    knex,
    'select api_clients.name from api_clients where api_clients.id = :client and api_clients.district_id = :district',
  );
  const endToken = text(knex, 'delete from api_tokens where api_tokens.hash = :hash');

  return {
    async create({ district, name, scopes: asked, person }: ClientRequest): Promise<NewClient> {
      const granted = checkScopes(asked);
      if (person !== undefined) await checkPerson(district, person);
      const [key, secret, token] = [randomBytes(20).toString('hex'), randomBytes(20).toString('hex'), newToken()];
      const client = { district_id: district, name, key, secret: secrets.seal(secret), scopes: granted.join(',') };
      const created_at = new Date().toISOString();
      return knex.transaction(async (tx) => {
        const [{ id }] = await tx('api_clients')
          .insert({ ...client, person_id: person ?? null, created_at })
          .returning('id');
        await tx('api_tokens').insert({ hash: hashOf(token), client_id: id, created_at });
        return { id, key, secret, token, district_id: district, scopes: granted };
      });
    },

    list: (): Promise<ListedClient[]> =>
      knex('api_clients')
        .select('id', 'district_id', 'name', 'key', 'scopes', 'person_id', 'created_at', 'revoked_at')
        .orderBy('id'),

    /** Takes effect at once in this process, in others within a second; what the client has written stays. */
    async revoke(id: number): Promise<void> {
      const revoked_at = new Date().toISOString();
      const found = await knex('api_clients').where({ id }).whereNull('revoked_at').update({ revoked_at });
      keys.clear();
      tokens.clear();
      if (found === 0) throw new ClientError(`There is no client ${id} that could be revoked.`);
    },

    /** The client that stands, by its consumer key. */
    async byKey(key: string): Promise<ClientRow | undefined> {
      if (key.includes('\u0000')) return undefined; // PostgreSQL could not be asked for it
      return keys.get(key, async () => (await database.all<ClientRow>(byKey, { key }))[0]);
    },

    /** The client that stands, by a token that has not expired. */
    async byToken(token: string): Promise<ClientRow | undefined> {
      const hash = hashOf(token);
      const now = () => new Date().toISOString();
      return tokens.get(hash, async () => (await database.all<ClientRow>(byToken, { hash, now: now() }))[0]);
    },

    /** The client that stands, by its key and secret. */
    async bySecret(key: string, secret: string): Promise<ClientRow | undefined> {
      const client = await this.byKey(key);
      return client && isSame(secrets.open(client.secret), secret) ? client : undefined;
    },

    /** A token beside those the client has; it lives for so many seconds. What has expired is forgotten. */
    async issueToken(client: number, seconds: number): Promise<string> {
      const fresh = newToken();
      const [now, expires] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      await database.transaction(async (tx) => {
        await tx.all(forgetTokens, { client, now: now! });
        await tx.all(addToken, { hash: hashOf(fresh), client, now: now!, expires: expires! });
      });
      return fresh;
    },

    /** Ends a token before its time; in other processes within a second. */
    async endToken(token: string): Promise<void> {
      await database.transaction((tx) => tx.all(endToken, { hash: hashOf(token) }));
      tokens.clear();
    },

    /** What the client is called. */
    async nameOf({ client, district }: Pick<Caller, 'client' | 'district'>): Promise<string> {
      return (await database.all<{ name: string }>(clientName, { client, district }))[0]!.name;
    },

    secretOf: (client: ClientRow): string => secrets.open(client.secret),

    /** Throws SecretError where the operator's key is not the one the stored secrets are sealed with. */
    async checkKey(): Promise<void> {
      const newest = await knex('api_clients').select('secret').orderBy('id', 'desc').first();
      if (newest) secrets.open(newest.secret);
    },
  };

  async function checkPerson(district_id: number, id: number): Promise<void> {
    if (!(await knex('people').where({ district_id, id }).first()))
      throw new ClientError(`There is no person ${id} in district ${district_id}.`);
  }
}

/** Recognisable when it turns up where it should not be; 256 bits, so that its hash needs no salt. */
const newToken = (): string => `rollbook_${randomBytes(32).toString('base64url')}`;

const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

function checkScopes(asked: readonly string[]): Scope[] {
  const unknown = asked.filter((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown.length === 0 && asked.length > 0) return scopes.filter((scope) => asked.includes(scope));
  throw new ClientError(
    `Scopes are some of ${scopes.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}.`,
  );
}
