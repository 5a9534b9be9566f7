import { useRef } from 'preact/hooks';
import type { Change, RollChanges } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';
import { get } from '../shared/api';
import { throughApi } from '../shared/api-names';
import { clock } from '../shared/days';
import { Heads, useCellHeads } from '../shared/heads';
import { Shown, useLoaded } from '../shared/loaded';
import { dayNamed, session } from '../shared/session';
import { type Status, wordOf } from '../shared/status';
import { useTitle } from '../shared/title';

/** Who changed what in a section's roll of a day, the newest first: what a teacher submitted stays beside what the office made of it. */
export function ChangesPage({ section, date }: { section: number; date: string }) {
  const loaded = useLoaded(`changes ${section} ${date}`, () =>
    get<RollChanges>(`/reports/sections/${section}/changes?date=${date}`),
  );
  useTitle(t('changes'), dayNamed(date));
  return (
    <>
      <header class="page-head">
        <h1>{t('changes')}</h1>
        <p class="quiet">
          <a href={`#/sections/${section}/${date}`}>{t('changes.roll-of', { day: dayNamed(date) })}</a>
        </p>
      </header>
      <Shown loaded={loaded}>
        {({ changes }) => (changes.length === 0 ? <p>{t('changes.none')}</p> : <Changes changes={changes} />)}
      </Shown>
    </>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const table = useRef<HTMLTableElement>(null);
  const heads = [t('changes.when'), t('changes.by'), t('student'), t('changes.from'), t('changes.to')];
  useCellHeads(table, heads);
  return (
    <table class="list" ref={table}>
      <Heads of={heads} />
      <tbody>
        {changes.map((change) => (
          <tr key={change.id}>
            <td>
              <time dateTime={change.at}>{clock(change.at, session.value!.district.time_zone)}</time>
            </td>
            <td>
              {change.by || t('said.operator')}{' '}
              <span class="quiet">
                {change.by_teacher ? t('changes.teacher') : throughApi(change.api) || t('changes.office')}
              </span>
            </td>
            <td>{change.student ?? t('changes.whole-roll')}</td>
            <td>{change.roll ? beforeRoll(change.roll) : said(change.from_status, change.from_comment)}</td>
            <td>{change.roll ? t(`changes.roll.${change.roll}`) : said(change.to_status, change.to_comment)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a roll was before that was said of it. */
const beforeRoll = (roll: NonNullable<Change['roll']>): string =>
  roll === 'scheduled' ? '' : t(roll === 'taken' ? 'changes.roll.not taken' : 'changes.roll.taken');

function said(status: Status | null, comment: string): string {
  const word = status === null ? t('status.unknown') : wordOf(status);
  return comment ? t('said.with-comment', { status: word, comment }) : word;
}
