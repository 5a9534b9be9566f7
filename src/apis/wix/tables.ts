import type { Engine } from '../../database/database';
import type { Invariant } from '../../database/invariants';
import { ofEnrollments, type PersonalData, usual } from '../../database/personal-data';
import { text } from '../../database/query';
import { bit, day, integer, type RowOf } from '../../database/rows';
import { mayRead, mayWrite } from '../../roster/access';
import { extensionOfEntries } from '../extension-tables';

/** A booking's section and student, and whether the person acted for may read there, and write; true where there is none. */
const bookingRow = { id: integer, section_id: integer, person_id: integer, permitted: bit, writable: bit };
export type Booking = RowOf<typeof bookingRow>;

const changedRow = { enrollment_id: integer, date: day };

/** What Wix needs to know of bookings, and what it keeps of attendances. */
export function wixSql(engine: Engine) {
  const { knex } = engine;
  const rows = engine.rows('rows', { enrollment_id: 'bigint', date: 'date', number_of_attendees: 'bigint' });
  return {
    bookings: text(
      knex,
      `select enrollments.id, enrollments.section_id, enrollments.person_id,
        ${mayRead('enrollments.section_id')} as permitted,
        ${mayWrite('enrollments.section_id')} as writable
      from ${engine.rows('ids', { id: 'bigint' })} as asked
      cross join enrollments
      where enrollments.id = asked.id and enrollments.district_id = :district`,
      bookingRow,
    ),
    put: text(
      knex,
      `insert into wix_attendances (district_id, enrollment_id, date, number_of_attendees)
      select :district, enrollment_id, date, number_of_attendees
      from ${rows} as kept
      where true
      on conflict (district_id, enrollment_id, date) do update set number_of_attendees = excluded.number_of_attendees
      where wix_attendances.number_of_attendees <> excluded.number_of_attendees
      returning enrollment_id, date`,
      changedRow,
    ),
    remove: text(
      knex,
      `delete from wix_attendances
      where wix_attendances.district_id = :district and (wix_attendances.enrollment_id, wix_attendances.date) in (
        select gone.enrollment_id, gone.date from ${rows} as gone)
      returning enrollment_id, date`,
      changedRow,
    ),
  };
}

const { district_id, enrollment_id, date } = usual;

export const wixPersonalData: readonly PersonalData[] = [
  {
    name: 'wix_attendances',
    table: 'wix_attendances',
    where: ofEnrollments,
    daily: 'enrollment',
    key: ['enrollment_id', 'date'],
    columns: { district_id, enrollment_id, date, number_of_attendees: 'how many came along, the person included' },
  },
];

/** Of what only Wix knows. */
export const wixInvariants: readonly Invariant[] = [
  extensionOfEntries('wix_attendances'),
  {
    name: 'wix_attendances_number',
    table: 'wix_attendances',
    level: 'error',
    right: 'A number of attendees that is kept is not negative.',
    broken: `select wix_attendances.district_id, wix_attendances.enrollment_id, wix_attendances.date,
        wix_attendances.number_of_attendees
      from wix_attendances
      where wix_attendances.number_of_attendees < 0`,
  },
];
