import type { Secrets } from '../../clients/secrets';
import type { Database, Transaction } from '../../database/database';
import { text } from '../../database/query';
import { instant, nullable, string } from '../../database/rows';
import { library } from './library';

/** The only algorithm of LTI (Security Framework 1.0, 5.1.2). */
export const ALGORITHM = 'RS256';

/** What is written together with a new key. */
type Alongside = (tx: Transaction, kid: string) => Promise<void>;

const publicRow = { kid: string, public_key: string, signs_at: instant, expires_at: nullable(instant) };

/**
 * The keys with which rollbook signs what it sends to platforms, who fetch the public ones. A key is published before it signs, and
 * for a while after another does.
 */
export function openToolKeys({ knex, all, transaction }: Pick<Database, 'knex' | 'all' | 'transaction'>) {
  const published = text(
    knex,
    `select lti_keys.kid, lti_keys.public_key, lti_keys.signs_at, lti_keys.expires_at
    from lti_keys
    where lti_keys.expires_at is null or lti_keys.expires_at > :now
    order by lti_keys.signs_at, lti_keys.id`,
    publicRow,
  );
  const signing = text(
    knex,
    `select lti_keys.kid, lti_keys.secret as sealed
    from lti_keys
    where lti_keys.signs_at <= :now and (lti_keys.expires_at is null or lti_keys.expires_at > :now)
    order by lti_keys.signs_at desc, lti_keys.id desc
    limit 1`,
    { kid: string, sealed: string },
  );
  const add = text(
    knex,
    `insert into lti_keys (kid, public_key, secret, created_at, signs_at)
    values (:kid, :public_key, :sealed, :now, :signs_at)`,
  );
  const retire = text(knex, 'update lti_keys set expires_at = :expires_at where expires_at is null');
  const forget = text(knex, 'delete from lti_keys where lti_keys.expires_at <= :now');

  const publicKeys = () => all(published, { now: new Date().toISOString() });

  async function make(secrets: Secrets, seconds: number, grace: number, alongside?: Alongside): Promise<string> {
    const { exportJWK, exportPKCS8, generateKeyPair, calculateJwkThumbprint } = library();
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true, modulusLength: 2048 });
    const jwk = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(jwk);
    const at = (later: number) => new Date(Date.now() + later * 1_000).toISOString();
    const key = { kid, public_key: JSON.stringify(jwk), sealed: secrets.seal(await exportPKCS8(privateKey)) };
    await transaction(async (tx) => {
      await tx.all(forget, { now: at(0) });
      await tx.all(retire, { expires_at: at(seconds + grace) });
      await tx.all(add, { ...key, now: at(0), signs_at: at(seconds) });
      await alongside?.(tx, kid);
    });
    return kid;
  }

  return {
    /** RFC 7517, 5: those that are published. */
    async jwks(): Promise<{ keys: Readonly<Record<string, unknown>>[] }> {
      const keys = await publicKeys();
      return {
        keys: keys.map(({ kid, public_key }) => ({ ...JSON.parse(public_key), kid, alg: ALGORITHM, use: 'sig' })),
      };
    },

    /** The key that signs, sealed. Throws where none was made: `lti platform add` makes one. */
    async signing(): Promise<{ kid: string; sealed: string }> {
      const [key] = await all(signing, { now: new Date().toISOString() });
      if (!key) throw new Error('There is no key of LTI: `rollbook lti key rotate` makes one.');
      return key;
    },

    /** Makes the first key, where there is none. */
    async ensure(secrets: Secrets): Promise<void> {
      if ((await publicKeys()).length === 0) await make(secrets, 0, 0);
    },

    /**
     * Another key, which signs after so many seconds, when platforms have fetched it; those before it are published for `grace` seconds
     * more. Its kid.
     * @param alongside what is written together with it
     */
    rotate: (secrets: Secrets, seconds: number, grace: number, alongside?: Alongside): Promise<string> =>
      make(secrets, seconds, grace, alongside),
  };
}
