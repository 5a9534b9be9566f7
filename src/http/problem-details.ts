import type { Problem } from '../errors';

/**
 * An error in the form of RFC 9457. `code` is the stable name of it (README lists them), `errors` says field by
 * field what is wrong. `type` is left out, which means about:blank (4.2.1).
 */
export const problemDetails = ({ code, status, title, message, violations }: Problem) => ({
  title,
  status,
  detail: message,
  code,
  ...(violations.length > 0 && { errors: violations }),
});
