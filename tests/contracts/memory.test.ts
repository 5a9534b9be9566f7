import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { growingIn } from './growing';

/** docs/memory.md lists whatever in the source can grow and outlives a call, with its bound. */
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('web/')) // those are the browser's
  .map((file) => join('src', file));
const growing = sources.flatMap((file) => growingIn(read(file)).map((one) => ({ file, ...one })));
const keyOf = ({ file, name }: { file: string; name: string }) => `${file} ${name}`;

/** The rows of the table under a heading: file, names, and the last cell. */
const tableUnder = (heading: string) =>
  read('docs/memory.md')
    .split(`## ${heading}`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | '))
    .flatMap(([file, names, ...rest]) =>
      [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => ({
        file: file!.replace(/[|` ]/g, ''),
        name: name!,
        bound: rest.at(-1)!.replace(/ \|$/, ''),
      })),
    );
const kept = tableUnder('For as long as the process lives');
const passing = tableUnder('For as long as one request, import or command');

test('whatever can grow is listed, and whatever is listed is there', () => {
  expect([...new Set(growing.map(keyOf))].sort()).toEqual([...kept, ...passing].map(keyOf).sort());
});

test('what is made when a file is loaded, and every cache, is listed for as long as the process lives', () => {
  const lasting = growing.filter(({ isOfModule, kind }) => isOfModule || kind.endsWith('Cache')).map(keyOf);
  expect(lasting.filter((key) => !kept.map(keyOf).includes(key))).toEqual([]);
});

test('every cache is told how large it may become', () => {
  const caches = growing.filter(({ kind }) => kind.endsWith('Cache'));
  expect(caches.length).toBeGreaterThan(4);
  expect(caches.filter(({ isBounded }) => !isBounded)).toEqual([]);
});

test.each(kept)('$file has the bound that is stated of $name', ({ file, bound }) => {
  expect(bound).toMatch(/\d|one for each|as many as/);
  for (const [, name, number] of bound.matchAll(/`([A-Z_]+)` ([\d,]+)/g)) {
    const [, factors] = new RegExp(`const ${name} = ([\\d_ *]+);`).exec(read(file)) ?? [];
    const value = factors?.split('*').reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1);
    expect([name, value]).toEqual([name, Number(number!.replaceAll(',', ''))]);
  }
});

test.each<[string, string, string[]]>([
  ['a set of a module', 'const seen = new Set<string>(); export const f = (x: string) => seen.add(x);', ['seen']],
  [
    'a map of a module that begins with something',
    "const m = new Map([['a', 1]]); export function f() { m.set('b', 2); }",
    ['m'],
  ],
  [
    'a table of a module that nobody changes',
    "const m = new Map([['a', 1]]); export const f = (x: string) => m.get(x);",
    [],
  ],
  [
    'a map in a closure',
    'export function open() { const m = new Map(); return { f: (x: string) => m.set(x, 1) }; }',
    ['m'],
  ],
  [
    'a map in a closure, in an async method',
    'export const open = () => { let m = new Map(); return { async f(x: string) { m.set(x, 1); } }; }',
    ['m'],
  ],
  [
    'a map of one call',
    'export function f(rows: string[]) { const m = new Map(); for (const row of rows) m.set(row, 1); return m; }',
    [],
  ],
  [
    'a map of one call, filled by a callback',
    'export function f(rows: string[]) { const m = new Map(); rows.forEach((row) => m.set(row, 1)); return m; }',
    [],
  ],
  [
    'a map that an event fills',
    'export function f(on: any) { const m = new Map(); on.message((x: string) => m.set(x, 1)); }',
    ['m'],
  ],
  ['a field of a class', 'export class A { readonly #known = new Map<string, number>(); }', ['known']],
  ['a part of an object', 'export const open = () => ({ known: new Set<string>() });', ['known']],
  [
    'a list in a closure',
    'export function f() { const all: string[] = []; return (x: string) => all.push(x); }',
    ['all'],
  ],
  [
    'an object as a map',
    'const known: Record<string, string> = {}; export const f = (x: string) => { known[x] = x; };',
    ['known'],
  ],
  [
    'an object that is read',
    "const known: Record<string, string> = { a: 'b' }; export const f = (x: string) => known[x];",
    [],
  ],
  [
    'one that is made later',
    'let known: Set<string>; export const f = (x: string) => { known = new Set(); known.add(x); };',
    ['known'],
  ],
  ['a cache', 'export function f() { const c = new LRUCache({ max: 1 }); return c; }', ['c']],
])('%s is seen for what it is', (_what, source, names) => {
  expect(growingIn(source).map(({ name }) => name)).toEqual(names);
});
