import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Weekday } from '../../../../schemas/rollbook/calendars';
import { t } from '../../messages/messages';
import { longDay, plusDays } from '../../shared/days';
import { ErrorNotice } from '../../shared/error-text';
import { setDays, setDaysOfAll } from '../wire';
import { type DayState, daysBetween, entriesOf, saidOf } from './days';
import { TakenWarning } from './taken-warning';

/** What the server keeps at most. */
const REASON_LENGTH = 200;
/** Days. */
const LONGEST = 366;

interface Options {
  readonly school: number;
  readonly day: DayState;
  /** On which the school is open. */
  readonly weekdays: readonly Weekday[];
  /** With what was done, to be said. */
  onSet(news: string): void;
  onClose(): void;
}

/** Takes a day out, or the weekdays from it to another, or puts it in; of one school or of all. */
export function DayDialog({ school, day, weekdays, onSet, onClose }: Options) {
  const { date, isSchoolDay } = day;
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState(day.reason);
  const [until, setUntil] = useState(date);
  const [everywhere, setEverywhere] = useState(false);
  const [error, setError] = useState<Error>();
  // Before the next key: who opens it with the keyboard may be typing on.
  useLayoutEffect(() => dialog.current!.showModal(), []);

  const dates = daysBetween(date, until);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const entries = entriesOf(dates, !isSchoolDay, isSchoolDay ? reason : '', weekdays);
    (everywhere ? setDaysOfAll(entries) : setDays(school, entries)).then(
      () => onSet(newsOf(isSchoolDay, date, until)),
      setError,
    );
  };
  return (
    <dialog ref={dialog} aria-labelledby="day-title" onClose={onClose}>
      <form class="day-form" onSubmit={submit}>
        <h2 id="day-title">{saidOf(day)}</h2>
        {isSchoolDay && (
          <label>
            {t('reason')}
            <input
              value={reason}
              maxLength={REASON_LENGTH}
              placeholder={t('calendar.example')}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          </label>
        )}
        <label>
          {t('calendar.until')}
          <input
            type="date"
            min={date}
            max={plusDays(date, LONGEST)}
            required
            value={until}
            onChange={({ currentTarget: { value, validity } }) => validity.valid && setUntil(value)}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={everywhere}
            onChange={({ currentTarget }) => setEverywhere(currentTarget.checked)}
          />
          {t('calendar.everywhere')}
        </label>
        {isSchoolDay && <TakenWarning school={everywhere ? undefined : school} from={date} to={until} />}
        <ErrorNotice error={error} />
        <div class="actions">
          <button type="submit" class="main">
            {t(isSchoolDay ? 'calendar.take-out' : 'calendar.put-in')}
          </button>
          <button type="button" onClick={() => dialog.current!.close()}>
            {t('cancel')}
          </button>
        </div>
      </form>
    </dialog>
  );
}

function newsOf(wasSchoolDay: boolean, date: string, until: string): string {
  const days = date === until ? longDay(date) : t('days.from-to', { from: longDay(date), to: longDay(until) });
  return t(wasSchoolDay ? 'calendar.is-out' : 'calendar.is-in', { days });
}
