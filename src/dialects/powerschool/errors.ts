import type { Problem, Violation } from '../../errors';

const RESOURCE = 'ATTENDANCE';

/** JSON Schema's keywords in PowerSchool's words. */
const words: Record<string, string> = {
  minItems: 'TooFew',
  maxItems: 'TooMany',
  required: 'Missing',
  type: 'InvalidType',
  minimum: 'TooSmall',
  maximum: 'TooLarge',
};

/** How PowerSchool says no to a whole request. */
export function refuse({ status, code, message, violations }: Problem): object {
  if (status === 400 || status === 413 || status === 415) {
    const all: readonly Violation[] = violations.length > 0 ? violations : [{ field: 'body', message, rule: code }];
    return {
      message: 'Validation Failed',
      errors: all.map(({ field, message: description, rule = 'Invalid' }) => ({
        resource: RESOURCE,
        field,
        code: words[rule] ?? rule,
        description,
      })),
    };
  }
  if (code === 'SCOPE_MISSING')
    return {
      message: 'At least one column lacks sufficient permission',
      errors: [{ code: 'NoAccess', field: 'ATTENDANCE_CODEID', resource: RESOURCE, description: message }],
    };
  return { message };
}
