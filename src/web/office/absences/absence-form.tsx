import { useEffect, useState } from 'preact/hooks';
import type { EnteredAbsence } from '../../../../schemas/rollbook/absences';
import type { Absentees } from '../../../../schemas/rollbook/absentees';
import type { StudentDay } from '../../../../schemas/rollbook/students';
import { call, get } from '../../shared/api';
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
  const [error, setError] = useState('');
  const path = pathOf('/reports/absentees', { school: school.id, date: from });
  const { value: day } = useLoaded(path, () => get<Absentees>(path));
  useEffect(() => {
    if (!student) return;
    void get<StudentDay>(`/reports/students/${student}/day`).then(({ student: named }) => choose([named]));
  }, [student]);

  const ask = (dryRun: boolean, body: object) =>
    call<EnteredAbsence>('POST', pathOf('/absences', { dry_run: dryRun ? 'yes' : undefined }), { body }).then(
      ({ body: found }) => {
        setError('');
        if (dryRun) return setPreview({ body, found });
        setPreview(undefined);
        choose([]);
        const { changed } = found.counts;
        onEntered(`Entered in ${changed} ${changed === 1 ? 'class' : 'classes'}.`);
      },
      (reason: Error) => setError(reason.message),
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
        <legend>When</legend>
        <label>
          First day
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
          Last day
          <input type="date" name="to" min={from} max="2199-12-31" />
        </label>
        <label>
          Part of the day
          <select value={part} onChange={({ currentTarget }) => setPart(currentTarget.value as typeof part)}>
            <option value="day">Whole days</option>
            <option value="periods">Periods</option>
            <option value="time">From a time to another</option>
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
              From
              <input type="time" name="from_time" />
            </label>
            <label>
              To
              <input type="time" name="to_time" />
            </label>
          </>
        )}
      </fieldset>
      <fieldset class="pickers">
        <legend>What</legend>
        {schools.length > 1 && <OneSchoolPicker list={schools} school={school} />}
        <KindPicker label="Status or code" codes={day?.codes ?? []} />
        <label>
          Comment
          <input type="text" name="comment" maxLength={2_000} />
        </label>
        <label class="check">
          <input type="checkbox" name="overrule" />
          Also change what is said already
        </label>
      </fieldset>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
      <p class="actions">
        <button type="submit" class={preview ? '' : 'main'}>
          Show what would change
        </button>
        {preview && preview.found.counts.changed > 0 && (
          <button type="button" class="main" onClick={() => void ask(false, preview.body)}>
            Enter the absence
          </button>
        )}
      </p>
      {preview && <AbsencePreview found={preview.found} />}
    </form>
  );
}
