/*
 * `src/web/office/absences/`: Absences that are entered once and go to all rolls concerned: a form with a preview, and the
 * list of those that were entered, from which each can be taken back.
 */

import { useState } from 'preact/hooks';
import type { Absence, Absences, AbsenceTakenBack } from '../../../../schemas/rollbook/absences';
import { t } from '../../messages/messages';
import { call, get } from '../../shared/api';
import { clock, mediumDay } from '../../shared/days';
import { ErrorNotice } from '../../shared/error-text';
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
  useTitle(t('absences'));
  const done = (said: string) => {
    say(said);
    loaded.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{t(may('attendance:write') ? 'absence.enter' : 'absences')}</h1>
      </header>
      <p role="status" class="news">
        {news}
      </p>
      <Shown loaded={schools}>
        {(list) =>
          !may('attendance:write') ? null : list.length > 0 ? (
            <AbsenceForm schools={list} onEntered={done} />
          ) : (
            <p>{t('no-schools')}</p>
          )
        }
      </Shown>
      <section class="picture" aria-labelledby="entered">
        <h2 id="entered">{t('absences.entered')}</h2>
        <Shown loaded={loaded}>
          {({ absences, next }) => (
            <>
              {absences.length === 0 ? <p>{t('absences.none')}</p> : <List absences={absences} onTakenBack={done} />}
              <nav class="pager" aria-label={t('pages')}>
                {before && (
                  <button type="button" onClick={() => pick({ offset: undefined })}>
                    {t('absences.newest')}
                  </button>
                )}
                {next && (
                  <button type="button" onClick={() => pick({ offset: String(next) })}>
                    {t('absences.earlier')}
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
  const [error, setError] = useState<Error>();
  const takeBack = ({ id }: Absence) => {
    setError(undefined);
    call<AbsenceTakenBack>('DELETE', `/absences/${id}`).then(
      ({ body: { restored, left } }) =>
        onTakenBack(
          [t('absence.taken-back', { n: restored }), left.length > 0 && t('absence.left', { n: left.length })]
            .filter(Boolean)
            .join(' '),
        ),
      setError,
    );
  };
  return (
    <>
      <ErrorNotice error={error} />
      <Table
        label={t('absences.entered')}
        columns={[
          t('absences.days'),
          t('absence.part'),
          t('students'),
          t('absences.said'),
          t('absences.classes'),
          t('absences.by'),
          t('take-back'),
        ]}
      >
        {absences.map((absence) => {
          const { id, from, to, classes, created_at, created_by, taken_back_at } = absence;
          const days = from === to ? mediumDay(from) : t('days.from-to', { from: mediumDay(from), to: mediumDay(to) });
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
                  t('absences.taken-back')
                ) : !may('attendance:write') ? null : (
                  <button
                    type="button"
                    aria-label={t('absences.take-back', { name: absence.who[0]?.name ?? t('nobody'), days })}
                    onClick={() => takeBack(absence)}
                  >
                    {t('take-back')}
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
      {more > 0 && ` ${t('absences.more', { n: more })}`}
    </>
  );
}

const saidBy = ({ status, code, comment }: Absence): string =>
  [status ? wordOf(status) : code, comment].filter(Boolean).join(', ');

function partNamed({ kind, periods, from_time, to_time }: Absence): string {
  if (kind === 'late_arrival') return t('pass.came-at', { time: to_time! });
  if (kind === 'early_dismissal') return t('pass.left-at', { time: from_time! });
  if (periods) return t('in-period', { periods: periods.join(', ') });
  if (from_time && to_time) return t('absences.from-to', { from: from_time, to: to_time });
  if (from_time) return t('absences.from-time', { time: from_time });
  return to_time ? t('absences.until-time', { time: to_time }) : t('absences.whole-days');
}
