import type { Database, Executor, Transaction } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, type RowOf, string } from '../database/rows';
import { hashOf, newToken } from './tokens';

/** Seconds for which a browser stays signed in that is not used: a school day and what is around it. */
export const SHORT = 12 * 60 * 60;
/** The same of a device that the person has said is theirs. */
export const LONG = 30 * 24 * 60 * 60;
/** Milliseconds between two renewals of a session: a use in between is known to the hour. */
const OFTEN = 3_600_000;
/** How many browsers stay signed in with one client; of more, those that were used longest ago end. */
const MOST = 200;

const sessionRow = {
  client_id: integer,
  created_at: instant,
  used_at: nullable(instant),
  expires_at: instant,
  session_seconds: nullable(integer),
};
/** A browser that is signed in. */
export type Session = RowOf<typeof sessionRow>;

/** The sessions of browsers: tokens of clients that each use renews. */
export function openSessions({ knex, rows, transaction }: Pick<Database, 'knex' | 'rows' | 'transaction'>) {
  const clients = rows('clients', { id: 'bigint' });
  const add = text(
    knex,
    `insert into api_tokens (hash, client_id, created_at, expires_at, session_seconds, used_at)
    values (:hash, :client, :now, :expires, :seconds, :now)`,
  );
  const sweep = text(
    knex,
    'delete from api_tokens where api_tokens.client_id = :client and api_tokens.expires_at <= :now',
  );
  const use = text(knex, 'update api_clients set used_at = :now where id = :client', undefined, {
    acrossDistricts: 'the district is known by the client, which was found by its token',
  });
  const shed = text(
    knex,
    `delete from api_tokens where api_tokens.hash in (
      select surplus.hash from api_tokens as surplus
      where surplus.client_id = :client and surplus.session_seconds is not null
      order by surplus.used_at desc, surplus.hash
      limit ${MOST} offset ${MOST})`,
  );
  const find = text(
    knex,
    `select api_tokens.client_id, api_tokens.session_seconds, api_tokens.used_at
    from api_tokens
    where api_tokens.hash = :hash and api_tokens.session_seconds is not null and api_tokens.expires_at > :now`,
    { client_id: integer, session_seconds: integer, used_at: instant },
  );
  const renew = text(
    knex,
    `update api_tokens set used_at = :now, expires_at = :expires
    where api_tokens.hash = :hash and api_tokens.expires_at > :now returning client_id`,
    { client_id: integer },
  );
  const end = text(
    knex,
    `delete from api_tokens
    where api_tokens.client_id in (select asked.id from ${clients} as asked) and api_tokens.expires_at > :now
    returning hash`,
    { hash: string },
  );
  const of = text(
    knex,
    `select api_tokens.client_id, api_tokens.created_at, api_tokens.used_at, api_tokens.expires_at,
      api_tokens.session_seconds
    from ${clients} as asked
    cross join api_tokens
    where api_tokens.client_id = asked.id and api_tokens.expires_at > :now
    order by api_tokens.client_id, api_tokens.created_at desc, api_tokens.hash`,
    sessionRow,
  );

  return {
    /** A token by which a browser is signed in with the client; each use renews it for so many seconds. */
    async begin(client: number, seconds: number): Promise<string> {
      const token = newToken();
      const [now, expires] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      await transaction(async (tx) => {
        await tx.all(sweep, { client, now: now! });
        await tx.all(add, { hash: hashOf(token), client, now: now!, expires: expires!, seconds });
        await tx.all(shed, { client });
        await tx.all(use, { client, now: now! });
      });
      return token;
    },

    /** Renews the session of a token that is in use; for how many seconds, where it has done so, else undefined. */
    async renew(token: string): Promise<number | undefined> {
      const [hash, time] = [hashOf(token), Date.now()];
      const now = new Date(time).toISOString();
      return transaction(async (tx) => {
        const [session] = await tx.all(find, { hash, now });
        if (!session || time - Date.parse(session.used_at) < OFTEN) return undefined;
        const expires = new Date(time + session.session_seconds * 1_000).toISOString();
        const [renewed] = await tx.all(renew, { hash, now, expires });
        if (renewed) await tx.all(use, { client: renewed.client_id, now });
        return renewed && session.session_seconds;
      });
    },

    /** Ends every session of clients that people sign in with; how many there were. */
    async end(tx: Transaction, clients: readonly number[]): Promise<number> {
      const now = new Date().toISOString();
      return (await tx.all(end, { clients: JSON.stringify(clients.map((id) => [id])), now })).length;
    },

    /** Those that have not ended, of clients given as a JSON list of rows; of each client the latest first. */
    of: (executor: Executor, clients: string, now: string): Promise<Session[]> => executor.all(of, { clients, now }),
  };
}
