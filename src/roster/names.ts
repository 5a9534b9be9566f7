import type { Database } from '../database/database';
import { text } from '../database/query';
import { type RowOf, string } from '../database/rows';

/** The names of a person, as the roster has them. */
export const namesRow = { given_name: string, preferred_name: string, family_name: string };
export type Names = RowOf<typeof namesRow>;

/** As the person is called: the preferred name before the given one. */
export const calledName = ({ preferred_name, given_name, family_name }: Names): string =>
  `${preferred_name || given_name} ${family_name}`.trim();

/** Whether two names are the same but for case and accents. */
export const isSameName = (one: string, other: string): boolean => plain.compare(one.trim(), other.trim()) === 0;
const plain = new Intl.Collator('en', { sensitivity: 'base' });

/** The order of names in a language: negative where the first comes before the second. */
export interface NameOrder {
  /** Of schools, sections and the like: `Room 2` comes before `Room 10`. */
  text(one: string, other: string): number;
  /** Of people: by family name, then as they are called. */
  people(one: Names, other: Names): number;
}

/** Lists of names pass over them: O'Brien stands with Obrien. A space counts: de la Cruz comes before Decker. */
const apostrophes = /['\u2018\u2019\u02bb\u02bc`\u00b4]/g;

const orders = new Map<string, NameOrder>();

/** How people who speak a language (BCP 47) expect names to be sorted: accents and particles as they have them. */
export function nameOrderOf(language: string): NameOrder {
  const known = orders.get(language);
  if (known) return known;
  const { compare } = new Intl.Collator(language, { numeric: true });
  const called = ({ preferred_name, given_name }: Names) => preferred_name || given_name;
  const ofPeople = new Intl.Collator(language, { numeric: true, sensitivity: 'accent' }); // OBrien is Obrien
  const compareNames = (one: string, other: string) =>
    ofPeople.compare(one.replace(apostrophes, ''), other.replace(apostrophes, ''));
  const order: NameOrder = {
    text: compare,
    people: (one, other) =>
      compareNames(one.family_name, other.family_name) || compareNames(called(one), called(other)),
  };
  orders.set(language, order); // as many as districts have languages
  return order;
}

/** The order of names in the language of a district. */
export function openNameOrder(database: Database) {
  const find = text(database.knex, 'select districts.language from districts where districts.id = :district', {
    language: string,
  });
  return async (district: number): Promise<NameOrder> => {
    const [row] = await database.all(find, { district });
    return nameOrderOf(row?.language ?? 'en');
  };
}
