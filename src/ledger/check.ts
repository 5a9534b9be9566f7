import { isSchoolDay } from '../days';
import { preview } from '../lib/preview';
import { type MarkRequest, type Outcome, type Refusal, type Status, UNKNOWN } from './attendance';

/** The longest comment, in UTF-16 units. */
export const MAX_COMMENT = 2_000;

/** A mark request whose parts are what they should be; whether they fit the roster is not yet known. */
export interface CheckedMark {
  readonly enrollment: number;
  readonly date: string;
  readonly status: Status | typeof UNKNOWN;
  readonly comment: string | undefined;
  readonly unmarkedComment: string;
  readonly staleComment: string | undefined;
  readonly onlyOwn: boolean;
  readonly code: number | null | undefined;
}

export type Refused = Extract<Outcome, { ok: false }>;

/** A refused request that names a student's day all the same: it keeps the roll of that day from being taken. */
export interface RefusedOfDay extends Refused {
  readonly enrollment: number;
  readonly date: string;
}

export const refuse = (refusal: Refusal, message: string): Refused => ({ ok: false, refusal, message });

/** Characters of XML 1.0, section 2.2: what is written in one API must be sayable in all. */
const xmlText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Says what is wrong with a mark as sent, or hands it on checked. */
export function check({
  enrollment,
  date,
  status,
  comment,
  unmarkedComment = '',
  staleComment,
  onlyOwn = false,
  code,
}: MarkRequest): CheckedMark | Refused | RefusedOfDay {
  if (typeof enrollment !== 'number' || !Number.isInteger(enrollment))
    return refuse('enrollment_invalid', `The enrollment must be an integer, not ${preview(enrollment)}.`);
  if (!isSchoolDay(date))
    return refuse('date_invalid', `The date must be a day of the calendar, YYYY-MM-DD, not ${preview(date)}.`);
  if (status !== 1 && status !== 2 && status !== 3 && status !== 4 && status !== UNKNOWN) {
    const right = '1 (present), 2 (absent), 3 (late) or 4 (excused)';
    return { ...refuse('status_invalid', `The status must be ${right}, not ${preview(status)}.`), enrollment, date };
  }
  const wrong = comment === undefined ? undefined : commentFault(comment);
  if (wrong) return { ...wrong, enrollment, date };
  const said = comment as string | undefined;
  return { enrollment, date, status, comment: said, unmarkedComment, staleComment, onlyOwn, code };
}

/** What is wrong with a comment, if anything is. */
export function commentFault(comment: unknown): Refused | undefined {
  if (typeof comment !== 'string')
    return refuse('comment_invalid', `The comment must be text, not ${preview(comment)}.`);
  if (comment.length > MAX_COMMENT)
    return refuse('comment_invalid', `The comment has ${comment.length} characters; at most ${MAX_COMMENT} are kept.`);
  if (!xmlText.test(comment))
    return refuse('comment_invalid', 'The comment has a character that XML cannot carry (XML 1.0, 2.2).');
  return undefined;
}
