import { Parser, processors } from 'xml2js';
import { Problem } from '../../errors';
import { decodeText } from './charset';

/** Deeper than any body of any API here. */
const MAX_DEPTH = 32;

/** The part of sax, the parser below xml2js, that guards what it reads. */
interface Sax {
  ondoctype: () => void;
  onopentag: (node: unknown) => void;
  tags: unknown[];
  line: number;
  column: number;
  write(text: string): Sax;
  close(): void;
}

/**
 * The root element and its content: child elements as properties, one that is repeated as a list, text as text.
 * Attributes and namespace prefixes are of no account. A document type declaration is refused, and with it every
 * entity that could expand or reach out; so is nesting beyond what any body here has.
 */
export function readXml(body: Buffer, charset: string | undefined): { name: string; content: unknown } {
  const text = decodeText(body, encodingOf(body) ?? charset ?? declaredEncoding(body) ?? 'utf-8');
  const [root] = Object.entries(parse(text) ?? {});
  if (!root) throw malformed('there is no element in it');
  return { name: root[0], content: root[1] };
}

function parse(text: string): object | undefined {
  const parser = new Parser({
    explicitArray: false,
    ignoreAttrs: true,
    tagNameProcessors: [processors.stripPrefix],
    charkey: '#text', // XML 1.0, 2.3: no element can be called so, as one can be `_`
  });
  let document: object | undefined;
  parser.on('end', (result: object) => {
    document = result;
  });
  const { saxParser: sax } = parser as unknown as { saxParser: Sax };
  parser.on('error', (error: Error) => {
    throw malformed(`${error.message.split('\n')[0]} (line ${sax.line + 1}, column ${sax.column})`);
  });
  guard(sax);
  sax.write(text).close();
  return document;
}

function guard(sax: Sax): void {
  const open = sax.onopentag;
  let roots = 0;
  sax.ondoctype = () => {
    throw malformed('a document type declaration is not accepted');
  };
  sax.onopentag = (node) => {
    if (sax.tags.length === 1 && roots++ > 0) throw malformed('there is more than one root element');
    if (sax.tags.length > MAX_DEPTH) throw malformed(`elements are nested more than ${MAX_DEPTH} deep`);
    open(node);
  };
}

const malformed = (why: string) => new Problem('BODY_MALFORMED', `The body is not XML that is read here: ${why}.`);

/** XML 1.0, 4.3.3 and appendix F: a byte order mark tells the encoding, whatever else is said of it. */
function encodingOf(body: Buffer): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xff && body[1] === 0xfe) return 'utf-16le';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** XML 1.0, 2.8: `<?xml version="1.0" encoding="..."?>` at the very start. */
function declaredEncoding(body: Buffer): string | undefined {
  return /^<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(body.toString('latin1', 0, 200))?.[1];
}
