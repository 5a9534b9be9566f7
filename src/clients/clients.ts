/*
 * `src/clients/`: Who calls: API clients, their secrets, tokens and scopes, and the sign-in of people. What is secret is
 * sealed or hashed here, and nowhere else.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Transaction } from '../database/database';
import { text } from '../database/query';
import { bit, instant, integer, nullable, type RowOf, string } from '../database/rows';
import {
  type Caller,
  type ClientRow,
  clientColumns,
  clientRow,
  openStanding,
  type Scope,
  scopes,
  TRUST,
} from './client';
import type { Secrets } from './secrets';
import { credentialCache, hashOf, newToken, openTokens } from './tokens';

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
  /** Whether it writes single marks only: none of its writes takes a roll by itself. */
  readonly marks_only: boolean;
}

export interface ClientRequest {
  readonly district: number;
  readonly name: string;
  readonly scopes: readonly string[];
  /** The person it is bound to: it then sees what they see. */
  readonly person?: number | undefined;
  /** Whether it writes single marks only: none of its writes takes a roll by itself. */
  readonly marksOnly?: boolean | undefined;
  /** Whether it is made for somebody to sign in with. */
  readonly signsIn?: boolean;
}

/** A client that has been given another secret and another token, shown once. */
export type RotatedClient = NewClient & {
  /** Until when those before them are taken too. */
  readonly previous_until: string;
};

/** A client without its secrets, for a list. */
export const listedRow = {
  id: integer,
  district_id: integer,
  name: string,
  key: string,
  scopes: string,
  person_id: nullable(integer),
  marks_only: bit,
  created_at: instant,
  revoked_at: nullable(instant),
  previous_until: nullable(instant),
  /** When it last did something, to the hour; null where it has not since that is kept. */
  used_at: nullable(instant),
};
export type ListedClient = RowOf<typeof listedRow>;

/** Done together with a change of a client, or not at all: it is noted who made it. */
export type Alongside = (tx: Transaction, client: { readonly id: number; readonly district_id: number }) => unknown;

export type Clients = ReturnType<typeof openClients>;

/**
 * The API clients of all districts, their keys and tokens.
 * @param used is told of clients that have proven who they are
 */
export function openClients(database: Database, secrets: Secrets, used: (client: number) => void = () => undefined) {
  const sql = clientsSql(database);
  const keys = openKeys(database, secrets, used);
  const tokens = openTokens(database, used);
  const forget = () => {
    keys.forgetKeys();
    tokens.forgetTokens();
  };

  return {
    ...keys,
    ...tokens,
    used,

    async create(
      { district, name, scopes: asked, person, marksOnly = false, signsIn = false }: ClientRequest,
      alongside?: Alongside,
    ): Promise<NewClient> {
      const granted = checkScopes(asked);
      // Who has it can sign in as anybody of the office, whatever the person may see.
      if (person !== undefined && granted.includes('access'))
        throw new ClientError('The scope access is for clients that are bound to nobody.');
      if (person !== undefined) await checkPerson(district, person);
      const [key, secret, token] = [randomBytes(20).toString('hex'), newSecret(), newToken()];
      const at = new Date().toISOString();
      return database.transaction(async (tx) => {
        const [client] = await tx.all(sql.add, {
          ...{ district, name, key, sealed: secrets.seal(secret), scopes: granted.join(','), at },
          ...{ person: person ?? null, marks_only: Number(marksOnly), signs_in: Number(signsIn) },
        });
        const { id } = client!;
        await tx.all(sql.addToken, { hash: hashOf(token), id, at });
        await alongside?.(tx, { id, district_id: district });
        return { id, key, secret, token, district_id: district, scopes: granted, marks_only: marksOnly };
      });
    },

    list: (): Promise<ListedClient[]> => database.all(sql.list),

    /** Takes effect at once in this process, in others within a second; what the client has written stays. */
    async revoke(id: number, alongside?: Alongside): Promise<void> {
      const at = new Date().toISOString();
      const revoked = await database.transaction(async (tx) => {
        const [client] = await tx.all(sql.revoke, { id, at });
        if (client) await alongside?.(tx, client);
        return client;
      });
      forget();
      if (!revoked) throw new ClientError(`There is no client ${id} that could be revoked.`);
    },

    /**
     * Gives it another secret and another token; those before them are taken for so many seconds more. What was
     * before those again is taken no longer, nor are tokens that were obtained while it was good. In effect in every process when this resolves.
     */
    async rotate(id: number, grace: number, alongside?: Alongside): Promise<RotatedClient> {
      const [secret, token] = [newSecret(), newToken()];
      const [now, until] = [0, grace].map((later) => new Date(Date.now() + later * 1_000).toISOString()) as [
        string,
        string,
      ];
      const rotated = await database.transaction(async (tx) => {
        await tx.all(sql.hold, { id });
        await tx.all(sql.forgetTokens, { id });
        const [client] = await tx.all(sql.renew, { id, sealed: secrets.seal(secret), until });
        if (!client) throw new ClientError(`There is no client ${id} that could be rotated.`);
        await tx.all(sql.endTokens, { id, until });
        await tx.all(sql.addToken, { hash: hashOf(token), id, at: now });
        await alongside?.(tx, { id, district_id: client.district_id });
        return { ...client, scopes: client.scopes.split(',') as Scope[], marks_only: Boolean(client.marks_only) };
      });
      forget();
      await wait(TRUST);
      return { id, ...rotated, secret, token, previous_until: until };
    },

    /** What the clients of a district are called. */
    namesIn: (district: number) => database.all(sql.names, { district }),

    /** What the client is called. */
    async nameOf({ client, district }: Pick<Caller, 'client' | 'district'>): Promise<string> {
      return (await database.all(sql.name, { client, district }))[0]!.name;
    },
  };

  async function checkPerson(district: number, person: number): Promise<void> {
    if ((await database.all(sql.person, { district, person })).length === 0)
      throw new ClientError(`There is no person ${person} in district ${district}.`);
  }
}

