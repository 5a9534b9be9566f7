import type { Invariant } from '../database/invariants';

/** What an API keeps beside the entries of the ledger is of students of the same district. */
export const extensionOfEntries = (table: string): Invariant => ({
  name: `${table}_enrollment`,
  table,
  level: 'error',
  right: "It is kept of a student's enrollment in the same district.",
  broken: `select ${table}.district_id, ${table}.enrollment_id, ${table}.date, enrollments.admin as teacher
    from ${table}
    left join enrollments on enrollments.district_id = ${table}.district_id and enrollments.id = ${table}.enrollment_id
    where enrollments.id is null or enrollments.admin`,
});
