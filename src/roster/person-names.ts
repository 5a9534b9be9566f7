import type { Engine, Executor } from '../database/database';
import { text } from '../database/query';
import { integer, string } from '../database/rows';
import { type Names, namesRow } from './names';

/*
 * The words that people are found by: those of their names and their number, without case and accents. They are kept beside
 * the people (person_names), since no engine compares so by itself. Whatever changes a name brings them up to date, in
 * the same transaction.
 */

/** Letters that are one with a mark to who reads them, and letters of their own to Unicode. */
const plain: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i', ŋ: 'n' },
};
const apostrophes = /['\u2018\u2019\u02bb\u02bc`\u00b4]/g;
/** Longer words are cut, and more of a person are not kept. */
const LONGEST = 60;
const MOST = 20;

/** A text in small letters without accents. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^ -~]/g, (letter) => plain[letter] ?? letter);

/** The words of a text, as people are found by them: `O'Brien-Núñez` is `obrien`, `brien` and `nunez`. */
export function wordsOf(text: string): string[] {
  const parts = folded(text).split(/\s+|-/);
  const words = parts.flatMap((part) => {
    const pieces = part.split(apostrophes);
    return pieces.length > 1 ? [pieces.join(''), ...pieces.filter((piece) => piece.length > 1)] : [part];
  });
  const clean = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '').slice(0, LONGEST)).filter(Boolean);
  return [...new Set(clean)];
}

/** A person as their words are made. */
interface Called extends Names {
  readonly middle_name: string;
  readonly identifier: string;
}

/** The words that a person is found by, each once. */
export const wordsOfPerson = ({ given_name, middle_name, preferred_name, family_name, identifier }: Called): string[] =>
  wordsOf([given_name, middle_name, preferred_name, family_name, identifier].join(' ')).slice(0, MOST);

/** After every word that begins as this one. */
export const afterAll = (word: string): string => `${word}\u{10ffff}`;

/** Which people: by their ids, or by what the SIS calls them. */
type Which = { readonly ids: readonly number[] } | { readonly sourcedIds: readonly string[] };

/** Brings the words of people up to date with their names. */
export function personNames({ knex, rows, lookUp }: Pick<Engine, 'knex' | 'rows' | 'lookUp'>) {
  const ids = rows('ids', { id: 'bigint' });
  const columns = `people.id, people.given_name, people.middle_name, people.preferred_name, people.family_name,
    people.identifier`;
  const personRow = { id: integer, ...namesRow, middle_name: string, identifier: string };
  const byId = text(
    knex,
    `select ${columns}
    from ${ids} as asked
    ${lookUp('people', 'people.id = asked.id and people.district_id = :district')}`,
    personRow,
  );
  const bySourcedId = text(
    knex,
    `select ${columns}
    from ${rows('sourced_ids', { sourced_id: 'text' })} as asked
    ${lookUp('people', 'people.district_id = :district and people.sourced_id = asked.sourced_id')}`,
    personRow,
  );
  const forget = text(
    knex,
    `delete from person_names
    where person_names.district_id = :district and person_names.person_id in (select asked.id from ${ids} as asked)`,
  );
  const put = text(
    knex,
    `insert into person_names (district_id, person_id, name)
    select :district, person_id, name from ${rows('words', { person_id: 'bigint', name: 'text' })} as written`,
  );
  const inRows = (values: readonly (number | string)[]) => JSON.stringify(values.map((value) => [value]));

  return async (tx: Executor, district: number, which: Which): Promise<void> => {
    const asked = 'ids' in which ? which.ids : which.sourcedIds;
    if (asked.length === 0) return;
    const people =
      'ids' in which
        ? await tx.all(byId, { district, ids: inRows(which.ids) })
        : await tx.all(bySourcedId, { district, sourced_ids: inRows(which.sourcedIds) });
    await tx.all(forget, { district, ids: inRows('ids' in which ? which.ids : people.map(({ id }) => id)) });
    const words = people.flatMap((person) => wordsOfPerson(person).map((word) => [person.id, word]));
    if (words.length > 0) await tx.all(put, { district, words: JSON.stringify(words) });
  };
}
