import { isSchoolDay } from '../../days';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';

/** A value that is wrong, by the name under which it was sent, and what would be right. */
export const invalid = (field: string, right: string, sent: unknown): Problem => {
  const message = `must be ${right}, not ${preview(sent)}`;
  return new Problem('QUERY_INVALID', `${field} ${message}`, { violations: [{ field, message }] });
};

/** A day of the query. */
export function day(field: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!isSchoolDay(value)) throw invalid(field, 'a day, YYYY-MM-DD', value);
  return value;
}

/** Days from and to, each inclusive and optional. */
export function range({ from, to }: { from?: string; to?: string }): {
  from: string | undefined;
  to: string | undefined;
} {
  const days = { from: day('from', from), to: day('to', to) };
  if (days.from && days.to && days.from > days.to)
    throw invalid('from', `${days.to} or earlier, the day of \`to\``, from);
  return days;
}

/** A number of the query, whose schema is that of a number. */
export const numberOf = (value: string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

/** How many of a list are on a page where nobody says so. */
export const PAGE = 50;

/** Yes or no; undefined where nothing is said. */
export const yesOrNo = (value: 'yes' | 'no' | undefined): boolean | undefined =>
  value === undefined ? undefined : value === 'yes';

/** Whether only what would change is asked for. */
export const isDryRun = (sent = 'no'): boolean => ['yes', '1', 'true'].includes(sent);
