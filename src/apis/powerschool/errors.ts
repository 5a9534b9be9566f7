import type { RecordError } from '../../../schemas/powerschool/attendance';
import type { RequestError } from '../../../schemas/powerschool/errors';
import { statusOf } from '../../http/problem';
import type { Outcome, Refusal } from '../../ledger/attendance';
import type { Problem, Violation } from '../../lib/problem';

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

/** What a request was about: the table, the area of a named query, or the last word of the path that is not an id. */
function resourceOf(path: string): string {
  const named = /^\/schema\/(?:table\/|query\/com\.pearson\.core\.)([a-z_]{1,40})/i.exec(path)?.[1];
  const words = path.startsWith('/v1/') ? path.split('/') : [];
  const last = named ?? words.findLast((word) => /^[a-z_]{1,40}$/.test(word) && word !== 'count');
  return last?.toUpperCase() ?? RESOURCE;
}

/** How PowerSchool says no to a whole request. */
export function refuse(problem: Problem, path: string): RequestError {
  const { code, message, violations } = problem;
  const status = statusOf(problem);
  if (status === 400 || status === 413 || status === 415) {
    const all: readonly Violation[] = violations.length > 0 ? violations : [{ field: 'body', message, rule: code }];
    return {
      message: 'Validation Failed',
      errors: all.map(({ field, message: description, rule = 'Invalid' }) => ({
        resource: resourceOf(path),
        field,
        code: words[rule] ?? rule,
        description,
      })),
    };
  }
  if (code === 'SCOPE_MISSING') {
    const resource = resourceOf(path);
    const field = resource === RESOURCE ? 'ATTENDANCE_CODEID' : 'ID';
    return {
      message: 'At least one column lacks sufficient permission',
      errors: [{ code: 'NoAccess', field, resource, description: message }],
    };
  }
  return { message };
}

/** Why one record was refused; it changed nothing. */
export interface Fault {
  readonly fault: RecordError;
}

const fault = (column: string, error_code: string, error_description: string): Fault => ({
  fault: { field: `attendance/${column}`, error_code, error_description },
});

export const invalid = (column: string, why: string): Fault => fault(column, `INVALID_${column.toUpperCase()}`, why);

export const missing = (column: string, mode = 'every record'): Fault =>
  fault(column, `MISSING_${column.toUpperCase()}`, `${column} is missing; ${mode} needs it.`);

export const noHomeroom = (why: string): Fault => fault('studentid', 'NO_HOMEROOM', why);

/** Said before anything of a class that the person acted for does not teach. */
export const noAccess = (student: number): Fault =>
  fault('studentid', 'NO_ACCESS', `The person acted for does not teach the class of student ${student}.`);

/** The ledger's refusals in the words of a record; where several would do, the column that was at fault. */
const columns: Record<Refusal, string> = {
  enrollment_invalid: 'ccid',
  enrollment_unknown: 'ccid',
  enrollment_of_teacher: 'ccid',
  section_forbidden: 'studentid',
  date_invalid: 'att_date',
  date_outside_enrollment: 'att_date',
  date_closed: 'att_date',
  status_invalid: 'attendance_codeid',
  comment_invalid: 'att_comment',
  code_forbidden: 'attendance_codeid',
};

export const refused = ({ refusal, message }: Pick<Extract<Outcome, { ok: false }>, 'refusal' | 'message'>): Fault =>
  /^(section_forbidden|date_closed|code_forbidden)$/.test(refusal)
    ? fault(columns[refusal], 'NO_ACCESS', message)
    : invalid(columns[refusal], message);

export const isFault = <Value extends object>(value: Value | Fault): value is Fault => 'fault' in value;
