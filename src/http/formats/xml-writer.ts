export const DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>\n';

interface Style {
  /** The namespace of the root element. */
  readonly xmlns?: string;
  /** The name of the elements of a list; without one, the list's own element is repeated. */
  readonly item?: string;
}

/**
 * A value as an XML document: a property is an element, a list is an element repeated, nothing is no element, and
 * an empty text an empty element. Names of properties must be names of XML: they are ours, never a client's.
 */
export function writeXml(root: string, value: unknown, { xmlns, item }: Style = {}): string {
  const open = xmlns ? `<${root} xmlns="${xmlns}">` : `<${root}>`;
  return `${DECLARATION}${open}${content(value, item)}</${root}>`;
}

/** An element; a list is the element repeated. */
export function element(name: string, value: unknown, item?: string): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) {
    if (item) return `<${name}>${value.map((each) => element(item, each, item)).join('')}</${name}>`;
    let elements = '';
    for (const each of value) elements += element(name, each);
    return elements;
  }
  const inner = content(value, item);
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

function content(value: unknown, item?: string): string {
  if (value === null) return '';
  if (typeof value !== 'object') return escaped(String(value));
  let elements = '';
  for (const [name, each] of Object.entries(value)) elements += element(name, each, item);
  return elements;
}

const special = /[&<>\r]|[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const specials = new RegExp(special, 'gu');
// XML 1.0, 2.11: a reader turns a literal carriage return into a line feed.
const references: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

/** Text of an element. A character that XML 1.0 (2.2) cannot carry becomes U+FFFD. */
function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (character) => references[character] ?? '\uFFFD') : text;
}
