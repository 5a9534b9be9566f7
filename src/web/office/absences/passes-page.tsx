import { t } from '../../messages/messages';
import { ErrorNotice } from '../../shared/error-text';
import './passes.css';
import { useEffect, useState } from 'preact/hooks';
import type { AbsenceTakenBack, EnteredAbsence, Pass, Passes } from '../../../../schemas/rollbook/absences';
import type { Absentees } from '../../../../schemas/rollbook/absentees';
import { call, get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { dayNamed, may, session } from '../../shared/session';
import { useTitle } from '../../shared/title';
import { picks } from '../picks';
import { Picture } from '../picture';
import { useRefresh } from '../refresh';
import { schoolPicked, useSchools } from '../schools';
import { Table } from '../table';
import { pathOf, type School } from '../wire';
import { KindPicker } from './kind-picker';
import { PassSlip, type SlipSize } from './pass-slip';
import { bodyOf, type Chosen, Students } from './students';

/** Enters who comes late or leaves early today, prints their passes, and lists the day's comings and goings. */
export function PassesPage() {
  const date = picks().date ?? session.value!.today;
  const schools = useSchools();
  const path = pathOf('/absences/passes', { date });
  const loaded = useLoaded(path, () => get<Passes>(path));
  const [news, say] = useState('');
  const [slip, print] = useState<{ pass: Pass; size: SlipSize }>();
  useTitle(t('passes'));
  useRefresh(loaded);
  // What is printed is drawn first.
  useEffect(() => {
    if (!slip) return;
    window.addEventListener('afterprint', () => print(undefined), { once: true });
    window.print();
  }, [slip]);
  const done = (said: string) => {
    say(said);
    loaded.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{t('passes')}</h1>
        <p class="quiet">
          <time dateTime={date}>{dayNamed(date)}</time>
        </p>
      </header>
      <p role="status" class="news">
        {news}
      </p>
      <Shown loaded={schools}>
        {(list) => {
          const school = schoolPicked(list);
          if (!may('attendance:write')) return null;
          return school ? <PassForm school={school} date={date} onEntered={done} /> : <p>{t('no-schools')}</p>;
        }}
      </Shown>
      <Picture title={t('pass.list')} path={path} file={`comings-and-goings-${date}`}>
        <Shown loaded={loaded}>
          {({ passes }) =>
            passes.length === 0 ? (
              <p>{t('pass.nobody')}</p>
            ) : (
              <List passes={passes} onPrint={(pass, size) => print({ pass, size })} onTakenBack={done} />
            )
          }
        </Shown>
      </Picture>
      {slip && <PassSlip {...slip} date={date} />}
    </>
  );
}

/** The time of the district's clocks, `09:40`. */
const now = (): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: session.value!.district.time_zone,
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date());

function PassForm({ school, date, onEntered }: { school: School; date: string; onEntered(news: string): void }) {
  const [chosen, choose] = useState<readonly Chosen[]>([]);
  const [error, setError] = useState<Error>();
  /** What is to be looked at before it is entered; who sends the same again has. */
  const [warned, warn] = useState<{ body: string; warnings: readonly string[] }>();
  const path = pathOf('/reports/absentees', { school: school.id, date });
  const { value: day } = useLoaded(path, () => get<Absentees>(path));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    data.set('from', date);
    const way = data.get('way') === 'left' ? 'early_dismissal' : 'late_arrival';
    const body = { ...bodyOf(data, { students: chosen, section: undefined, part: 'day' }), [way]: data.get('time') };
    const isWarned = warned?.body === JSON.stringify(body);
    const ask = (dryRun: boolean) =>
      call<EnteredAbsence>('POST', pathOf('/absences', { dry_run: dryRun ? 'yes' : undefined }), { body });
    const enter = async () => {
      const { warnings } = isWarned ? { warnings: [] } : (await ask(true)).body;
      if (warnings.length > 0) return warn({ body: JSON.stringify(body), warnings });
      const { counts, message } = (await ask(false)).body;
      const { changed, left } = counts;
      choose([]);
      form.reset();
      onEntered(
        message ??
          [t('absence.entered', { n: changed }), left > 0 && t('pass.left', { n: left })].filter(Boolean).join(' '),
      );
    };
    setError(undefined);
    warn(undefined);
    enter().catch(setError);
  };
  return (
    <form class="picture" onSubmit={submit}>
      <Students chosen={chosen} section={undefined} onChoose={choose} />
      <fieldset class="pickers">
        <legend>{t('pass.when')}</legend>
        <label class="check">
          <input type="radio" name="way" value="came" defaultChecked />
          {t('pass.came-late')}
        </label>
        <label class="check">
          <input type="radio" name="way" value="left" />
          {t('pass.left-early')}
        </label>
        <label>
          {t('time')}
          <input type="time" name="time" required defaultValue={now()} />
        </label>
        <KindPicker label={t('pass.missed')} codes={day?.codes ?? []} />
        <label>
          {t('reason')}
          <input type="text" name="comment" maxLength={2_000} />
        </label>
        <button type="submit" class="main">
          {t(warned ? 'pass.enter-all-the-same' : 'pass.enter')}
        </button>
      </fieldset>
      {warned && (
        <p class="notice" role="alert" lang="en">
          {warned.warnings.join(' ')}
        </p>
      )}
      <ErrorNotice error={error} />
    </form>
  );
}

interface ListOptions {
  readonly passes: readonly Pass[];
  onPrint(pass: Pass, size: SlipSize): void;
  onTakenBack(news: string): void;
}

function List({ passes, onPrint, onTakenBack }: ListOptions) {
  const [error, setError] = useState<Error>();
  const takeBack = ({ absence_id }: Pass) => {
    call<AbsenceTakenBack>('DELETE', `/absences/${absence_id}`).then(
      ({ body: { restored } }) => onTakenBack(t('absence.taken-back', { n: restored })),
      setError,
    );
  };
  return (
    <>
      <ErrorNotice error={error} />
      <Table
        label={t('pass.who')}
        columns={[t('student'), t('grade'), t('time'), t('reason'), t('pass.by'), t('pass'), t('take-back')]}
      >
        {passes.map((pass) => (
          <tr key={`${pass.absence_id} ${pass.person_id}`}>
            <th scope="row">
              <a href={`#/students/${pass.person_id}`}>{pass.name}</a> <span class="quiet">{pass.student_number}</span>
            </th>
            <td>{pass.grades}</td>
            <td>{t(pass.kind === 'late_arrival' ? 'pass.came-at' : 'pass.left-at', { time: pass.time })}</td>
            <td>{pass.comment}</td>
            <td class="quiet">{pass.by}</td>
            <td>
              <button
                type="button"
                aria-label={t('pass.print', { name: pass.name, size: '80 mm' })}
                onClick={() => onPrint(pass, '80')}
              >
                80 mm
              </button>{' '}
              <button
                type="button"
                aria-label={t('pass.print', { name: pass.name, size: 'A6' })}
                onClick={() => onPrint(pass, 'a6')}
              >
                A6
              </button>
            </td>
            <td>
              {may('attendance:write') && (
                <button
                  type="button"
                  aria-label={t('pass.take-back', { name: pass.name })}
                  onClick={() => takeBack(pass)}
                >
                  {t('take-back')}
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
