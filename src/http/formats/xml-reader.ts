import { SaxesParser } from 'saxes';
import { Problem } from '../../errors';
import { decodeText } from './charset';
import { xmlBuilder } from './xml-builder';
import { encodingOf } from './xml-encoding';

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
