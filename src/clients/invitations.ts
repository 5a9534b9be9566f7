import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, string } from '../database/rows';
import { clientRow, openStanding, standsBy } from './client';
import { hashOf } from './tokens';

/** A link that signs somebody in once, within its time. Of the token a hash alone is kept. */
export interface Invitation {
  readonly client: number;
  readonly token: string;
  readonly expires_at: string;
}

/** In the fragment, so that neither logs nor previews of links have the token. */
export const linkOf = (origin: string, token: string): string => `${origin}/#/invitation/${token}`;

const { id, district_id, person_id, signs_in, scopes } = clientRow;
const invitedRow = { id, district_id, person_id, signs_in, scopes };

/** The invitations of clients that people sign in with. */
export function openInvitations({ knex, rows, all }: Pick<Database, 'knex' | 'rows' | 'all'>) {
  const standingOf = openStanding({ knex, all });
  const invited = text(
    knex,
    `select ${standsBy.map((column) => `api_clients.${column}`).join(', ')}
    from invitations
    join api_clients on api_clients.id = invitations.client_id
    where invitations.hash = :hash and api_clients.revoked_at is null`,
    invitedRow,
    { acrossDistricts: 'the district is known by the client, which is found by its invitation' },
  );
  const use = text(
    knex,
    `update invitations set used_at = :now
    where hash = :hash and used_at is null and expires_at > :now
    returning client_id, request_hash, created_at`,
    { client_id: integer, request_hash: nullable(string), created_at: instant },
  );
  // How many were sent is counted by their rows, which stay.
  const endEarlier = text(
    knex,
    `update invitations set expires_at = :now
    where client_id = :client and request_hash is not null and used_at is null and expires_at > :now
      and created_at < :created`,
  );
  const add = text(
    knex,
    `insert into invitations (hash, client_id, created_at, expires_at)
    select made.hash, made.client_id, :now, :expires
    from ${rows('rows', { hash: 'text', client_id: 'bigint' })} as made`,
  );
  const withdraw = text(
    knex,
    `delete from invitations
    where used_at is null and client_id in (select asked.id from ${rows('clients', { id: 'bigint' })} as asked)`,
  );
  // Of those by email it is counted how many there were in a day.
  const sweep = text(
    knex,
    `delete from invitations
    where invitations.expires_at <= :now
      and (invitations.request_hash is null or invitations.created_at <= :day)`,
  );

  return {
    /** One for each of the clients, good for so many seconds. Those whose time is over go. */
    async add(tx: Transaction, clients: readonly number[], seconds: number): Promise<Invitation[]> {
      const [now, expires_at] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      const made = clients.map((client) => ({
        client,
        token: randomBytes(32).toString('base64url'),
        expires_at: expires_at!,
      }));
      const values = JSON.stringify(made.map(({ token, client }) => [hashOf(token), client]));
      await tx.all(sweep, { now: now!, day: new Date(Date.now() - 86_400_000).toISOString() });
      await tx.all(add, { rows: values, now: now!, expires: expires_at! });
      return made;
    },

    /**
     * The client that the invitation of this hash signs in, once; undefined where it is unknown, used or too old, or the
     * client no longer stands. With one that came by email those end that were sent before it.
     */
    async use(tx: Transaction, hash: string, now: string): Promise<number | undefined> {
      const [client] = await tx.all(invited, { hash });
      if (!client || !(await standingOf(client, tx))) return undefined;
      const [used] = await tx.all(use, { hash, now });
      if (used?.request_hash) await tx.all(endEarlier, { client: used.client_id, created: used.created_at, now });
      return used?.client_id;
    },

    /** Ends those of the clients that nobody has used. */
    withdraw: async (tx: Transaction, clients: readonly number[]): Promise<void> =>
      void (await tx.all(withdraw, { clients: JSON.stringify(clients.map((id) => [id])) })),
  };
}
