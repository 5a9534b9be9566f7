import type { Invariant } from '../../database/invariants';
import { besideEntries } from '../beside';

/** Of what only Wix knows. */
export const wixInvariants: readonly Invariant[] = [
  besideEntries('wix_attendances'),
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
