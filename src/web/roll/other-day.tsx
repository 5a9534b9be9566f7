import { t } from '../messages/messages';
import { isDay } from '../shared/days';

/**
 * Goes to another day, as to enter what was forgotten: `to` is the address of a page on a day. Not by the field alone, which has a
 * valid day while somebody is typing another (WCAG 2.2, 3.2.2).
 */
export function OtherDay({ date, to }: { date: string; to(date: string): string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const day = String(new FormData(event.currentTarget as HTMLFormElement).get('day'));
    if (isDay(day) && day !== date) location.hash = to(day);
  };
  return (
    <form class="other-day" onSubmit={submit}>
      <label>
        {t('day.another')}{' '}
        <input type="date" name="day" required min="1970-01-01" max="2199-12-31" key={date} defaultValue={date} />
      </label>
      <button type="submit">{t('day.go')}</button>
    </form>
  );
}
