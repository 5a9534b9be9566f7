import type { OsdiError } from '../../../schemas/osdi/errors';
import { statusOf } from '../../http/problem';
import { Problem, type Violation } from '../../lib/problem';

/**
 * An error in the form of OSDI's errors.md. Every request here is atomic: it succeeds or fails as a whole, so that
 * there is one `resource_status`.
 */
export const refuse = (problem: Problem, path: string): OsdiError => ({
  'osdi:error': {
    request_type: 'atomic',
    response_code: statusOf(problem),
    resource_status: [
      {
        resource: resourceAt(path),
        response_code: statusOf(problem),
        error_descriptions:
          problem.violations.length > 0
            ? problem.violations.map(described)
            : [{ error_code: problem.code, description: problem.message }],
      },
    ],
  },
});

/** Which resource the request was about. */
function resourceAt(path: string): string {
  if (/attendance/.test(path)) return 'osdi:attendance';
  return path.startsWith('/people') ? 'osdi:person' : path.startsWith('/events') ? 'osdi:event' : 'osdi:aep';
}

/** `ATTENDED_INVALID`, with the property and a hint of what would be right. */
const described = ({ field, message, rule, hint }: Violation) => ({
  error_code: `${field.replace(/\W+/g, '_').toUpperCase()}_${rule === 'required' ? 'MISSING' : 'INVALID'}`,
  description: `${field} ${message}`,
  properties: [field],
  ...(hint !== undefined && { hint }),
});

/** A field of a body that is wrong, what would be right, and an example of it. */
export const invalidField = (field: string, message: string, hint?: string) =>
  new Problem('BODY_INVALID', `${field} ${message}`, { violations: [{ field, message, ...(hint && { hint }) }] });

/** The same for a parameter of a query. */
export const invalidParameter = (field: string, message: string, hint?: string) =>
  new Problem('QUERY_INVALID', `${field} ${message}`, { violations: [{ field, message, ...(hint && { hint }) }] });
