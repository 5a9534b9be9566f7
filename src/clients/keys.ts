import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { type ClientRow, clientColumns, clientRow, isValid, TRUST, withPerson } from './client';
import type { Secrets } from './secrets';
import { credentialCache, hashOf } from './tokens';

/** What is compared with where there is no such client, so that it takes as long as where there is one. */
const NOBODY = ['no such client'];

/** Clients by their consumer key, and their secrets. */
export function openKeys(database: Database, secrets: Secrets) {
  const query = text(
    database.knex,
    `select ${clientColumns} from api_clients ${withPerson} where api_clients.key = :key and ${isValid}`,
    clientRow,
    { acrossDistricts: 'the district is known by the client, which is found by its key' },
  );
  const known = credentialCache<ClientRow>(TRUST);

  /** The client that isValid, by its consumer key. */
  const byKey = async (key: string): Promise<ClientRow | undefined> => {
    if (key.includes('\u0000')) return undefined; // PostgreSQL could not be asked for it
    return known.get(key, async () => (await database.all(query, { key }))[0]);
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

    /** The client that isValid, by its key and a secret of it. */
    async bySecret(key: string, secret: string): Promise<ClientRow | undefined> {
      const client = await byKey(key);
      const same = secretsOf(client).filter((right) => isSame(right, secret));
      return same.length > 0 ? client : undefined;
    },

    /** Asks for each again. */
    forgetKeys: () => known.clear(),
  };
}

/** 160 bits. */
export const newSecret = (): string => randomBytes(20).toString('hex');

/** In a time that tells neither how much of it is right nor how long it is. */
const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(hashOf(one)), Buffer.from(hashOf(other)));
