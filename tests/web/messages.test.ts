import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MessageFormat from '@messageformat/core';
import { parse, type Token } from '@messageformat/parser';
import { root } from '../../src/lib/root';
import { pseudo } from '../../src/web/messages/compile';
import { messages as enLater } from '../../src/web/messages/en-later';
import { messages as enLti } from '../../src/web/messages/en-lti';
import { messages as enOffice } from '../../src/web/messages/en-office';
import { messages as enPages } from '../../src/web/messages/en-pages';
import { messages as enSettings } from '../../src/web/messages/en-settings';
import { messages as esLater } from '../../src/web/messages/es-later';
import { messages as esLti } from '../../src/web/messages/es-lti';
import { messages as esOffice } from '../../src/web/messages/es-office';
import { messages as esPages } from '../../src/web/messages/es-pages';
import { messages as esSettings } from '../../src/web/messages/es-settings';
import { type Said, said } from './said';

/** What the pages say is in the catalogues, in each language. */
const english: Readonly<Record<string, string>> = { ...enPages, ...enLater, ...enLti, ...enOffice, ...enSettings };
const spanish: Readonly<Record<string, string>> = { ...esPages, ...esLater, ...esLti, ...esOffice, ...esSettings };

const folder = join(root, 'src/web');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^(messages|docs)\//.test(file))
  .sort();
const found: readonly (Said & { readonly file: string })[] = files.flatMap((file) =>
  said(readFileSync(join(folder, file), 'utf8'), file.endsWith('x')).map((each) => ({ file, ...each })),
);
const calls = found.filter((each) => each.kind === 'message');

const places = (tokens: readonly Token[]): string[] => [
  ...new Set(
    tokens.flatMap((token) => [
      ...('arg' in token ? [token.arg] : []),
      ...('cases' in token ? token.cases.flatMap((each) => places(each.tokens)) : []),
    ]),
  ),
];
const placesOf = (text: string): string[] => places(parse(text)).sort();

test('every language has the same messages, with the same places', () => {
  const shapes = (of: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(of).map(([key, text]) => [key, placesOf(text)]));
  expect(shapes(spanish)).toEqual(shapes(english));
  expect(shapes(pseudo(english))).toEqual(shapes(english));
  const isCopied = (key: string) =>
    english[key] === spanish[key] && /[a-z]{3}/i.test(english[key]!.replace(/\{[^{}]*\}/g, ''));
  expect(Object.keys(english).filter(isCopied).sort()).toEqual(['client.token', 'csv']);
});

test.each([
  ['en-US', english],
  ['es-US', spanish],
])('each message is whole, whatever stands in its places: %s', (locale, catalogue) => {
  const format = new MessageFormat(locale);
  for (const [key, text] of Object.entries(catalogue))
    for (const n of [0, 1, 2, 1_200]) {
      const values = Object.fromEntries(placesOf(text).map((name) => [name, n]));
      expect([key, format.compile(text)(values)]).toEqual([key, expect.stringMatching(/^[^{}#]+$/)]);
    }
});

test('a number is written as its language has it, and takes its plural', () => {
  const say = (locale: string, text: string, n: number) => new MessageFormat(locale).compile(text)({ n });
  expect(say('en-US', english['count.students']!, 1)).toBe('1 student');
  expect(say('en-US', english['count.students']!, 1_200)).toBe('1,200 students');
  expect(say('es-US', spanish['count.students']!, 1)).toBe('1 estudiante');
  expect(say('es-US', spanish['count.4']!, 2)).toBe('2 justificadas');
});

test('no text of a page stands past the catalogues', () => {
  expect(found.flatMap((each) => (each.kind === 'text' ? [`${each.file}: ${each.text}`] : []))).toEqual([]);
});

test('what is said with a message fills its places', () => {
  const wrong = calls.flatMap(({ file, keys, places }) =>
    keys
      .filter((key) => typeof key === 'string')
      .flatMap((key) => {
        const missing = placesOf(english[key] ?? '').filter((name) => places && !places.includes(name));
        return [
          ...(key in english ? [] : [`${file}: no ${key}`]),
          ...missing.map((name) => `${file}: ${key} {${name}}`),
        ];
      }),
  );
  expect(wrong).toEqual([]);
});

/** What is fetched when it is wanted, and is no part of the first load. */
const later =
  /^(sign-in|substitutes)\/|^roll\/blank-roll|^shared\/keys-dialog|^look-back\/(untaken-rolls|changes-page)/;

test('each message is said somewhere, and is fetched with what says it', () => {
  /** `changes.roll.` of a template has all messages that begin so. */
  const isSaid = (key: string, by: typeof calls) =>
    by.some(({ keys }) => keys.some((one) => (typeof one === 'string' ? one === key : one.test(key))));
  const unsaid = (of: object, by: typeof calls) => Object.keys(of).filter((key) => !isSaid(key, by));
  const said = (of: object, by: typeof calls) => Object.keys(of).filter((key) => isSaid(key, by));
  const ofOffice = calls.filter(({ file }) => file.startsWith('office/'));
  const ofLater = calls.filter(({ file }) => later.test(file));
  const ofLti = calls.filter(({ file }) => file.startsWith('lti/'));
  const first = calls.filter((call) => ![ofOffice, ofLater, ofLti].some((others) => others.includes(call)));
  expect([
    ...[unsaid(enPages, first), unsaid(enLater, ofLater)],
    ...[unsaid(enLti, ofLti), unsaid({ ...enOffice, ...enSettings }, ofOffice)],
  ]).toEqual([[], [], [], []]);
  expect(said({ ...enLater, ...enLti, ...enOffice, ...enSettings }, first)).toEqual([]);
  expect(said({ ...enLti, ...enOffice, ...enSettings }, ofLater)).toEqual([]);
  expect(said({ ...enLater, ...enOffice, ...enSettings }, ofLti)).toEqual([]);
  expect(said(enLti, ofOffice)).toEqual([]);
});

test('styles say where a line begins and ends, not left and right', () => {
  const styles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.css'));
  const physical = /(margin|padding|border)-(left|right)\b|(text-align|float): (left|right)|^\s*(left|right):/;
  const lines = styles.flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => physical.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(lines).toEqual([]);
});
