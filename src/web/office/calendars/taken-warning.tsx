import { shortDay } from '../../shared/days';
import { useLoaded } from '../../shared/loaded';
import { takenDays } from '../wire';

interface Options {
  readonly school: number;
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

export const warningOf = (dates: readonly string[]): string =>
  `Rolls were already taken on ${dates.map(shortDay).join(', ')}. They are kept, but count in no rate once the day is taken out.`;
