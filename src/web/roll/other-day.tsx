import { isDay } from '../shared/days';

/** Goes to another day, as to enter what was forgotten: `to` is the address of a page on a day. */
export function OtherDay({ date, to }: { date: string; to(date: string): string }) {
  return (
    <label class="other-day">
      Another day{' '}
      <input
        type="date"
        min="1970-01-01"
        max="2199-12-31"
        value={date}
        onChange={({ currentTarget: { value, validity } }) => {
          if (validity.valid && isDay(value) && value !== date) location.hash = to(value);
        }}
      />
    </label>
  );
}
