/*
 * `src/web/office/absentees/`: Who is away on a day, by name, and what was said of each, which the office corrects in place.
 */
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
  useTitle('Who is absent');
  return (
    <Shown loaded={schools}>
      {(list) => {
        const school = schoolPicked(list);
        return school ? <Day list={list} school={school} /> : <p>The district has no schools yet.</p>;
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
        <h1>Who is absent</h1>
        <nav class="day-steps" aria-label="Day">
          <button type="button" aria-label="The day before" onClick={() => pick({ date: plusDays(date, -1) })}>
            ‹
          </button>
          <time dateTime={date}>{dayNamed(date)}</time>
          <button type="button" aria-label="The day after" onClick={() => pick({ date: plusDays(date, 1) })}>
            ›
          </button>
        </nav>
        <div class="pickers">
          <OneSchoolPicker list={list} school={school} />
          <label>
            Day
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
        Status or code
        <select value={kind} onChange={({ currentTarget }) => pickKind(currentTarget.value)}>
          <option value="">All</option>
          {['absent', 'late', 'excused'].map((word) => (
            <option key={word} value={word} selected={word === kind}>
              {word}
            </option>
          ))}
          {codes
            .filter(({ status }) => status !== 1)
            .map(({ code, description }) => (
              <option key={code} value={`code ${code}`} selected={`code ${code}` === kind}>
                {code} {description}
              </option>
            ))}
        </select>
      </label>
      <label>
        Period
        <select
          value={picked.period ?? ''}
          onChange={({ currentTarget }) => pick({ period: currentTarget.value || undefined })}
        >
          <option value="">All</option>
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
        Not explained yet
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
          {dayNamed(day.date)} is not a school day{reason && `: ${reason}`}.
        </p>
      )}
      <p role="status">{saidOf(marks)}</p>
      {marks.length > 0 && <AbsenteesTable day={day} onChanged={onChanged} />}
    </>
  );
}

/** `12 students: 9 absent, 2 late, 1 excused; 4 not explained yet.` A student may be among several of them. */
function saidOf(marks: readonly Absentee[]): string {
  const count = (some: readonly Absentee[]) => new Set(some.map(({ person_id }) => person_id)).size;
  if (marks.length === 0) return 'Nobody is on this list.';
  const of = (status: number) => count(marks.filter((mark) => mark.status === status));
  const parts = [`${of(2)} absent`, `${of(3)} late`, `${of(4)} excused`].filter((part) => !part.startsWith('0 '));
  const unexplained = count(marks.filter((mark) => mark.unexplained));
  const students = count(marks);
  return `${students} ${students === 1 ? 'student' : 'students'}: ${parts.join(', ')}${
    unexplained > 0 ? `; ${unexplained} not explained yet` : ''
  }.`;
}
