import { gradesIn, listIn, textIn } from '../values';
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
  userIn: 'sourcedId',
  keepsUnsaid: 'role', // a delta of 1.2 may have users without roles.csv
  // 1.1 has role and orgs with the user, 1.2 in roles.csv. `enabledUser` says who may sign in, not who goes to school.
  values(row, { roles, schools }) {
    const role = roles.get(row.get('sourcedId'));
    const orgs = [role?.org ?? '', row.get('primaryOrgSourcedId'), ...listIn(row, 'orgSourcedIds')];
    return {
      school_id: orgs.map((org) => schools.get(org)).find((id) => id !== undefined) ?? null,
      role: (role?.role ?? textIn(row, 'role')).toLowerCase(),
      username: textIn(row, 'username'),
      email: textIn(row, 'email'),
      given_name: textIn(row, 'givenName'),
      middle_name: textIn(row, 'middleName'),
      family_name: textIn(row, 'familyName'),
      preferred_name: textIn(row, 'preferredGivenName') || textIn(row, 'preferredFirstName'),
      identifier: textIn(row, 'identifier'),
      grades: gradesIn(row),
    };
  },
};
