import { useState } from 'preact/hooks';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { ErrorNotice } from '../../shared/error-text';
import { chosen } from '../marks/upload';
import { importDays, takenDays } from '../wire';
import { type KnownCalendar, known, stateOf } from './days';
import { warningOf } from './taken-warning';

/** The first day that can have a roll: lists may be of years ago. */
const FIRST_DAY = '1970-01-01';

interface Options {
  readonly school: number;
  readonly before: KnownCalendar;
  onSet(news: string): void;
}

/** Sets all days of a file at once; where one of its lines is wrong, none. */
export function ImportForm({ school, before, onSet }: Options) {
  const [error, setError] = useState<Error>();
  const [warning, setWarning] = useState('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const file = new FormData(form).get('file') as File;
    setError(undefined);
    setWarning('');
    try {
      const taken = await takenDays(school, FIRST_DAY);
      const { body } = await importDays(school, await chosen(file));
      const after = known(body);
      const gone = taken.filter((date) => !stateOf(date, after).isSchoolDay);
      if (gone.length > 0) setWarning(warningOf(gone));
      form.reset();
      onSet(t('calendar.imported', { file: file.name, n: countOf(before, after) }));
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <section class="picture" aria-labelledby="import-title">
      <h2 id="import-title">{t('calendar.import')}</h2>
      <p class="quiet">
        {rich('calendar.import.what', {
          columns: <code>date,school_day,reason</code>,
          example: <code>2026-11-26,no,{t('calendar.example')}</code>,
        })}
      </p>
      <ErrorNotice error={error} sentence={(why) => rich('calendar.not-imported', { why })} />
      {warning && (
        <p class="notice" role="alert">
          {warning}
        </p>
      )}
      <form class="pickers" onSubmit={submit}>
        <label>
          {t('calendar.file')}
          <input type="file" name="file" accept=".csv,text/csv" required />
        </label>
        <button type="submit">{t('calendar.import')}</button>
      </form>
    </section>
  );
}

const countOf = (before: KnownCalendar, after: KnownCalendar): number =>
  [...after.days.values()].filter(({ date, school_day, reason }) => {
    const state = stateOf(date, before);
    return state.isSchoolDay !== school_day || state.reason !== reason;
  }).length;
