import type { AttendanceStatus } from '../../../schemas/wix/attendance';
import type { WixError } from '../../../schemas/wix/errors';
import { statusOf } from '../../http/problem';
import { preview } from '../../lib/preview';
import { type ErrorCode, Problem, type Violation } from '../../lib/problem';
import { statusNames } from './attendance';
import { isUuid, type Kind, type Named, namedBy } from './uuids';

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

/** Readers of values as they were sent; each throws a violation of the field where the value is not what it should be. */

/** What a GUID names; undefined where it is not one of ours. */
export function guid(kind: Kind, value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && isUuid(value)) return namedBy(kind, value);
  throw violation(field, `must be a GUID, not ${preview(value)}`, 'FORMAT');
}

/** "eventId: min 36, max 250 characters": others than ours need be no GUIDs. */
export function event(value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && value.length >= 36 && value.length <= 250) return namedBy('meeting', value);
  throw violation(field, `must be the ID of an event, 36 to 250 characters, not ${preview(value)}`, 'FORMAT');
}

export function statusName(value: unknown, field: string): AttendanceStatus {
  const name = statusNames.find((each) => each === value);
  if (name) return name;
  throw violation(field, `must be one of ${statusNames.join(', ')}, not ${preview(value)}`, 'INVALID_ENUM_VALUE');
}

export function wholeNumber(value: unknown, field: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw violation(field, `must be a whole number, not ${preview(value)}`, 'FORMAT');
}

/** Nothing that lists: text, a number, null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
