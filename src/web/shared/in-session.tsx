import type { InSession } from '../../../schemas/rollbook/reports';
import { get } from './api';
import { useLoaded } from './loaded';
import { dayNamed } from './session';

/** Says why there are no rolls to take on a day, and leads to the last day on which there were. */
export function WhyNone({ date }: { date: string }) {
  const { value } = useLoaded(`in session ${date}`, () => get<InSession>(`/reports/in-session?date=${date}`));
  if (!value) return null;
  return (
    <p role="note">
      {sentenceOf(value)}{' '}
      {value.last && <a href={`#/days/${value.last}`}>See {dayNamed(value.last)}, the last day with rolls</a>}
    </p>
  );
}

function sentenceOf({ why, next }: InSession): string {
  const begin = next ? ` The next classes begin on ${dayNamed(next)}.` : '';
  if (why === 'no_students') return 'Nobody is enrolled in a class yet: students come with the roster.';
  if (why === 'not_begun') return `Classes have not begun yet.${begin}`;
  if (why === 'over') return 'All classes are over: their terms have ended. The next ones come with a new roster.';
  if (why === 'between_terms') return `No class meets on this day: it is between terms.${begin}`;
  return '';
}
