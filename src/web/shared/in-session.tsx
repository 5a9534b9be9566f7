import type { InSession } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
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
      {value.last && <a href={`#/days/${value.last}`}>{t('session.last', { day: dayNamed(value.last) })}</a>}
    </p>
  );
}

function sentenceOf({ why, next }: InSession): string {
  const begin = next ? ` ${t('session.next', { day: dayNamed(next) })}` : '';
  if (why === 'no_students') return t('session.no-students');
  if (why === 'not_begun') return t('session.not-begun') + begin;
  if (why === 'over') return t('session.over');
  if (why === 'between_terms') return t('session.between-terms') + begin;
  return '';
}
