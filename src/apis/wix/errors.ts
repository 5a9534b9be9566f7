import type { WixError } from '../../../schemas/wix/errors';
import { statusOf } from '../../http/problem';
import { type ErrorCode, Problem, type Violation } from '../../lib/problem';

/** A request that fails for a reason that Wix has a code for. */
export class ApplicationError extends Problem {
  constructor(
    code: ErrorCode,
    readonly application: string,
    description: string,
  ) {
    super(code, description);
  }
}

/** A field that is not as it should be; the rule in the words of Wix. */
export const violation = (field: string, message: string, rule: string, data?: Violation['data']) =>
  new Problem('BODY_INVALID', `${field} ${message}.`, {
    violations: [{ field, message, rule, ...(data && { data }) }],
  });

/** "An application error": codes like UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, RESOURCE_EXHAUSTED. */
const applicationCodes: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
};

/** What Wix calls the rules of JSON Schema. */
const rules: Record<string, string> = {
  required: 'REQUIRED_FIELD',
  type: 'FORMAT',
  enum: 'INVALID_ENUM_VALUE',
  minItems: 'MIN_SIZE',
  maxItems: 'MAX_SIZE',
  maxLength: 'MAX_LENGTH',
};

/** An error in one of Wix's two forms: what is wrong with the fields, or why the application says no. */
export function refuse(problem: Problem): WixError {
  const violations =
    problem.code === 'BODY_MALFORMED'
      ? [{ field: 'body', message: problem.message, rule: 'FORMAT' }]
      : problem.violations;
  if (violations.length > 0)
    return { message: 'INVALID_ARGUMENT', details: { validationError: { fieldViolations: violations.map(printed) } } };
  const code = problem instanceof ApplicationError ? problem.application : applicationCodes[statusOf(problem)];
  const description = problem.message;
  return { message: description, details: { applicationError: { code: code ?? problem.code, description, data: {} } } };
}

const printed = ({ field, message, rule = 'OTHER', data = {} }: Violation) => ({
  field,
  description: message,
  violatedRule: rules[rule] ?? rule,
  data,
});