function checkScopes(asked: readonly string[]): Scope[] {
  const unknown = asked.filter((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown.length === 0 && asked.length > 0) return scopes.filter((scope) => asked.includes(scope));
  throw new ClientError(
    `Scopes are some of ${scopes.join(', ')}${unknown.length > 0 ? `; not ${unknown.join(', ')}` : ''}.`,
  );
}

const byId = { acrossDistricts: 'an operator names clients by their ids alone' };

function clientsSql({ knex }: Pick<Database, 'knex'>) {
  return {
    list: text(knex, `select ${Object.keys(listedRow).join(', ')} from api_clients order by id`, listedRow, {
      acrossDistricts: 'the list is of all clients',
    }),
    person: text(knex, 'select people.id from people where people.id = :person and people.district_id = :district', {
      id: integer,
    }),
    names: text(
      knex,
      'select api_clients.id, api_clients.name from api_clients where api_clients.district_id = :district',
      { id: integer, name: string },
    ),
    name: text(
      knex,
      'select api_clients.name from api_clients where api_clients.id = :client and api_clients.district_id = :district',
      { name: string },
    ),
    add: text(
      knex,
      `insert into api_clients (district_id, name, key, secret, scopes, person_id, marks_only, signs_in, created_at)
      values (:district, :name, :key, :sealed, :scopes, :person, cast(:marks_only as boolean),
        cast(:signs_in as boolean), :at)
      returning id`,
      { id: integer },
    ),
    addToken: text(knex, 'insert into api_tokens (hash, client_id, created_at) values (:hash, :id, :at)'),
    revoke: text(
      knex,
      'update api_clients set revoked_at = :at where id = :id and revoked_at is null returning id, district_id',
      { id: integer, district_id: integer },
      byId,
    ),
    // Of two rotations at once one waits here.
    hold: text(knex, 'update api_clients set id = id where id = :id', undefined, byId),
    // Which secret a token was obtained with is not kept: while the one before was good, it may have been that.
    forgetTokens: text(
      knex,
      `delete from api_tokens
      where client_id = :id and expires_at is not null
        and created_at < (select previous_until from api_clients where api_clients.id = :id)`,
      undefined,
      byId,
    ),
    renew: text(
      knex,
      `update api_clients set secret = :sealed, previous_secret = secret, previous_until = :until
      where id = :id and revoked_at is null
      returning key, district_id, scopes, marks_only`,
      { key: string, district_id: integer, scopes: string, marks_only: bit },
      byId,
    ),
    endTokens: text(
      knex,
      'update api_tokens set expires_at = :until where client_id = :id and (expires_at is null or expires_at > :until)',
    ),
  };
}

/** What is compared with where there is no such client, so that it takes as long as where there is one. */
const NOBODY = ['no such client'];

/** Clients by their consumer key, and their secrets. */
function openKeys(database: Database, secrets: Secrets, used: (client: number) => void) {
  const query = text(
    database.knex,
    `select ${clientColumns} from api_clients where api_clients.key = :key and api_clients.revoked_at is null`,
    clientRow,
    { acrossDistricts: 'the district is known by the client, which is found by its key' },
  );
  const standingOf = openStanding(database);
  const known = credentialCache<ClientRow>(TRUST);

  /** The client that stands, by its consumer key. */
  const byKey = async (key: string): Promise<ClientRow | undefined> => {
    if (key.includes('\u0000')) return undefined; // PostgreSQL could not be asked for it
    return known.get(key, async () => {
      const [client] = await database.all(query, { key });
      const standing = client && (await standingOf(client));
      return client && standing && { ...client, ...standing };
    });
  };

  /** The secrets with which the client may sign: its own, and for a while the one before it. */
  const secretsOf = (client: ClientRow | undefined): readonly string[] => {
    if (!client) return NOBODY;
    const { secret, previous_secret, previous_until } = client;
    const isPreviousGood = previous_secret !== null && Date.now() < Date.parse(previous_until!);
    return (isPreviousGood ? [secret, previous_secret] : [secret]).map(secrets.open);
  };

  return {
    byKey,
    secretsOf,

    /** The client that stands, by its key and a secret of it. */
    async bySecret(key: string, secret: string): Promise<ClientRow | undefined> {
      const client = await byKey(key);
      const same = secretsOf(client).filter((right) => isSame(right, secret));
      if (!client || same.length === 0) return undefined;
      used(client.id);
      return client;
    },

    /** Asks for each again. */
    forgetKeys: () => known.clear(),
  };
}

/** 160 bits. */
const newSecret = (): string => randomBytes(20).toString('hex');

/** In a time that tells neither how much of it is right nor how long it is. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
