/*
 * `src/web/office/absences/`: Absences that are entered once and go to all rolls concerned: a form with a preview, and the
 * list of those that were entered, from which each can be taken back.
 */
import { useState } from 'preact/hooks';
import type { Absence, Absences, AbsenceTakenBack } from '../../../../schemas/rollbook/absences';
import { call, get } from '../../shared/api';
import { clock, mediumDay } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { may, session } from '../../shared/session';
import { wordOf } from '../../shared/status';
import { useTitle } from '../../shared/title';
import { pick, picks } from '../picks';
import { useSchools } from '../schools';
import { Table } from '../table';
import { pathOf } from '../wire';
import { AbsenceForm } from './absence-form';

/** Enters absences, and lists those that were entered. */
export function AbsencesPage() {
  const schools = useSchools();
  const { offset: before } = picks();
  const path = pathOf('/absences', { before });
  const loaded = useLoaded(path, () => get<Absences>(path));
  const [news, say] = useState('');
  useTitle('Absences');
  const done = (said: string) => {
    say(said);
    loaded.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{may('attendance:write') ? 'Enter an absence' : 'Absences'}</h1>
      </header>
      <p role="status" class="news">
        {news}
      </p>
      <Shown loaded={schools}>
        {(list) =>
          !may('attendance:write') ? null : list.length > 0 ? (
            <AbsenceForm schools={list} onEntered={done} />
          ) : (
            <p>The district has no schools yet.</p>
          )
        }
      </Shown>
      <section class="picture" aria-labelledby="entered">
        <h2 id="entered">Absences that were entered</h2>
        <Shown loaded={loaded}>
          {({ absences, next }) => (
            <>
              {absences.length === 0 ? <p>There are none.</p> : <List absences={absences} onTakenBack={done} />}
              <nav class="pager" aria-label="Pages of the list">
                {before && (
                  <button type="button" onClick={() => pick({ offset: undefined })}>
                    Newest
                  </button>
                )}
                {next && (
                  <button type="button" onClick={() => pick({ offset: String(next) })}>
                    Earlier
                  </button>
                )}
              </nav>
            </>
          )}
        </Shown>
      </section>
    </>
  );
}

function List({ absences, onTakenBack }: { absences: readonly Absence[]; onTakenBack(news: string): void }) {
  const [error, setError] = useState('');
  const takeBack = ({ id }: Absence) => {
    setError('');
    call<AbsenceTakenBack>('DELETE', `/absences/${id}`).then(
      ({ body: { restored, left } }) =>
        onTakenBack(
          `Taken back in ${restored} ${restored === 1 ? 'class' : 'classes'}.${
            left.length > 0 ? ` In ${left.length} something else was said since, and stays.` : ''
          }`,
        ),
      (reason: Error) => setError(reason.message),
    );
  };
  return (
    <>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
      <Table
        label="Absences that were entered"
        columns={['Days', 'Part of the day', 'Students', 'Said', 'Classes', 'Entered', 'Take back']}
      >
        {absences.map((absence) => {
          const { id, from, to, classes, created_at, created_by, taken_back_at } = absence;
          const days = from === to ? mediumDay(from) : `${mediumDay(from)} to ${mediumDay(to)}`;
          return (
            <tr key={id}>
              <th scope="row">{days}</th>
              <td>{partNamed(absence)}</td>
              <td>
                <Who absence={absence} />
              </td>
              <td>{saidBy(absence)}</td>
              <td>{classes}</td>
              <td class="quiet">
                {created_by}, {clock(created_at, session.value!.district.time_zone)}
              </td>
              <td>
                {taken_back_at ? (
                  'taken back'
                ) : !may('attendance:write') ? null : (
                  <button
                    type="button"
                    aria-label={`Take back the absence of ${absence.who[0]?.name ?? 'nobody'}, ${days}`}
                    onClick={() => takeBack(absence)}
                  >
                    Take back
                  </button>
                )}
              </td>
            </tr>
          );
        })}
      </Table>
    </>
  );
}

/** The first of them by name, and how many more there are. */
function Who({ absence: { students, who } }: { absence: Absence }) {
  const more = students - who.length;
  return (
    <>
      {who.map(({ person_id, name }, index) => (
        <span key={person_id}>
          {index > 0 && ', '}
          <a href={`#/students/${person_id}`}>{name}</a>
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </>
  );
}

const saidBy = ({ status, code, comment }: Absence): string =>
  [status ? wordOf(status) : code, comment].filter(Boolean).join(', ');

function partNamed({ kind, periods, from_time, to_time }: Absence): string {
  if (kind === 'late_arrival') return `came at ${to_time}`;
  if (kind === 'early_dismissal') return `left at ${from_time}`;
  if (periods) return `period ${periods.join(', ')}`;
  if (from_time && to_time) return `${from_time} to ${to_time}`;
  if (from_time) return `from ${from_time}`;
  return to_time ? `until ${to_time}` : 'whole days';
}
