import type { Problem } from '../errors';
import { writeXml } from './formats/xml-writer';

/**
 * An error in the form of RFC 9457. `code` is the stable name of it (docs/errors.md lists them), `errors` says field by
 * field what is wrong. `type` is left out, which means about:blank (4.2.1).
 */
export const problemDetails = ({ code, status, title, message, violations }: Problem) => ({
  title,
  status,
  detail: message,
  code,
  ...(violations.length > 0 && { errors: violations.map(({ field, message }) => ({ field, message })) }),
});

/** RFC 9457, 3. */
export const jsonProblem = { type: 'application/problem+json', encode: JSON.stringify };

export const xmlProblem = {
  type: 'application/problem+xml',
  // RFC 9457, appendix B: the root is `problem` in this namespace; the items of a list are `i` elements.
  encode: (value: unknown) => writeXml('problem', value, { xmlns: 'urn:ietf:rfc:7807', item: 'i' }),
};
