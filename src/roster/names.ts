/** The names of a person, as the roster has them. */
export interface Names {
  readonly given_name: string;
  readonly preferred_name: string;
  readonly family_name: string;
}

/** As the person is called: the preferred name before the given one. */
export const calledName = ({ preferred_name, given_name, family_name }: Names): string =>
  `${preferred_name || given_name} ${family_name}`.trim();

/** Whether two names are the same but for case and accents. */
export const isSameName = (one: string, other: string): boolean => plain.compare(one.trim(), other.trim()) === 0;
const plain = new Intl.Collator('en', { sensitivity: 'base' });
