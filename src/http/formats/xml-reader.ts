import { SaxesParser } from 'saxes';
import { Problem } from '../../errors';
import { decodeText } from './charset';
import { xmlBuilder } from './xml-builder';
import { encodingOf } from './xml-encoding';

/** Deeper than any body of any API here. */
const MAX_DEPTH = 32;
/** Twice as many as the largest body of any API here has. */
const MAX_ELEMENTS = 100_000;
/** How much of a reason is said: names in it are the client's, and can be as long as the body. */
const MAX_REASON = 200;

/**
 * The root element and its content: child elements as properties, one that is repeated as a list, text as text, and
 * beside elements as the property `_`; null where `xsi:nil` says so. Other attributes and namespace prefixes are of no
 * account. What is not well-formed is refused. So is a document type declaration, and with it every entity that could
 * expand or reach out, and more elements or deeper ones than any body here has.
 */
export function readXml(body: Buffer, charset: string | undefined): { name: string; content: unknown } {
  // XML 1.0, 2.8: a processor of 1.0 reads documents of every 1.x as such.
  const parser = new SaxesParser({ xmlns: true, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const document = xmlBuilder();
  let elements = 0;
  parser.on('error', ({ message }) => {
    const reason = message.replace(/^\d+:\d+: |\.$/g, '').slice(0, MAX_REASON);
    throw malformed(`${reason} (line ${parser.line}, column ${parser.column})`);
  });
  parser.on('doctype', () => {
    throw malformed('a document type declaration is not accepted');
  });
  parser.on('opentag', (tag) => {
    if (document.open(tag) > MAX_DEPTH) throw malformed(`elements are nested more than ${MAX_DEPTH} deep`);
    if (++elements > MAX_ELEMENTS) throw new Problem('BODY_TOO_LARGE', `There are more than ${MAX_ELEMENTS} elements.`);
  });
  parser.on('text', document.text);
  parser.on('cdata', document.text);
  parser.on('closetag', document.close);
  parser.write(decodeText(body, encodingOf(body, charset))).close();
  return document.root();
}

const malformed = (why: string) => new Problem('BODY_MALFORMED', `The body is not XML that is read here: ${why}.`);
