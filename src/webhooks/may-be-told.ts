import { clientRow, openStanding, standsBy } from '../clients/client';
import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import type { RowOf } from '../database/rows';

const { id, district_id, person_id, signs_in, scopes } = clientRow;
/** What of a client says whether it stands, and as whom it sees. */
export const standingRow = { id, district_id, person_id, signs_in, scopes };
export const standingColumns = standsBy.map((name) => `api_clients.${name}`).join(', ');

/** The client may read attendance, as far as its scopes go. */
export const hasScope = `',' || api_clients.scopes || ',' like '%,attendance:read,%'`;

/**
 * Which of some clients may be told, by their ids: whoever may read attendance. A target of a client that is revoked, or whose
 * person has left, is told nothing.
 */
export function openMayBeTold(database: Database) {
  const standingOf = openStanding(database);
  const sql = text(
    database.knex,
    `select ${standingColumns}
    from ${database.rows('ids', { id: 'bigint' })} as asked
    cross join api_clients
    where api_clients.id = asked.id and api_clients.revoked_at is null and ${hasScope}`,
    standingRow,
    { acrossDistricts: 'one process sends for all districts, and an operator sees the targets of all' },
  );
  return async (clients: Iterable<number>, executor: Executor = database) => {
    const ids = JSON.stringify([...new Set(clients)].map((each) => [each]));
    const told = new Map<number, RowOf<typeof standingRow>>();
    for (const client of await executor.all(sql, { ids }))
      if (await standingOf(client, executor)) told.set(client.id, client);
    return told;
  };
}
