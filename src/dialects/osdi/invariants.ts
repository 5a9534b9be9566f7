import type { Invariant } from '../../database/invariants';
import { besideEntries } from '../beside';

/** Of what only OSDI knows. */
export const osdiInvariants: readonly Invariant[] = [
  besideEntries('osdi_attendances'),
  {
    name: 'osdi_identifiers_person',
    table: 'osdi_identifiers',
    level: 'error',
    right: 'An identifier is of a person of the same district.',
    broken: `select osdi_identifiers.district_id, osdi_identifiers.person_id, people.district_id as person_district
      from osdi_identifiers
      left join people on people.id = osdi_identifiers.person_id
      where people.id is null or people.district_id <> osdi_identifiers.district_id`,
  },
];
