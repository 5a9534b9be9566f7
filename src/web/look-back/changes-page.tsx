import { useRef } from 'preact/hooks';
import type { Change, RollChanges } from '../../../schemas/rollbook/history';
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
  useTitle('Changes', dayNamed(date));
  return (
    <>
      <header class="page-head">
        <h1>Changes</h1>
        <p class="quiet">
          <a href={`#/sections/${section}/${date}`}>Roll of {dayNamed(date)}</a>
        </p>
      </header>
      <Shown loaded={loaded}>
        {({ changes }) => (changes.length === 0 ? <p>Nobody has changed anything.</p> : <Changes changes={changes} />)}
      </Shown>
    </>
  );
}

const heads = ['When', 'Who', 'Student', 'From', 'To'];

function Changes({ changes }: { changes: readonly Change[] }) {
  const table = useRef<HTMLTableElement>(null);
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
              {change.by || 'the operator'}{' '}
              <span class="quiet">{change.by_teacher ? 'teacher' : throughApi(change.api) || 'office'}</span>
            </td>
            <td>{change.student ?? 'the whole roll'}</td>
            <td>{change.roll ? before[change.roll] : said(change.from_status, change.from_comment)}</td>
            <td>{change.roll ?? said(change.to_status, change.to_comment)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What a roll was before that was said of it. */
const before: Readonly<Record<NonNullable<Change['roll']>, string>> = {
  taken: 'not taken',
  'not taken': 'taken',
  scheduled: '',
};

const said = (status: Status | null, comment: string): string =>
  (status === null ? 'unknown' : wordOf(status)) + (comment && `, “${comment}”`);
