import type { Change } from '../../schemas/rollbook/history';
import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { rollSaid } from '../ledger/attendance';
import { calledName } from '../roster/names';
import { type ChangeRow, rollsSql } from './rolls';

/** More than a roll is ever changed on one day by hand. */
const MOST = 1_000;

/** Who changed what in a section's roll of a day, newest first. Who may see the section is known already. */
export function openChanges(database: Database) {
  const sql = rollsSql(database);
  return async ({ district }: Actor, section: number, date: string): Promise<Change[]> => {
    const rows = await database.all(sql.changes, { district, section, date, limit: MOST });
    const ids = new Set(rows.flatMap(({ client_id }) => client_id ?? []));
    const clients = await database.all(sql.clients, { district, clients: JSON.stringify([...ids].map((id) => [id])) });
    const names = new Map(clients.map(({ id, name }) => [id, name]));
    return rows.map(
      ({ id, at, date, enrollment_id, api, from_status, from_comment, to_status, to_comment, ...who }) => ({
        id,
        at,
        date,
        enrollment_id,
        roll: enrollment_id === null ? rollSaid(to_comment) : null,
        student_number: who.student_number,
        student: nameOf(who.given_name, who.preferred_name, who.family_name),
        by: authorOf(who) ?? names.get(who.client_id ?? 0) ?? '',
        by_teacher: Boolean(who.by_teacher),
        api,
        from_status,
        from_comment,
        to_status,
        to_comment: enrollment_id === null ? '' : to_comment,
      }),
    );
  };
}

/** The person that acted. */
const authorOf = (row: Pick<ChangeRow, 'author_given_name' | 'author_preferred_name' | 'author_family_name'>) =>
  nameOf(row.author_given_name, row.author_preferred_name, row.author_family_name);

/** Null where there is nobody. */
const nameOf = (given_name: string | null, preferred_name: string | null, family_name: string | null) =>
  given_name === null
    ? null
    : calledName({ given_name, preferred_name: preferred_name ?? '', family_name: family_name ?? '' });
