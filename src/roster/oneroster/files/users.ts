import { listIn } from '../values';
import type { FileSpec } from './spec';

export const users: FileSpec = {
  file: 'users',
  table: 'people',
  columns: {
    school_id: 'bigint',
    role: 'text',
    username: 'text',
    email: 'text',
    given_name: 'text',
    middle_name: 'text',
    family_name: 'text',
    preferred_name: 'text',
    identifier: 'text',
    grades: 'text',
  },
  keepsDeleted: false,
  keepsUnsaid: 'role', // a delta of 1.2 may have users without roles.csv
  // 1.1 has role and orgs with the user, 1.2 in roles.csv. `enabledUser` says who may sign in, not who goes to school.
  values(row, { roles, schools }) {
    const role = roles.get(row.get('sourcedId'));
    const orgs = [role?.org ?? '', row.get('primaryOrgSourcedId'), ...listIn(row.get('orgSourcedIds'))];
    return {
      school_id: orgs.map((org) => schools.get(org)).find((id) => id !== undefined) ?? null,
      role: (role?.role ?? row.get('role')).toLowerCase(),
      username: row.get('username'),
      email: row.get('email'),
      given_name: row.get('givenName'),
      middle_name: row.get('middleName'),
      family_name: row.get('familyName'),
      preferred_name: row.get('preferredGivenName') || row.get('preferredFirstName'),
      identifier: row.get('identifier'),
      grades: listIn(row.get('grades')).join(','),
    };
  },
};
