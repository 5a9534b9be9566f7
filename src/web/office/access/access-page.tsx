/*
 * `src/web/office/access/`: Who may sign in: the office invites people, prints their links, ends sessions, and takes access
 * away. Below it, which programs may call.
 */

import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { ErrorNotice } from '../../shared/error-text';
import './access.css';
import { useState } from 'preact/hooks';
import type { Access, Invitations } from '../../../../schemas/rollbook/access';
import type { Ways } from '../../../../schemas/rollbook/session';
import { get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { useTitle } from '../../shared/title';
import { Pager, pageOf } from '../pager';
import { SchoolPicker } from '../pickers';
import { pick, picks } from '../picks';
import { pathOf } from '../wire';
import { ChangesList } from './changes-list';
import { ClientsPart } from './clients-part';
import { InvitationSheet } from './invitation-sheet';
import { InviteTeachers } from './invite-teachers';
import { PeopleTable } from './people-table';

/** What an action has come to: links to hand out, or a sentence. */
export interface Outcome {
  readonly invitations?: Invitations['invitations'] | undefined;
  readonly said?: string;
  readonly error?: Error;
}

/** Who may sign in, by name; links that were made are shown once. */
export function AccessPage() {
  const { school, search } = picks();
  const path = pathOf('/access/people', { school, search, ...pageOf(picks()) });
  const loaded = useLoaded(path, () => get<Access>(path));
  const [{ invitations, said = '', error }, setOutcome] = useState<Outcome>({});
  const [turn, setTurn] = useState(0);
  const { value: ways } = useLoaded('ways', () => get<Ways>('/sign-in/ways'));
  const hasMail = ways?.email ?? false;
  useTitle(t('access'));
  const done = (outcome: Outcome) => {
    setOutcome((before) => ({ ...outcome, invitations: joined(outcome.invitations, before.invitations) }));
    setTurn(turn + 1);
    loaded.again();
  };
  return (
    <>
      <header class="page-head">
        <h1>{t('access')}</h1>
        <div class="pickers">
          <SchoolPicker />
          <Search search={search} />
        </div>
      </header>
      <p role="status" class="news">
        {said}
      </p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-done', { why })} />
      {invitations && <InvitationSheet invitations={invitations} onClose={() => setOutcome({})} />}
      {school && <InviteTeachers key={school} school={Number(school)} hasMail={hasMail} onDone={done} />}
      <Shown loaded={loaded}>
        {({ total, people }) => (
          <section aria-labelledby="people-title" class="part people">
            <h2 id="people-title">{t('access.people')}</h2>
            {total === 0 ? (
              <p>{t('access.nobody')}</p>
            ) : (
              <PeopleTable people={people} hasMail={hasMail} onDone={done} />
            )}
            <Pager total={total} shown={people.length} />
          </section>
        )}
      </Shown>
      <ChangesList turn={turn} />
      <ClientsPart />
    </>
  );
}

/** Links that are shown stay until they are put away; of a person the last one is good. */
function joined(made: Outcome['invitations'] = [], before: Outcome['invitations'] = []): Outcome['invitations'] {
  const all = [...made, ...before.filter(({ person_id }) => made.every((other) => other.person_id !== person_id))];
  return all.length > 0 ? all : undefined;
}

/** Finds somebody by name, staff number or email address. */
function Search({ search = '' }: { search: string | undefined }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const asked = String(new FormData(event.currentTarget as HTMLFormElement).get('search')).trim();
    pick({ search: asked || undefined, offset: undefined });
  };
  return (
    <search>
      <form class="pickers" onSubmit={submit}>
        <label>
          {t('access.search')}
          <input type="search" name="search" defaultValue={search} />
        </label>
        <button type="submit">{t('find')}</button>
      </form>
    </search>
  );
}
