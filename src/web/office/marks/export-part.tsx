import { useState } from 'preact/hooks';
import { t } from '../../messages/messages';
import { ErrorNotice } from '../../shared/error-text';
import { onlySchool } from '../../shared/session';
import { downloadCsv } from '../download';
import { useSchools } from '../schools';
import { pathOf } from '../wire';

/** Takes marks out as a file, which can be brought in again. */
export function ExportPart() {
  const { value: schools = [] } = useSchools();
  const [said, say] = useState('');
  const [error, setError] = useState<Error>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [from, to, school] = ['from', 'to', 'school'].map((name) =>
      String(new FormData(event.currentTarget as HTMLFormElement).get(name) ?? ''),
    );
    say(t('marks.preparing'));
    setError(undefined);
    const name = ['marks', from, to].filter(Boolean).join('-');
    void downloadCsv(pathOf('/marks', { from, to, school }), name).then(
      () => say(t('marks.downloaded')),
      (reason: Error) => {
        say('');
        setError(reason);
      },
    );
  };
  return (
    <section aria-labelledby="marks-out" class="part">
      <h2 id="marks-out">{t('marks.out')}</h2>
      <p class="quiet">{t('marks.out.what')}</p>
      <form class="pickers" onSubmit={submit}>
        <label>
          {t('from')}
          <input type="date" name="from" min="1970-01-01" max="2199-12-31" />
        </label>
        <label>
          {t('to')}
          <input type="date" name="to" min="1970-01-01" max="2199-12-31" />
        </label>
        {onlySchool() === undefined ? (
          <label>
            {t('school')}
            <select name="school">
              <option value="">{t('schools.all')}</option>
              {schools.map(({ id, name }) => (
                <option key={id} value={String(id)}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p class="quiet">{schools[0]?.name}</p>
        )}
        <button type="submit">{t('marks.download')}</button>
      </form>
      <p role="status" class="upload-state">
        {said}
      </p>
      <ErrorNotice error={error} />
    </section>
  );
}
