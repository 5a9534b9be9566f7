import type { Change } from '../../schemas/rollbook/history';
import type { Database } from '../database/database';
import type { Actor } from '../ledger/actor';
import { MeetingChange, type Status } from '../ledger/attendance';
import { calledName } from '../roster/names';
import { rollsSql } from './rolls';

/** More than a roll is ever changed on one day by hand. */
const MOST = 1_000;

interface ChangeRow {
  readonly id: number;
  readonly at: string;
  readonly date: string;
  readonly enrollment_id: number | null;
  readonly api: string;
  readonly client_id: number | null;
  readonly from_status: Status | null;
  readonly from_comment: string;
  readonly to_status: Status | null;
  readonly to_comment: string;
  readonly given_name: string | null;
  readonly student_number: string | null;
  readonly preferred_name: string;
  readonly family_name: string;
  readonly author_given_name: string | null;
  readonly author_preferred_name: string;
  readonly author_family_name: string;
  readonly client: string | null;
  readonly by_teacher: boolean | 0 | 1;
}

/** Who changed what in a section's roll of a day, newest first. Who may see the section is known already. */
export function openChanges(database: Database) {
  const sql = rollsSql(database);
  return async ({ district }: Actor, section: number, date: string): Promise<Change[]> => {
    const rows = await database.all<ChangeRow>(sql.changes, { district, section, date, limit: MOST });
    return rows.map(
      ({ id, at, date, enrollment_id, api, from_status, from_comment, to_status, to_comment, ...who }) => ({
        id,
        at,
        date,
        enrollment_id,
        roll: enrollment_id === null ? rollSaid(to_comment) : null,
        student_number: who.student_number,
        student: who.given_name === null ? null : calledName({ ...who, given_name: who.given_name }),
        by: authorOf(who),
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

/** What was said of a roll as a whole; the journal has it in place of a comment. */
const rollSaid = (change: string): Change['roll'] =>
  change === MeetingChange.untaken ? 'not taken' : change === MeetingChange.scheduled ? 'scheduled' : 'taken';

/** The person that acted, else the client, else the API that rollbook itself wrote by. */
function authorOf(
  row: Pick<ChangeRow, 'client' | 'author_given_name' | 'author_preferred_name' | 'author_family_name'>,
) {
  if (row.author_given_name === null) return row.client ?? '';
  const { author_given_name, author_preferred_name, author_family_name } = row;
  return calledName({
    given_name: author_given_name,
    preferred_name: author_preferred_name,
    family_name: author_family_name,
  });
}
