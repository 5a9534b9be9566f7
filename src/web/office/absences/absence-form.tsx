import { useEffect, useState } from 'preact/hooks';
import type { EnteredAbsence } from '../../../../schemas/rollbook/absences';
import type { Absentees } from '../../../../schemas/rollbook/absentees';
import type { StudentDay } from '../../../../schemas/rollbook/students';
import { t } from '../../messages/messages';
import { call, get } from '../../shared/api';
import { ErrorNotice } from '../../shared/error-text';
import { useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { OneSchoolPicker } from '../pickers';
import { picks } from '../picks';
import { schoolPicked } from '../schools';
import { pathOf, type School } from '../wire';
import { AbsencePreview } from './absence-preview';
import { KindPicker } from './kind-picker';
import { bodyOf, type Chosen, Students } from './students';

interface Options {
  readonly schools: readonly School[];
  /** With what was done, to be said. */
  onEntered(news: string): void;
}

/** Says of students that they are absent or excused, on days and in parts of days; shows what that would change first. */
export function AbsenceForm({ schools, onEntered }: Options) {
  const { student, section, date } = picks();
  const school = schoolPicked(schools)!;
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const [from, setFrom] = useState(date ?? session.value!.today);
  const [part, setPart] = useState<'day' | 'periods' | 'time'>('day');
  const [preview, setPreview] = useState<{ body: object; found: EnteredAbsence }>();
  const [error, setError] = useState<Error>();
  const path = pathOf('/reports/absentees', { school: school.id, date: from });
  const { value: day } = useLoaded(path, () => get<Absentees>(path));
  useEffect(() => {
    if (!student) return;
    void get<StudentDay>(`/reports/students/${student}/day`).then(({ student: named }) => choose([named]));
  }, [student]);

  const ask = (dryRun: boolean, body: object) =>
    call<EnteredAbsence>('POST', pathOf('/absences', { dry_run: dryRun ? 'yes' : undefined }), { body }).then(
      ({ body: found }) => {
        setError(undefined);
        if (dryRun) return setPreview({ body, found });
        setPreview(undefined);
        choose([]);
        onEntered(t('absence.entered', { n: found.counts.changed }));
      },
      setError,
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    void ask(true, bodyOf(data, { students: chosen, section, part }));
  };
  return (
    <form class="picture absence-form" onSubmit={submit} onChange={() => setPreview(undefined)}>
      <Students
        chosen={chosen}
        section={section}
        onChoose={(some) => {
          choose(some);
          setPreview(undefined);
        }}
      />
      <fieldset class="pickers">
        <legend>{t('absence.when')}</legend>
        <label>
          {t('absence.first-day')}
          <input
            type="date"
            name="from"
            required
            min="1970-01-01"
            max="2199-12-31"
            value={from}
            onChange={({ currentTarget: { value, validity } }) => validity.valid && setFrom(value)}
          />
        </label>
        <label>
          {t('absence.last-day')}
          <input type="date" name="to" min={from} max="2199-12-31" />
        </label>
        <label>
          {t('absence.part')}
          <select value={part} onChange={({ currentTarget }) => setPart(currentTarget.value as typeof part)}>
            <option value="day">{t('absence.part.day')}</option>
            <option value="periods">{t('absence.part.periods')}</option>
            <option value="time">{t('absence.part.time')}</option>
          </select>
        </label>
        {part === 'periods' &&
          day?.periods.map((period) => (
            <label key={period} class="check">
              <input type="checkbox" name="periods" value={period} />
              {period}
            </label>
          ))}
        {part === 'time' && (
          <>
            <label>
              {t('from')}
              <input type="time" name="from_time" />
            </label>
            <label>
              {t('to')}
              <input type="time" name="to_time" />
            </label>
          </>
        )}
      </fieldset>
      <fieldset class="pickers">
        <legend>{t('absence.what')}</legend>
        {schools.length > 1 && <OneSchoolPicker list={schools} school={school} />}
        <KindPicker label={t('status-or-code')} codes={day?.codes ?? []} />
        <label>
          {t('comment')}
          <input type="text" name="comment" maxLength={2_000} />
        </label>
        <label class="check">
          <input type="checkbox" name="overrule" />
          {t('absence.overrule')}
        </label>
      </fieldset>
      <ErrorNotice error={error} />
      <p class="actions">
        <button type="submit" class={preview ? '' : 'main'}>
          {t('absence.preview')}
        </button>
        {preview && preview.found.counts.changed > 0 && (
          <button type="button" class="main" onClick={() => void ask(false, preview.body)}>
            {t('absence.enter-it')}
          </button>
        )}
      </p>
      {preview && <AbsencePreview found={preview.found} />}
    </form>
  );
}
