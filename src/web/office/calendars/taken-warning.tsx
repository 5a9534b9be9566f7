import { shortDay } from '../../shared/days';
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
        Whether rolls were taken already is not known: {error.message}
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
  const more = dates.length > MOST ? ` and ${dates.length - MOST} more days` : '';
  const days = dates.slice(0, MOST).map(shortDay).join(', ') + more;
  return `Rolls were already taken on ${days}. They are kept, but count in no rate once the day is taken out.`;
}
