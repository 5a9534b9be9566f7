import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { shortDay } from '../../shared/days';
import { ErrorText } from '../../shared/error-text';
import { useLoaded } from '../../shared/loaded';
import { takenDays } from '../wire';

interface Options {
  /** Undefined: all schools of the district. */
  readonly school: number | undefined;
  readonly from: string;
  readonly to: string;
}

/** Says where rolls were taken already on days that are about to be taken out. */
export function TakenWarning({ school, from, to }: Options) {
  const { value, error } = useLoaded(`taken ${school} ${from} ${to}`, () => takenDays(school, from, to));
  if (error)
    return (
      <p class="notice" role="alert">
        {rich('calendar.taken-unknown', { why: <ErrorText error={error} /> })}
      </p>
    );
  if (!value?.length) return null;
  return (
    <p class="notice" role="alert">
      {warningOf(value)}
    </p>
  );
}

/** Named each; of more the number is said. */
const MOST = 10;

export function warningOf(dates: readonly string[]): string {
  const days = dates.slice(0, MOST).map(shortDay).join(', ');
  const more = dates.length - MOST;
  return more > 0 ? t('calendar.taken-more', { days, n: more }) : t('calendar.taken', { days });
}
