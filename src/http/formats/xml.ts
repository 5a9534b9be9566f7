import type { AnswerFormat, Schema } from './format';
import { readXml } from './xml-reader';
import { DECLARATION, element, writeXml } from './xml-writer';

/**
 * XML whose answers have the root element `root`. The name of a body's root is of no account, unless it is one of
 * `inner`: elements that belong below the root, but that clients also send as the root itself.
 */
export const xml = (root: string, inner: readonly string[] = []): AnswerFormat => ({
  types: ['text/xml', 'application/xml'],
  decode(body, charset, schema) {
    const { name, content } = readXml(body, charset);
    return withLists(inner.includes(name) ? { [name]: content } : content, schema);
  },
  encode: (value) => writeXml(root, value),
  parts: {
    open: `${DECLARATION}<${root}>`,
    close: `</${root}>`,
    property: (name, value) => element(name, value),
    list: { begin: () => '', items: (name, items) => element(name, items), end: () => '' },
  },
});

/** One `<record>` reads as an object: where the schema has a list and nothing else, it becomes a list of one. */
function withLists(value: unknown, schema: Schema = {}): unknown {
  if (schema.type === 'array') {
    const items = value === '' ? [] : [value].flat();
    return items.map((item) => withLists(item, schema.items));
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    for (const [name, inner] of Object.entries(schema.properties ?? {}))
      if (Object.hasOwn(value, name)) Object.assign(value, { [name]: withLists(Reflect.get(value, name), inner) });
  return value;
}
