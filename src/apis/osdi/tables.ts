import type { Announced } from '../../../schemas/osdi/attendances';
import type { Database, Executor } from '../../database/database';
import type { Invariant } from '../../database/invariants';
import { ERASED, erasedText, ofEnrollments, ofPerson, type PersonalData, usual } from '../../database/personal-data';
import { text } from '../../database/query';
import { day, integer, string } from '../../database/rows';
import type { Actor } from '../../ledger/actor';
import { extensionOfEntries } from '../extension-tables';
import type { AttendanceRow } from './attendance';

/** What OSDI says of an attendance and the ledger does not. */
export interface OwnFields {
  /** Of the RSVP: what was announced, not what happened. */
  readonly status: Announced | null;
  readonly comment: string;
  /** As sent. */
  readonly action_date: string | null;
  readonly action_at: string | null;
  readonly origin_system: string | null;
  readonly invited_by: string | null;
  /** What others call it: a JSON list. */
  readonly identifiers: string;
}

/** The table beside the ledger's entries. */
export function openOwnFields({ knex }: Database) {
  const columns = ['status', 'comment', 'action_date', 'action_at', 'origin_system', 'invited_by', 'identifiers'];
  const put = text(
    knex,
    `insert into osdi_attendances (district_id, enrollment_id, date, ${columns.join(', ')}, created_at, changed_at)
    values (:district, :enrollment, :date, ${columns.map((column) => `:${column}`).join(', ')}, :now, :now)
    on conflict (district_id, enrollment_id, date) do update set
      ${[...columns, 'changed_at'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  const remove = text(
    knex,
    `delete from osdi_attendances
    where osdi_attendances.district_id = :district and osdi_attendances.enrollment_id = :enrollment and osdi_attendances.date = :date`,
  );
  return {
    async put(
      tx: Executor,
      { district }: Actor,
      { enrollment_id, date }: AttendanceRow,
      ownFields: OwnFields,
    ): Promise<void> {
      await tx.all(put, { ...ownFields, district, enrollment: enrollment_id, date, now: new Date().toISOString() });
    },

    async remove(tx: Executor, { district }: Actor, { enrollment_id, date }: AttendanceRow): Promise<void> {
      await tx.all(remove, { district, enrollment: enrollment_id, date });
    },
  };
}

/** Attendances of a section on a date, or of a person; the rest is null. */
export interface Part {
  readonly section: number | null;
  readonly date: string | null;
  readonly person: number | null;
}

export type Identified = ReturnType<typeof openIdentified>;

/** Reads what others call the attendances of a part, of those that are called anything: JSON lists. */
export function openIdentified(database: Database) {
  const find = text(
    database.knex,
    `select osdi_attendances.enrollment_id, osdi_attendances.date, osdi_attendances.identifiers
    from enrollments
    join osdi_attendances on osdi_attendances.district_id = :district
      and osdi_attendances.enrollment_id = enrollments.id and osdi_attendances.identifiers <> '[]'
    where +enrollments.district_id = :district and (
      (enrollments.section_id = :section and osdi_attendances.date = :date) or enrollments.person_id = :person)`,
    { enrollment_id: integer, date: day, identifiers: string },
  );
  return ({ district }: Actor, part: Part) => database.all(find, { district, ...part });
}

const { district_id, enrollment_id, date } = usual;

/** What was announced of attendances, and what other systems call the person. */
export const osdiPersonalData: readonly PersonalData[] = [
  {
    name: 'osdi_attendances',
    table: 'osdi_attendances',
    where: ofEnrollments,
    daily: 'enrollment',
    key: ['enrollment_id', 'date'],
    columns: {
      district_id,
      enrollment_id,
      date,
      status: 'what was announced',
      comment: 'what was said of it',
      action_date: 'when it was announced, as sent',
      action_at: 'the same instant, ISO 8601',
      origin_system: 'the system it came from',
      invited_by: 'who invited, a URL',
      identifiers: 'what other systems call the attendance, a JSON list',
      created_at: 'when it was first written, ISO 8601',
      changed_at: 'when it was last changed, ISO 8601',
    },
    erasure: {
      comment: erasedText('comment'),
      origin_system: `case when origin_system is null then null else '${ERASED}' end`,
      invited_by: 'null',
      identifiers: "'[]'",
    },
  },
  {
    name: 'osdi_identifiers',
    table: 'osdi_identifiers',
    where: ofPerson,
    key: ['identifier'],
    columns: {
      district_id,
      identifier: 'what another system calls the person',
      local_part: 'the part after the name of that system',
      person_id: 'the person',
    },
    erasure: 'remove',
  },
];

/** What clients call the people whom no SIS lists. */
export const osdiPeopleNames = `select osdi_identifiers.person_id, osdi_identifiers.local_part as name
  from osdi_identifiers
  join people on people.district_id = osdi_identifiers.district_id
    and people.id = osdi_identifiers.person_id and people.sourced_id is null
  where osdi_identifiers.district_id = :district`;

/** Of what only OSDI knows. */
export const osdiInvariants: readonly Invariant[] = [
  extensionOfEntries('osdi_attendances'),
  {
    name: 'osdi_identifiers_person',
    table: 'osdi_identifiers',
    level: 'error',
    right: 'An identifier is of a person of the same district.',
    broken: `select osdi_identifiers.district_id, osdi_identifiers.person_id
      from osdi_identifiers
      left join people on people.district_id = osdi_identifiers.district_id and people.id = osdi_identifiers.person_id
      where people.id is null`,
  },
];
