import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer, nullable, type RowOf, string } from '../database/rows';
import { GIVEN, type SecretKeys } from './secret-keys';

/** How many rows are sealed anew in one transaction. */
const AT_ONCE = 500;

/** Where there are sealed secrets, and what says whose: nobody needs those of a client that is revoked. Some are rollbook's own. */
const tables = [
  { table: 'api_clients', client: 'id', former: 'previous_secret' },
  { table: 'webhook_targets', client: 'client_id', former: 'previous_secret' },
  { table: 'lti_keys', client: 'cast(null as bigint)', former: 'cast(null as text)' },
] as const;

const columns = ['secret', 'previous_secret'] as const;
const sealedRow = {
  id: integer,
  client: nullable(integer),
  secret: nullable(string),
  previous_secret: nullable(string),
};
type Sealed = RowOf<typeof sealedRow>;

const acrossDistricts = 'one key seals the secrets of all clients';

/** With which key the secrets of clients are sealed that are not revoked, and those by which they are sent messages. */
export function openSealing(
  { knex, all, transaction, rows }: Pick<Database, 'knex' | 'all' | 'transaction' | 'rows'>,
  secrets: Secrets,
) {
  const standing = text(
    knex,
    `select api_clients.id
    from ${rows('clients', { id: 'bigint' })} as asked
    cross join api_clients
    where api_clients.id = asked.id and api_clients.revoked_at is null`,
    { id: integer },
    { acrossDistricts },
  );
  const kinds = tables.map(({ table, client, former }) => {
    /** What is rotated meanwhile has been sealed with the first key already. */
    const replacing = (column: (typeof columns)[number]) =>
      text(
        knex,
        `update ${table} set ${column} = :fresh where id = :id and ${column} = :sealed returning id`,
        { id: integer },
        { acrossDistricts },
      );
    return {
      next: text(
        knex,
        `select id, ${client} as client, secret, ${former} as previous_secret from ${table}
        where id > :last
        order by id limit ${AT_ONCE}`,
        sealedRow,
        { acrossDistricts },
      ),
      // What is not there is never replaced.
      replace: {
        secret: replacing('secret'),
        previous_secret: replacing(former === 'previous_secret' ? former : 'secret'),
      },
    };
  });

  async function* pages(of = kinds) {
    for (const { next, replace } of of)
      for (let last = 0; ; ) {
        const page = await all(next, { last });
        if (page.length === 0) break;
        const clients = JSON.stringify([...new Set(page.flatMap(({ client }) => client ?? []))].map((id) => [id]));
        const needed = new Set((await all(standing, { clients })).map(({ id }) => id));
        yield { page: page.filter(({ client }) => client === null || needed.has(client)), replace };
        last = page.at(-1)!.id;
      }
  }

  return {
    /**
     * Throws SecretError where the keys are not those with which the secrets are sealed.
     * @param some those of clients alone, for a start: webhooks are kept by districts, and of a cluster a node may be away
     */
    async check(some?: 'of clients'): Promise<void> {
      for await (const { page } of pages(some && kinds.slice(0, 1)))
        for (const secret of page.flatMap(sealedIn)) secrets.open(secret.sealed);
    },

    /** How many secrets are sealed with the first key, and with others. */
    async count(): Promise<{ current: number; others: number }> {
      let [current, others] = [0, 0];
      for await (const { page } of pages())
        for (const { sealed } of page.flatMap(sealedIn)) secrets.isCurrent(sealed) ? current++ : others++;
      return { current, others };
    },

    /** Seals with the first key what is sealed with another, while others read and write; how many it was. */
    async reseal(): Promise<number> {
      let count = 0;
      for await (const { page, replace } of pages()) {
        const old = page.flatMap(sealedIn).filter(({ sealed }) => !secrets.isCurrent(sealed));
        count += await transaction(async (tx) => {
          let resealed = 0;
          for (const { id, column, sealed } of old) {
            const fresh = secrets.seal(secrets.open(sealed));
            resealed += (await tx.all(replace[column], { id, sealed, fresh })).length;
          }
          return resealed;
        });
      }
      return count;
    },
  };
}

const sealedIn = (row: Sealed) =>
  columns.flatMap((column) => {
    const sealed = row[column];
    return sealed === null ? [] : [{ id: row.id, column, sealed }];
  });

/** Encrypts what must be read again: the secrets of clients, with which signatures are recomputed. */
export interface Secrets {
  /** With the first key. */
  seal(secret: string): string;
  /** Throws SecretError where none of the keys is the one that sealed it. */
  open(sealed: string): string;
  /** Whether it was sealed with the first key. */
  isCurrent(sealed: string): boolean;
}

/** The key does not fit the database; the message says so to the operator. */
export class SecretError extends Error {}

/** Names the way a secret is sealed, so that another can follow. */
const VERSION = 'v1';
/** Opened secrets that are remembered: opening one costs as much as the rest of checking a request. */
const REMEMBERED = 10_000;

/**
 * AES-256-GCM under keys derived from the texts of the operator's (RFC 5869).
 * @param name what they are called where none of them fits, as `nameOfKeys` has it
 */
export function secretsWith(keys: SecretKeys, name = GIVEN): Secrets {
  const opened = new LRUCache<string, string>({ maxSize: REMEMBERED, sizeCalculation: () => 1 }); // not `max`, for which room is made at once
  return {
    seal: (secret) => seal(secret, keyOf(keys[0]!)),

    open(sealed) {
      const known = opened.get(sealed);
      if (known !== undefined) return known;
      const secret = firstOf(keys, (key) => unseal(sealed, keyOf(key)));
      if (secret === undefined) throw new SecretError(`${name} is not the key with which this database was written.`);
      opened.set(sealed, secret);
      return secret;
    },

    isCurrent: (sealed) => unseal(sealed, keyOf(keys[0]!)) !== undefined,
  };
}

const keyOf = (text: string): Buffer => Buffer.from(hkdfSync('sha256', text, '', 'rollbook client secrets', 32));

function firstOf<T>(keys: SecretKeys, attempt: (key: string) => T | undefined): T | undefined {
  for (const key of keys) {
    const found = attempt(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

function seal(secret: string, key: Buffer): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [VERSION, ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'))].join(':');
}

/** Undefined where it was sealed with another key, or is not what was sealed: authentication tells neither apart. */
function unseal(sealed: string, key: Buffer): string | undefined {
  const [version, ...parts] = sealed.split(':');
  const [iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url'));
  if (version !== VERSION || !iv || !tag || !text)
    throw new SecretError('A secret in the database is not sealed as it should be.');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 }).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
