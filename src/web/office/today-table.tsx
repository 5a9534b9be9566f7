import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RollSummary, SchoolToday } from '../../../schemas/rollbook/reports';
import { language } from '../shared/language';
import { Shown, useLoaded } from '../shared/loaded';
import { pick, picks } from './picks';
import { Table } from './table';
import { untakenRolls } from './wire';

const columns = ['School', 'Not taken', 'Taken', 'Absent', 'Partly absent', 'Late'];

/** The schools of a district on a day; each opens to the rolls that are not taken, and whose they are. */
export function TodayTable({ date, schools }: { date: string; schools: readonly SchoolToday[] }) {
  const { open } = picks();
  return (
    <Table label="Rolls today by school" columns={columns}>
      {schools.map((school) => (
        <Fragment key={school.school_id}>
          <SchoolRow school={school} isOpen={open === String(school.school_id)} />
          {open === String(school.school_id) && (
            <tr id={`untaken-${school.school_id}`}>
              <td colSpan={columns.length}>
                <Untaken school={school} date={date} />
              </td>
            </tr>
          )}
        </Fragment>
      ))}
    </Table>
  );
}

function SchoolRow({ school, isOpen }: { school: SchoolToday; isOpen: boolean }) {
  const { school_id, rolls, taken, not_taken, marked, absent, excused, partial, late, school_day, reason } = school;
  const name = school.school || 'No school';
  if (!school_day)
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={columns.length - 1} class="quiet">
          not a school day{reason && `: ${reason}`}
        </td>
      </tr>
    );
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          class="opener"
          aria-expanded={isOpen}
          aria-controls={isOpen ? `untaken-${school_id}` : undefined}
          onClick={() => pick({ open: isOpen ? undefined : String(school_id) })}
        >
          {name}
        </button>
      </th>
      <td class={not_taken > 0 ? 'due' : ''}>
        {not_taken.toLocaleString(language)}
        {marked > 0 && <span class="quiet"> ({marked.toLocaleString(language)} marked)</span>}
      </td>
      <td>
        {taken.toLocaleString(language)} of {rolls.toLocaleString(language)}
      </td>
      <td>
        {absent.toLocaleString(language)}
        {excused > 0 && <span class="quiet"> ({excused.toLocaleString(language)} excused)</span>}
      </td>
      <td>{partial.toLocaleString(language)}</td>
      <td>{late.toLocaleString(language)}</td>
    </tr>
  );
}

function Untaken({ school: { school_id, taken, marked, school }, date }: { school: SchoolToday; date: string }) {
  const loaded = useLoaded(`untaken ${school_id} ${date}`, () => untakenRolls(school_id, date));
  const isListed = useRef(false);
  // When one more is taken or marked, the list is another; who reads it keeps the one before until that is there.
  useEffect(() => {
    if (isListed.current) loaded.again();
    isListed.current = true;
  }, [taken, marked]);
  return (
    <Shown loaded={loaded}>
      {(rolls) => (
        <>
          {loaded.error && (
            <p class="notice" role="alert">
              This list is not up to date: {loaded.error.message}
            </p>
          )}
          {rolls.length === 0 ? (
            <p>Every roll of {school || 'these sections'} is taken.</p>
          ) : (
            <ul class="untaken-rolls">
              {rolls.map((roll) => (
                <li key={roll.section_id}>
                  <a href={`#/sections/${roll.section_id}/${date}`}>{roll.title}</a>{' '}
                  <span class="quiet">{detailsOf(roll)}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Shown>
  );
}

const detailsOf = ({ section_code, periods, teachers, students, marked }: RollSummary): string =>
  [
    section_code,
    periods && `period ${periods}`,
    teachers || 'no teacher',
    `${students} students`,
    marked > 0 && `${marked} marked`,
  ]
    .filter(Boolean)
    .join(' · ');
