import type { Engine, PlaceSql } from '../database/database';
import { text } from '../database/query';
import { bit, day, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { status } from '../ledger/attendance';
import { permittedPerson } from '../roster/access';

const placeRow = { transaction: integer, id: integer };

const common = {
  ...placeRow,
  at: instant,
  api: string,
  client: nullable(integer),
  person: nullable(integer),
  revision: nullable(integer),
};

/** A change as the journal has it. */
const journaledRow = {
  ...common,
  section: integer,
  date: day,
  /** Null: of the meeting. */
  enrollment: nullable(integer),
  from_status: nullable(status),
  to_status: nullable(status),
  to_comment: string,
  code: string,
};
export type JournaledRow = RowOf<typeof journaledRow>;

/** A change that the journal does not have. */
const otherRow = {
  ...common,
  kind: oneOf(
    'enrollment.created',
    'enrollment.changed',
    'enrollment.ended',
    'enrollment.removed',
    'section.changed',
    'attendance.erased',
    'person.erased',
    'person.merged',
    'presence',
    'details.changed',
  ),
  section: nullable(integer),
  enrollment: nullable(integer),
  /** Whose enrollment it is, or who was erased, or was kept where another was made one with them. */
  of_person: nullable(integer),
  merged: nullable(integer),
  admin: nullable(bit),
  begin_date: nullable(day),
  end_date: nullable(day),
  date: nullable(day),
};
export type OtherRow = RowOf<typeof otherRow>;

const commonOf = (table: string, person: string) => `${table}.transaction_id as "transaction", ${table}.id, ${table}.at,
  ${table}.api, ${table}.client_id as client, ${table}.${person} as person, ${table}.revision, ${table}.section_id as section,
  ${table}.enrollment_id as enrollment, ${table}.date`;

/** Up to where changes may be read, and up to where they were taken away. */
export const endSql = ({ knex, written }: Engine) => ({
  end: text(knex, written('journal'), placeRow, { acrossDistricts: 'it reads no row of any' }),
  expired: text(
    knex,
    `select expired_changes.transaction_id as "transaction", expired_changes.id, expired_changes.times
    from expired_changes where expired_changes.district_id = :district`,
    { ...placeRow, times: integer },
  ),
});

const asked = { transaction: 'asked.transaction_id', id: 'asked.id' };
/** The end of what may be read, asked for before (`end`): another server of a cluster would not know it. */
export const END: PlaceSql = { transaction: ':to_transaction', id: ':to_id' };
export const upTo = ({ transaction, id }: { transaction: string | number; id: number }) => ({
  ...{ to_transaction: Number(transaction), to_id: id },
});

/** All SQL by which changes are read. */
export function feedSql(engine: Engine) {
  const { knex } = engine;
  const place = { transaction: ':transaction', id: ':id' };
  /** Those of a district after a place and up to another, the first of them. */
  const between = (table: string) => `${table}.district_id = :district and ${engine.between(table, place, END)}
    order by ${table}.transaction_id, ${table}.id limit :limit`;
  return {
    ...endSql(engine),
    journaled: text(
      knex,
      `select ${commonOf('journal', 'person_id')}, journal.from_status, journal.to_status, journal.to_comment,
        coalesce(codes.code, '') as code
      from journal
      left join attendance_codes as codes on codes.id = journal.code_id and codes.district_id = :district
      where ${between('journal')}`,
      journaledRow,
      { inOrder: true },
    ),
    others: text(
      knex,
      `select ${commonOf('other_changes', 'by_person_id')}, other_changes.kind, other_changes.person_id as of_person,
        other_changes.merged_id as merged, other_changes.admin, other_changes.begin_date, other_changes.end_date
      from other_changes
      where ${between('other_changes')}`,
      otherRow,
      { inOrder: true },
    ),
    /** Which districts have anything to read after a place in theirs. */
    withMore: text(
      knex,
      `select asked.district
      from ${engine.rows('asked', { district: 'bigint', transaction_id: 'bigint', id: 'bigint' })} as asked
      where ${['journal', 'other_changes']
        .map(
          (table) => `exists (
            select 1 from ${table}
            where ${table}.district_id = asked.district and ${engine.between(table, asked, END)})`,
        )
        .join(' or ')}`,
      { district: integer },
      { acrossDistricts: 'it is asked once for all who wait, and answers which district they are of' },
    ),
    schools: text(
      knex,
      `select sections.id as section, coalesce(sections.school_id, 0) as school
      from ${engine.rows('sections', { id: 'bigint' })} as asked
      ${engine.lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')}`,
      { section: integer, school: integer },
    ),
    people: text(
      knex,
      `select people.id
      from ${engine.rows('people', { id: 'bigint' })} as asked
      cross join people
      where people.id = asked.id and people.district_id = :district and ${permittedPerson}`,
      { id: integer },
    ),
  };
}
