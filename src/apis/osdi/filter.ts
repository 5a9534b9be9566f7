import { isSchoolDay } from '../../days';
import type { Comparison, Condition, Operand } from '../../ledger/entries';
import { invalidParameter } from './errors';

/** ISO 8601 with a time zone, of which README.md writes the hours alone (`-05`); the day alone stands for its beginning in UTC. */
const INSTANT = /^([1-9]\d{3}-\d\d-\d\d)(?:(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?:(Z)|([+-]\d\d)(?::?(\d\d))?))?$/;

/** The instant that a text means, as the database has it; undefined where it means none. */
export function instantOf(text: string): string | undefined {
  const [, day, hour, utc, hours, minutes = '00'] = INSTANT.exec(text) ?? [];
  const time = day ? Date.parse(hour ? `${day}${hour}${utc ?? `${hours}:${minutes}`}` : day) : Number.NaN;
  const iso = Number.isNaN(time) ? '' : new Date(time).toISOString();
  // Date.parse takes the 30th of February for the 2nd of March; a zone can lead beyond the year 9999.
  const isReal = iso.length === 24 && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === +text.slice(8, 10);
  return isReal ? iso : undefined;
}

/** What a text that means no instant would have to be. */
export const instantRule = (text: string): string =>
  instantOf(`${text}Z`) ? 'must say its time zone, like Z for UTC or -05:00' : 'must be an instant';

/** "Datetimes are ISO 8601 in UTC": `2014-03-20T21:04:31Z`, without milliseconds. */
export const printed = (instant: string): string => instant.replace(/\.\d+Z$/, 'Z');

export type Token =
  | { readonly kind: 'word' | 'text' | 'moment' | 'mark' | 'end'; readonly value: string; readonly at: number }
  | { readonly kind: 'integer'; readonly value: number; readonly at: number };

/** Longer ones are refused before they are read. */
const MAX_LENGTH = 2_000;

/** One token after white space: a quoted text, a day or an instant without quotes, a number, a word with its path, a parenthesis. */
const TOKEN =
  /\s*(?:'((?:[^']|'')*)'|(\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?)(?![\w.])|(-?\d+)(?![\w.])|([A-Za-z_]\w*(?:[./]\w+)*)|([()]))/y;

/** Says at which character of the filter something is wrong, counted from 1. */
export const faultAt = (at: number, what: string) =>
  invalidParameter('filter', `at character ${at + 1}: ${what}`, "status eq 'late' and action_date ge '2025-10-01'");

