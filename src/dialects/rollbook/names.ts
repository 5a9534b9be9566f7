import type { PersonRow } from '../../roster/rows';

/** As the person is called: the preferred name before the given one. */
export const nameOf = ({ preferred_name, given_name, family_name }: PersonNames): string =>
  `${preferred_name || given_name} ${family_name}`.trim();

type PersonNames = Pick<PersonRow, 'preferred_name' | 'given_name' | 'family_name'>;
