/*
 * `src/web/office/absentees/`: Who is away on a day, by name, and what was said of each, which the office corrects in place.
 */

import { t } from '../../messages/messages';
import { codeSays } from '../../shared/codes';
import { noSchoolOn } from '../../shared/no-school';
import { countOf, statuses, wordOf } from '../../shared/status';
import './absentees.css';
import type { Absentee, Absentees } from '../../../../schemas/rollbook/absentees';
import { get } from '../../shared/api';
import { plusDays } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { dayNamed, session } from '../../shared/session';
import { useTitle } from '../../shared/title';
import { OneSchoolPicker } from '../pickers';
import { type Picks, pick, picks } from '../picks';
import { Picture } from '../picture';
import { useRefresh } from '../refresh';
import { schoolPicked, useSchools } from '../schools';
import { pathOf, type School } from '../wire';
import { AbsenteesTable } from './absentees-table';

/** Who is absent, late or excused at a school on a day. */
export function AbsenteesPage() {
  const schools = useSchools();
  useTitle(t('absent'));
  return (
    <Shown loaded={schools}>
      {(list) => {
        const school = schoolPicked(list);
        return school ? <Day list={list} school={school} /> : <p>{t('no-schools')}</p>;
      }}
    </Shown>
  );
}

function Day({ list, school }: { list: readonly School[]; school: School }) {
  const asked = picks();
  const date = asked.date ?? session.value!.today;
  const { status, code, period, unexplained } = asked;
  const path = pathOf('/reports/absentees', { school: school.id, date, status, code, period, unexplained });
  const loaded = useLoaded(path, () => get<Absentees>(path));
  useRefresh(loaded);
  return (
    <>
      <header class="page-head">
        <h1>{t('absent')}</h1>
        <nav class="day-steps" aria-label={t('day')}>
          <button type="button" aria-label={t('day.before')} onClick={() => pick({ date: plusDays(date, -1) })}>
            ‹
          </button>
          <time dateTime={date}>{dayNamed(date)}</time>
          <button type="button" aria-label={t('day.after')} onClick={() => pick({ date: plusDays(date, 1) })}>
            ›
          </button>
        </nav>
        <div class="pickers">
          <OneSchoolPicker list={list} school={school} />
          <label>
            {t('day')}
            <input
              type="date"
              min="1970-01-01"
              max="2199-12-31"
              value={date}
              onChange={({ currentTarget: { value, validity } }) =>
                validity.valid && pick({ date: value || undefined })
              }
            />
          </label>
          {loaded.value && <Narrowing picked={asked} codes={loaded.value.codes} periods={loaded.value.periods} />}
        </div>
      </header>
      <Picture title={`${school.name}, ${dayNamed(date)}`} path={path} file={`absent-${date}`}>
        <Shown loaded={loaded}>{(day) => <Marks day={day} onChanged={loaded.again} />}</Shown>
      </Picture>
    </>
  );
}

/** Narrows the list to a status or a code, to a period, and to what is not explained yet. */
function Narrowing({ picked, codes, periods }: { picked: Picks } & Pick<Absentees, 'codes' | 'periods'>) {
  const kind = picked.code ? `code ${picked.code}` : (picked.status ?? '');
  const pickKind = (value: string) =>
    pick(
      value.startsWith('code ')
        ? { code: value.slice(5), status: undefined }
        : { status: value || undefined, code: undefined },
    );
  return (
    <>
      <label>
        {t('status-or-code')}
        <select value={kind} onChange={({ currentTarget }) => pickKind(currentTarget.value)}>
          <option value="">{t('all')}</option>
          {statuses.slice(1).map(({ status, name }) => (
            <option key={name} value={name} selected={name === kind}>
              {wordOf(status)}
            </option>
          ))}
          {codes
            .filter(({ status }) => status !== 1)
            .map(({ code, description }) => (
              <option key={code} value={`code ${code}`} selected={`code ${code}` === kind}>
                {code} {codeSays(description)}
              </option>
            ))}
        </select>
      </label>
      <label>
        {t('period')}
        <select
          value={picked.period ?? ''}
          onChange={({ currentTarget }) => pick({ period: currentTarget.value || undefined })}
        >
          <option value="">{t('all')}</option>
          {periods.map((period) => (
            <option key={period} value={period} selected={period === picked.period}>
              {period}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={picked.unexplained === 'yes'}
          onChange={({ currentTarget }) => pick({ unexplained: currentTarget.checked ? 'yes' : undefined })}
        />
        {t('absent.unexplained')}
      </label>
    </>
  );
}

function Marks({ day, onChanged }: { day: Absentees; onChanged(): void }) {
  const { marks, school_day, reason } = day;
  return (
    <>
      {!school_day && (
        <p class="notice" role="note">
          {noSchoolOn(dayNamed(day.date), reason)}
        </p>
      )}
      <p role="status">{saidOf(marks)}</p>
      {marks.length > 0 && (
        <div class="absentees">
          <AbsenteesTable day={day} onChanged={onChanged} />
        </div>
      )}
    </>
  );
}

/** `12 students: 9 absent, 2 late, 1 excused; 4 not explained yet.` A student may be among several of them. */
function saidOf(marks: readonly Absentee[]): string {
  const count = (some: readonly Absentee[]) => new Set(some.map(({ person_id }) => person_id)).size;
  if (marks.length === 0) return t('absent.nobody');
  const parts = statuses
    .map(({ status }) => [status, count(marks.filter((mark) => mark.status === status))] as const)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => countOf(status, n))
    .join(', ');
  const unexplained = count(marks.filter((mark) => mark.unexplained));
  const students = t('count.students', { n: count(marks) });
  return t(unexplained > 0 ? 'absent.said-unexplained' : 'absent.said', { students, parts, n: unexplained });
}
