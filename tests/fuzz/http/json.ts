import fc from 'fast-check';
import type { Schema } from '../../../src/http/formats/format';
import { seldom, text, value } from './values';

type Grown = Schema & { readonly enum?: readonly unknown[]; readonly hint?: unknown };

/** Values that a JSON Schema takes, more or less. */
export function grown(schema: Grown): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema)));
}

function ofType(type: string, { properties = {}, items, hint }: Grown): fc.Arbitrary<unknown> {
  if (type === 'object') {
    const known = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, grown(inner)]));
    return fc.record(known, { requiredKeys: [] });
  }
  if (type === 'array') return fc.array(items ? grown(items) : value, { maxLength: 3 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'string') return hint === undefined ? text : fc.oneof(fc.constant(hint), text);
  return fc.oneof(fc.integer({ min: -1, max: 1_100 }), fc.double());
}

const ways = ['replace', 'remove', 'double', 'wrap', 'rename', 'add'] as const;
const edit = fc.record({ at: fc.nat(60), way: fc.constantFrom(...ways), value, name: text });
type Edit = typeof edit extends fc.Arbitrary<infer Each> ? Each : never;

/** The value with some of its parts changed for others, taken away, doubled, wrapped or renamed. */
export const mutated = (whole: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(whole, seldom(fc.array(edit, { minLength: 1, maxLength: 3 }), 2))
    .map(([value, edits]) => (edits ?? []).reduce((now: unknown, each) => edited(now, each), value));

function edited(whole: unknown, { at, way, name, value: given }: Edit): unknown {
  const value = structuredClone(given);
  const root = [structuredClone(whole)];
  const places = [...placesIn(root)];
  const [parent, key] = places[at % places.length]!;
  const found = Reflect.get(parent, key);
  if (way === 'replace') put(parent, key, value);
  else if (way === 'wrap') put(parent, key, [found]);
  else if (way === 'double') put(parent, key, [found, found].flat());
  else if (way === 'add') add(found, name, value);
  else if (parent !== root && Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (parent !== root) Reflect.deleteProperty(parent, key);
  if (way === 'rename' && parent !== root) add(parent, name, found);
  return root[0];
}

function add(to: unknown, name: string, value: unknown): void {
  if (Array.isArray(to)) to.push(value);
  else if (typeof to === 'object' && to !== null) put(to, name, value);
}

/** Not by assignment, which would take `__proto__` for something else. */
const put = (object: object, key: string, value: unknown) =>
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });

function* placesIn(parent: object): Generator<[parent: object, key: string]> {
  for (const [key, inner] of Object.entries(parent)) {
    yield [parent, key];
    if (typeof inner === 'object' && inner !== null) yield* placesIn(inner);
  }
}
