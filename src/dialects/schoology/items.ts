import type { MarkRequest, Outcome, Refusal } from '../../ledger/attendance';
import { shown } from '../../shown';

/** An item of a PUT, as sent: its values are anything at all. Unknown keys are ignored. */
type Item = { readonly [Key in 'enrollment_id' | 'date' | 'status' | 'comment']?: unknown };

/** What the ledger is to check and write. Ids and statuses are numbers or numeric strings. */
export function requestOf(item: unknown): MarkRequest {
  const { enrollment_id, date, status, comment } = Object(item) as Item;
  return {
    enrollment: numeric(enrollment_id),
    date: typeof date === 'string' ? date.trim() : date,
    status: numeric(status),
    comment: comment ?? undefined, // JSON null says no more than a missing comment
  };
}

function numeric(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d{1,20}\s*$/.test(value) ? Number(value) : value;
}

const responseCodes: Record<Refusal, number> = {
  enrollment_invalid: 400,
  date_invalid: 400,
  status_invalid: 400,
  comment_invalid: 400,
  date_outside_enrollment: 400,
  enrollment_of_teacher: 403,
  section_forbidden: 403,
  enrollment_unknown: 404,
};

/** One element of the answer; a failed item echoes what was sent. */
export function resultOf(outcome: Outcome, item: unknown): object {
  if (outcome.ok) return { id: outcome.id, response_code: 200, ...replaced(outcome.replacedBy) };
  const { enrollment_id, date } = Object(item) as Item;
  return {
    enrollment_id: echoed(enrollment_id),
    date: echoed(date),
    response_code: responseCodes[outcome.refusal],
    message: outcome.message,
  };
}

/** The last of several items for one enrollment and date stands, and the others are told so. */
const replaced = (by: number | undefined) =>
  by === undefined
    ? undefined
    : { message: `Item ${by + 1} of this request, for the same enrollment and date, replaced this one.` };

/** A value that both JSON and XML can say: what is no scalar comes back as its JSON, cut short. */
function echoed(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return value.slice(0, 100);
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as boolean | number;
  return typeof value === 'object' && value ? shown(value, 100) : null;
}
