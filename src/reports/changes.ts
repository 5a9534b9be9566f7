import type { Change } from '../../schemas/rollbook/history';
import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { rollSaid } from '../ledger/attendance';
import { calledName } from '../roster/names';
import { openAuthors } from './authors';
import { rollsSql } from './rolls';

/** More than a roll is ever changed on one day by hand. */
const MOST = 1_000;

/** Who changed what in a section's roll of a day, newest first. Who may see the section is known already. */
export function openChanges(database: Database) {
  const sql = rollsSql(database);
  const authors = openAuthors(database);
  return async ({ district }: Actor, section: number, date: string): Promise<Change[]> => {
    const rows = await database.all(sql.changes, { district, section, date, limit: MOST });
    const nameOfAuthor = await authors(database, district, rows);
    return rows.map(
      ({ id, at, date, enrollment_id, api, from_status, from_comment, to_status, to_comment, ...who }) => ({
        id,
        at,
        date,
        enrollment_id,
        roll: enrollment_id === null ? rollSaid(to_comment) : null,
        student_number: who.student_number,
        student: nameOf(who.given_name, who.preferred_name, who.family_name),
        by: nameOfAuthor(who),
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

/** Null where there is nobody. */
const nameOf = (given_name: string | null, preferred_name: string | null, family_name: string | null) =>
  given_name === null
    ? null
    : calledName({ given_name, preferred_name: preferred_name ?? '', family_name: family_name ?? '' });
