import { invalidParameter } from '../refuse';

export type Token =
  | { readonly kind: 'word' | 'text' | 'mark' | 'end'; readonly value: string; readonly at: number }
  | { readonly kind: 'integer'; readonly value: number; readonly at: number };

/** Longer ones are refused before they are read. */
const MAX_LENGTH = 2_000;

/** One token after white space: a quoted text, a number, a word with its path, a parenthesis. */
const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+)(?![\w.])|([A-Za-z_]\w*(?:[./]\w+)*)|([()]))/y;

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

function tokenOf([, text, integer, word, mark]: RegExpExecArray, at: number): Token {
  if (text !== undefined) {
    if (text.includes('\0')) throw faultAt(at, 'no text has a NUL character');
    return { kind: 'text', value: text.replaceAll("''", "'"), at };
  }
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
