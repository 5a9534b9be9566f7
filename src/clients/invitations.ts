import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../database/database';
import { text } from '../database/query';
import { hashOf } from './tokens';

/** A link that signs somebody in once, within its time. Of the token a hash alone is kept. */
export interface Invitation {
  readonly client: number;
  readonly token: string;
  readonly expires_at: string;
}

/** In the fragment, so that neither logs nor previews of links have the token. */
export const linkOf = (origin: string, token: string): string => `${origin}/#/invitation/${token}`;

/** The invitations of clients that people sign in with. */
export function openInvitations({ knex, rows }: Pick<Database, 'knex' | 'rows'>) {
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

    /** Ends those of the clients that nobody has used. */
    withdraw: async (tx: Transaction, clients: readonly number[]): Promise<void> =>
      void (await tx.all(withdraw, { clients: JSON.stringify(clients.map((id) => [id])) })),
  };
}
