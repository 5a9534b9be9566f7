import type { TSchema } from '@sinclair/typebox';

/** A name that was sent and that a schema does not have: where it stands, and those that are known there. */
interface Stray {
  readonly field: string;
  readonly known: readonly string[];
}

type IsStray = (name: string, known: readonly string[], value: unknown) => boolean;

/**
 * The first name that is stray of those that a schema does not have, in objects and lists at any depth. What stands
 * there would be passed over: a filter that is written otherwise than it is called would answer with everybody.
 */
export function strayName(schema: TSchema, value: unknown, isStray: IsStray, at = ''): Stray | undefined {
  if (Array.isArray(value)) {
    if (!schema.items) return undefined;
    return first(value.entries(), ([index, item]) => strayName(schema.items, item, isStray, `${at}${index}.`));
  }
  if (typeof value !== 'object' || value === null || !schema.properties) return undefined;
  const known = Object.keys(schema.properties);
  return first(Object.entries(value), ([name, inner]) => {
    if (known.includes(name)) return strayName(schema.properties[name], inner, isStray, `${at}${name}.`);
    return isStray(name, known, inner) ? { field: at + name.slice(0, 60), known } : undefined;
  });
}

/** Of a name that is known in other letters, capital or small: which one is meant. */
export const inOtherCase = (name: string, known: readonly string[]): string | undefined =>
  known.find((each) => each.toLowerCase() === name.toLowerCase());

/** What is empty asks for nothing. */
export const saysNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function first<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
