import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RollSummary, SchoolToday } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { ErrorText } from '../shared/error-text';
import { Shown, useLoaded } from '../shared/loaded';
import { reasonNamed } from '../shared/no-school';
import { counted } from '../shared/rates';
import { isSaidAbove } from '../shared/session';
import { countOf } from '../shared/status';
import { pick, picks } from './picks';
import { Table } from './table';
import { untakenRolls } from './wire';

const columns = () => [
  ...[t('school'), t('roll.not-taken'), t('today.taken'), t('absence-by.absent')],
  ...[t('absence-by.partial'), t('absence-by.late')],
];

/** The schools of a district on a day; each opens to the rolls that are not taken, and whose they are. */
export function TodayTable({ date, schools }: { date: string; schools: readonly SchoolToday[] }) {
  const { open } = picks();
  return (
    <Table label={t('today.by-school')} columns={columns()}>
      {schools.map((school) => (
        <Fragment key={school.school_id}>
          <SchoolRow school={school} isOpen={open === String(school.school_id)} />
          {open === String(school.school_id) && (
            <tr id={`untaken-${school.school_id}`}>
              <td colSpan={columns().length}>
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
  const name = school.school || t('no-school');
  if (!school_day)
    return (
      <tr>
        <th scope="row">{name}</th>
        <td colSpan={columns().length - 1} class="quiet">
          {reason ? t('today.closed-because', { reason: reasonNamed(reason) }) : t('today.closed')}
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
        {counted(not_taken)}
        {marked > 0 && <span class="quiet"> ({t('count.marked', { n: marked })})</span>}
      </td>
      <td>{t('of', { n: taken, total: rolls })}</td>
      <td>
        {counted(absent)}
        {excused > 0 && <span class="quiet"> ({countOf(4, excused)})</span>}
      </td>
      <td>{counted(partial)}</td>
      <td>{counted(late)}</td>
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
          {loaded.error && !isSaidAbove(loaded.error) && (
            <p class="notice" role="alert">
              {rich('today.list-not-up-to-date', { why: <ErrorText error={loaded.error} /> })}
            </p>
          )}
          {rolls.length === 0 ? (
            <p>{school ? t('today.all-of-school', { school }) : t('today.all-of-these')}</p>
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
    periods && t('in-period', { periods }),
    teachers || t('class.no-teacher'),
    t('count.students', { n: students }),
    marked > 0 && t('count.marked', { n: marked }),
  ]
    .filter(Boolean)
    .join(' · ');
