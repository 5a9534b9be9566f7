import type { Format } from './format';
import { readXml } from './xml-reader';
import { writeXml } from './xml-writer';

/**
 * XML whose answers have the root element `root`. The name of a body's root is of no account, unless it is one of
 * `inner`: elements that belong below the root, but that clients also send as the root itself.
 */
export const xml = (root: string, inner: readonly string[] = []): Format => ({
  types: ['text/xml', 'application/xml'],
  decode(body, charset) {
    const { name, content } = readXml(body, charset);
    return inner.includes(name) ? { [name]: content } : content;
  },
  encode: (value) => writeXml(root, value),
  problem: {
    type: 'application/problem+xml',
    // RFC 9457, appendix B: the root is `problem` in this namespace; the items of a list are `i` elements.
    encode: (value) => writeXml('problem', value, { xmlns: 'urn:ietf:rfc:7807', item: 'i' }),
  },
});