/** Cuts a filter into tokens. */
export function tokensOf(filter: string): Token[] {
  if (filter.length > MAX_LENGTH) throw faultAt(MAX_LENGTH, `a filter has at most ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  const end = filter.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(filter);
    if (!match) throw unreadable(filter, at);
    const start = TOKEN.lastIndex - match[0].trimStart().length;
    tokens.push(tokenOf(match, start));
    at = TOKEN.lastIndex;
  }
  return [...tokens, { kind: 'end', value: 'the end', at: end }];
}

function tokenOf([, text, moment, integer, word, mark]: RegExpExecArray, at: number): Token {
  if (text !== undefined) {
    if (text.includes('\0')) throw faultAt(at, 'no text has a NUL character');
    return { kind: 'text', value: text.replaceAll("''", "'"), at };
  }
  if (moment !== undefined) return { kind: 'moment', value: moment, at };
  if (integer !== undefined) {
    if (!Number.isSafeInteger(Number(integer)))
      throw faultAt(at, `${integer.slice(0, 60)} is beyond every number here`);
    return { kind: 'integer', value: Number(integer), at };
  }
  return word === undefined ? { kind: 'mark', value: mark!, at } : { kind: 'word', value: word, at };
}

function unreadable(filter: string, from: number) {
  const at = from + (filter.slice(from).length - filter.slice(from).trimStart().length);
  return filter[at] === "'"
    ? faultAt(at, 'this text has no closing quote')
    : faultAt(at, `${JSON.stringify(filter[at])} cannot stand here`);
}

/** A field that can be filtered by. */
type Field =
  /** A column, and what it is compared with; texts of `mail` without regard to case. */
  | {
      readonly column: string;
      readonly kind: 'text' | 'mail' | 'integer' | 'boolean' | 'day' | 'instant';
      /** Other texts that mean what one of them means. */
      readonly alike?: Readonly<Record<string, readonly string[]>>;
    }
  /** A list of texts, of which "the parent resource should be returned if any of the array items match". */
  | { readonly kind: 'list'; among(text: string): Condition }
  /** A field of OSDI that no resource here has, and why. */
  | { readonly kind: 'none'; readonly why: string };

/** By name, nested ones with a dot: `email_addresses.address`. */
export type Fields = Readonly<Record<string, Field>>;

const operators: readonly string[] = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] satisfies Comparison[];

/** A list equals what is in it, and is neither less nor greater. */
const equality: readonly string[] = ['eq', 'ne'] satisfies Comparison[];

/** How deep parentheses may be nested. */
const MAX_DEPTH = 20;

/**
 * OSDI's filter, a part of OData's: `status eq 'late' and (attended eq true or comment ne '')`.
 *
 *     either     = both *("or" both)
 *     both       = one *("and" one)
 *     one        = "(" either ")" / comparison
 *     comparison = field operator operand
 */
export function parseFilter(filter: string, fields: Fields): Condition {
  const tokens = tokensOf(filter);
  let next = 0;
  const isNext = (kind: Token['kind'], value: string) => tokens[next]!.kind === kind && tokens[next]!.value === value;
  const take = (): Token => tokens[next++]!;
  const expect = (what: string): never => {
    throw faultAt(tokens[next]!.at, `expected ${what}, not ${shown(tokens[next]!)}`);
  };

  function either(depth: number): Condition {
    const conditions = [both(depth)];
    while (isNext('word', 'or') && take()) conditions.push(both(depth));
    return conditions.length === 1 ? conditions[0]! : { any: conditions };
  }

  function both(depth: number): Condition {
    const conditions = [one(depth)];
    while (isNext('word', 'and') && take()) conditions.push(one(depth));
    return conditions.length === 1 ? conditions[0]! : { all: conditions };
  }

  function one(depth: number): Condition {
    if (!isNext('mark', '(')) return comparison();
    const { at } = take();
    if (depth === MAX_DEPTH) throw faultAt(at, `parentheses are nested at most ${MAX_DEPTH} deep`);
    const inner = either(depth + 1);
    if (!isNext('mark', ')')) expect('"and", "or" or ")"');
    take();
    return inner;
  }

  function comparison(): Condition {
    const name = tokens[next]!.kind === 'word' ? take() : expect('a field');
    const field = fieldNamed(name, fields);
    const known = field.kind === 'list' ? equality : operators;
    const { kind, value } = tokens[next]!;
    if (kind !== 'word' || !known.includes(value)) expect(`one of ${known.join(', ')}`);
    take();
    if (field.kind === 'list') return found(value, field.among(operandOf('text', take()) as string));
    const operand = operandOf(field.kind, take());
    if (field.kind === 'instant') return shownTo(field.column, value as Comparison, operand as string);
    const others = Object.entries(field.alike ?? {}).find(([text]) => text === operand)?.[1];
    return others && equality.includes(String(value))
      ? found(value, { column: field.column, in: [operand, ...others] })
      : { column: field.column, is: value as Comparison, value: operand };
  }

  const found = (operator: unknown, condition: Condition): Condition =>
    operator === 'eq' ? condition : { not: condition };

  const condition = either(0);
  if (tokens[next]!.kind !== 'end') expect('"and", "or" or the end');
  return condition;
}

/**
 * Instants are shown without the fraction of their second (`printed`), and so they are compared: what a client has read of a
 * resource finds it. In bounds, so that an index is entered; what is kept has no more than milliseconds.
 */
function shownTo(column: string, is: Comparison, instant: string): Condition {
  const second = instant.slice(0, -'.000Z'.length);
  const bound = (is: Comparison): Condition => ({
    column,
    is,
    value: `${second}${is === 'gt' || is === 'le' ? '.999' : '.000'}Z`,
  });
  if (is !== 'eq' && is !== 'ne') return bound(is);
  const within: Condition = { all: [bound('ge'), bound('le')] };
  return is === 'eq' ? within : { not: within };
}

/** A field by its name here: OData writes nested ones with a slash. */
const dotted = ({ value }: Token): string => String(value).replaceAll('/', '.');

/** Whether a filter has any of these fields. */
export const isNamed = (filter: string | undefined, names: readonly string[]): boolean =>
  tokensOf(filter ?? '').some((token) => token.kind === 'word' && names.includes(dotted(token)));

function fieldNamed(token: Token, fields: Fields): Exclude<Field, { kind: 'none' }> {
  const name = dotted(token);
  const own = (key: string) => (Object.hasOwn(fields, key) ? fields[key]! : undefined);
  const field = own(name);
  if (field && field.kind !== 'none') return field;
  const none = field ?? own(name.split('.')[0]!);
  const why =
    none?.kind === 'none'
      ? `nothing here has ${name.slice(0, 60)}: ${none.why}`
      : `there is no field ${name.slice(0, 60)}`;
  const known = Object.keys(fields).filter((key) => fields[key]!.kind !== 'none');
  throw faultAt(token.at, `${why}; there are ${known.join(', ')}`);
}

/** The texts that a filter compares lists of these names with. */
export function textsOf(filter: string | undefined, fields: Fields, names: readonly string[]): string[] {
  const texts = new Set<string>();
  const among = (text: string): Condition => {
    texts.add(text);
    return { any: [] };
  };
  if (filter) parseFilter(filter, { ...fields, ...each(names, { kind: 'list', among }) });
  return [...texts];
}

/** The same field under each of these names. */
export const each = (names: readonly string[], field: Field): Fields =>
  Object.fromEntries(names.map((name) => [name, field]));

const isQuotable = ({ kind }: Token): boolean => kind === 'text' || kind === 'moment';

/** Clients leave the time zone out; what is answered is in UTC. */
const inUtc = (text: string): string => (/T[\d:.]+$/.test(text) ? `${text}Z` : text);

/** What each kind of field is compared with, and how it is read: undefined where it is something else. */
const operands: Record<
  Exclude<Field['kind'], 'list' | 'none'>,
  [what: string, read: (token: Token) => Operand | undefined]
> = {
  text: ["a text in quotes, like 'late'", ({ kind, value }) => (kind === 'text' ? value : undefined)],
  mail: [
    "an address in quotes, like 'ada@example.org'",
    ({ kind, value }) => (kind === 'text' ? value.toLowerCase() : undefined),
  ],
  integer: ['an integer', ({ kind, value }) => (kind === 'integer' ? value : undefined)],
  boolean: [
    'true or false',
    ({ kind, value }) => (kind === 'word' && (value === 'true' || value === 'false') ? value === 'true' : undefined),
  ],
  day: [
    "a day, like '2025-10-01'",
    (token) => (isQuotable(token) && isSchoolDay(token.value) ? token.value : undefined),
  ],
  instant: [
    "an instant, like '2025-10-01T08:00:00Z'",
    (token) => (isQuotable(token) ? instantOf(inUtc(String(token.value))) : undefined),
  ],
};

function operandOf(kind: keyof typeof operands, token: Token): Operand {
  const [what, read] = operands[kind];
  const operand = read(token);
  if (operand === undefined) throw faultAt(token.at, `expected ${what}, not ${shown(token)}`);
  return operand;
}

const shown = ({ kind, value }: Token): string =>
  kind === 'text' ? `'${value.slice(0, 60)}'` : kind === 'end' ? value : String(value).slice(0, 60);
