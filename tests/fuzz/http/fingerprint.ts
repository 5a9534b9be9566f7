import type { Database } from '../../../src/database/database';
import { text } from '../../../src/database/query';
import { each, scalar } from '../../../src/database/rows';

/** What of each table changes with any write to it, cheap enough to be asked after every request. */
const parts = [
  'select max(id) from journal',
  'select sum(revision) from sections',
  'select count(*) from meetings',
  'select count(taken_at) from meetings',
  'select count(*) from marks',
  'select sum(status * 7 + length(comment)) from marks',
  'select max(changed_at) from marks',
  'select count(*) from powerschool_attendance',
  'select max(id) from powerschool_attendance',
  'select sum(status + code_id + coalesce(total_minutes, 0) + length(comment) + length(program)) from powerschool_attendance',
  'select count(*) from osdi_attendances',
  'select max(changed_at) from osdi_attendances',
  'select count(*) from osdi_identifiers',
  'select sum(number_of_attendees) from wix_attendances',
  'select count(*) from people',
  'select count(*) from enrollments',
  'select count(*) from attendance_codes',
  'select count(*) from api_clients',
  'select count(*) from api_tokens',
];

/** Says what the database holds, in short: the same as long as nothing has been written. */
export function fingerprintOf(database: Database): () => Promise<string> {
  // Clients are kept apart from districts: no statement names both.
  const queries = [true, false]
    .map((apart) => parts.filter((part) => part.includes(' from api_') === apart))
    .map((some) => {
      const columns = some.map((part, index) => `(${part}) as part_${index}`).join(', ');
      const row = each(
        some.map((_, index) => `part_${index}`),
        scalar,
      );
      return text(database.knex, `select ${columns}`, row, { acrossDistricts: 'it is of the whole database' });
    });
  return async () => JSON.stringify(await Promise.all(queries.map((query) => database.all(query))));
}
