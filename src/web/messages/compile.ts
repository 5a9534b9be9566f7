import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/lib/compile-module';
import { messages as enLater } from './en-later';
import { messages as enLti } from './en-lti';
import { messages as enOffice } from './en-office';
import { messages as enPages } from './en-pages';
import { messages as enSettings } from './en-settings';
import { messages as esLater } from './es-later';
import { messages as esLti } from './es-lti';
import { messages as esOffice } from './es-office';
import { messages as esPages } from './es-pages';
import { messages as esSettings } from './es-settings';

type Messages = Readonly<Record<string, string>>;

/**
 * A catalogue as a module of JavaScript: nothing is parsed in a browser, and nothing evaluated, which the content security policy
 * would refuse. What has no places stays a string.
 * @param locale how numbers are written in it, and which plural they take
 */
export function compiled(locale: string, catalogue: Messages): string {
  const isPlain = (text: string) => !text.includes('{');
  const all = Object.entries(catalogue);
  const plain = Object.fromEntries(all.filter(([, text]) => isPlain(text)));
  const others = Object.fromEntries(all.filter(([, text]) => !isPlain(text)));
  const functions = compileModule(new MessageFormat(locale, { returnType: 'values' }), others);
  return `${functions.replace('export default', 'const functions =')};
export const messages = { ...${JSON.stringify(plain)}, ...functions };
`;
}

/** Longer by the half of its vowels, as many languages are than English. */
const accents: Readonly<Record<string, string>> = {
  ...{ a: 'áá', e: 'éé', i: 'íí', o: 'óó', u: 'úú', c: 'ç', n: 'ñ', s: 'š', y: 'ý' },
  ...{ A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', C: 'Ç', D: 'Ð', L: 'Ł', N: 'Ñ', P: 'Þ', S: 'Š' },
};

/** A catalogue in a language that nobody speaks, but everybody can read: what is not in it shows on the page. */
export const pseudo = (catalogue: Messages): Record<string, string> =>
  Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, accented(text)]));

/** The names of places, and what is picked from, stand in an odd number of braces. */
function accented(text: string): string {
  let depth = 0;
  return [...text]
    .map((letter) => {
      depth += Number(letter === '{') - Number(letter === '}');
      return depth % 2 === 0 ? (accents[letter] ?? letter) : letter;
    })
    .join('');
}

/** What the build puts in the place of each catalogue, by the name of its file. */
export const sources: Readonly<Record<string, () => string>> = {
  'en-pages': () => compiled('en-US', enPages),
  'en-later': () => compiled('en-US', enLater),
  'en-office': () => compiled('en-US', enOffice),
  'en-lti': () => compiled('en-US', enLti),
  'en-settings': () => compiled('en-US', enSettings),
  'es-pages': () => compiled('es-US', esPages),
  'es-later': () => compiled('es-US', esLater),
  'es-office': () => compiled('es-US', esOffice),
  'es-lti': () => compiled('es-US', esLti),
  'es-settings': () => compiled('es-US', esSettings),
  'pseudo-pages': () => compiled('en-US', pseudo(enPages)),
  'pseudo-later': () => compiled('en-US', pseudo(enLater)),
  'pseudo-office': () => compiled('en-US', pseudo(enOffice)),
  'pseudo-lti': () => compiled('en-US', pseudo(enLti)),
  'pseudo-settings': () => compiled('en-US', pseudo(enSettings)),
};
