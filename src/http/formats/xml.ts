import { SaxesParser, type SaxesTagNS } from 'saxes';
import { Problem } from '../../lib/problem';
import { type AnswerFormat, decodeText, type Schema } from './format';

/** Byte order marks, and `<` as the first character where there is none (XML 1.0, appendix F.1). */
const signs: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0x3c, 0x00], 'utf-16le'],
  [[0x00, 0x3c], 'utf-16be'],
];

/**
 * The name of the encoding of an XML document: what its first bytes are in, whatever else is said of it; else what
 * Content-Type says (RFC 7303, 3.2), what the document declares, and UTF-8.
 */
export function encodingOf(body: Buffer, charset: string | undefined): string {
  const sign = signs.find(([bytes]) => bytes.every((byte, index) => body[index] === byte));
  return sign?.[1] ?? charset ?? declaredEncoding(body) ?? 'utf-8';
}

/**
 * XML 1.0, 2.8: `<?xml version="1.0" encoding="..."?>` at the very start. One that can be read byte by byte is not in
 * UTF-16, whatever it says: .NET declares so of every text that it writes, and sends it as UTF-8.
 */
function declaredEncoding(body: Buffer): string | undefined {
  const [, declared] =
    /^<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(body.toString('latin1', 0, 200)) ?? [];
  return declared && /^utf-?16/i.test(declared) ? undefined : declared;
}

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** An element whose end is yet to come. */
interface Open {
  readonly name: string;
  readonly isNil: boolean;
  text: string;
  children: Record<string, unknown> | undefined;
  /** How many different names its children have. */
  names: number;
}

/** Makes plain values of elements as they are opened and closed. */
export function xmlBuilder() {
  const document = openOf('', false);
  const path = [document];
  let within = document;
  return {
    /** @returns how deep the element is */
    open(tag: SaxesTagNS): number {
      within = openOf(tag.local, isNil(tag));
      return path.push(within) - 1;
    },

    text(text: string): void {
      within.text += text;
    },

    /** @returns how many different names the children of the element around it have by now */
    close(): number {
      const { name } = within;
      const content = contentOf(path.pop()!);
      within = path.at(-1)!;
      within.children ??= {};
      if (!Object.hasOwn(within.children, name)) within.names++;
      add(within.children, name, content);
      return within.names;
    },

    root(): { name: string; content: unknown } {
      const [[name, content]] = Object.entries(document.children!) as [[string, unknown]];
      return { name, content };
    },
  };
}

const openOf = (name: string, isNil: boolean): Open => ({ name, isNil, text: '', children: undefined, names: 0 });

/** XML Schema 1.0, part 1, 2.6.2: serializers write what is null as an empty element with `xsi:nil="true"`. */
const isNil = ({ attributes }: SaxesTagNS): boolean =>
  Object.values(attributes).some(
    ({ uri, local, value }) => local === 'nil' && uri === SCHEMA_INSTANCE && /^\s*(true|1)\s*$/.test(value),
  );

function contentOf({ text, children, isNil }: Open): unknown {
  if (!children) return text === '' && isNil ? null : text;
  if (/\S/.test(text)) add(children, '_', text);
  return children;
}

/** An element that is there already becomes a list. `constructor` and `__proto__` are names like others. */
function add(properties: Record<string, unknown>, name: string, value: unknown): void {
  const present = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (Array.isArray(present)) present.push(value);
  else if (present !== undefined) set(properties, name, [present, value]);
  else set(properties, name, value);
}

function set(properties: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') properties[name] = value;
  else Object.defineProperty(properties, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Deeper than any body of any API here. */
const MAX_DEPTH = 32;
/** Twice as many as the largest body of any API here has. */
const MAX_ELEMENTS = 100_000;
/** Of one element. */
const MAX_ATTRIBUTES = 100;
/** Of the children of one element: many times as many as any element here knows. */
const MAX_NAMES = 1_000;
/** How much of a reason is said: names in it are the client's, and can be as long as the body. */
const MAX_REASON = 200;

/**
 * The root element and its content: child elements as properties, one that is repeated as a list, text as text, and
 * beside elements as the property `_`; null where `xsi:nil` says so. Other attributes and namespace prefixes are of no
 * account. What is not well-formed is refused. So is a document type declaration, and with it every entity that could
 * expand or reach out, and more elements, deeper ones or more names than any body here has.
 */
export function readXml(body: Buffer, charset: string | undefined): { name: string; content: unknown } {
  // XML 1.0, 2.8: a processor of 1.0 reads documents of every 1.x as such.
  const parser: Parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const document = xmlBuilder();
  const check = guard(parser);
  parser.on('opentag', (tag) => check.opened(document.open(tag)));
  parser.on('text', document.text);
  parser.on('cdata', document.text);
  parser.on('closetag', () => check.closed(document.close()));
  parser.write(decodeText(body, encodingOf(body, charset))).close();
  return document.root();
}

type Parser = SaxesParser<{ xmlns: true; forceXMLVersion: true; defaultXMLVersion: '1.0' }>;

/** Refuses what is not well-formed, and what there is too much of. */
function guard(parser: Parser) {
  let elements = 0;
  let attributes = 0;
  parser.on('error', ({ message }) => {
    const reason = message.replace(/^\d+:\d+: |\.$/g, '').slice(0, MAX_REASON);
    throw malformed(`${reason} (line ${parser.line}, column ${parser.column})`);
  });
  parser.on('doctype', () => {
    throw malformed('a document type declaration is not accepted');
  });
  parser.on('attribute', () => {
    if (++attributes > MAX_ATTRIBUTES) throw tooMany(`${MAX_ATTRIBUTES} attributes of an element`);
  });
  return {
    opened(depth: number): void {
      attributes = 0;
      if (depth > MAX_DEPTH) throw malformed(`elements are nested more than ${MAX_DEPTH} deep`);
      if (++elements > MAX_ELEMENTS) throw tooMany(`${MAX_ELEMENTS} elements`);
    },
    closed(names: number): void {
      if (names > MAX_NAMES) throw tooMany(`${MAX_NAMES} names of elements in one element`);
    },
  };
}

const tooMany = (what: string) => new Problem('BODY_TOO_LARGE', `The body has more than ${what}.`);

const malformed = (why: string) => new Problem('BODY_MALFORMED', `The body is not XML that is read here: ${why}.`);

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
  describe: (schema, described) => ({ ...described(schema), xml: { name: root } }),
  sample(body, schema) {
    const [[name = '', content] = [], ...more] = Object.entries(body as object);
    return inner.includes(name) && more.length === 0
      ? writeXml(name, content)
      : writeXml(schema.xml?.name ?? 'request', body);
  },
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
