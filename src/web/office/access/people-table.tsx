import type { Access } from '../../../../schemas/rollbook/access';
import { clock, mediumDay, todayIn } from '../../shared/days';
import { session } from '../../shared/session';
import { Table } from '../table';
import type { Outcome } from './access-page';
import { RoleForm, roleWords } from './role-form';
import { endSessions, invite, outcomeOf, revoke } from './wire';

type Person = Access['people'][number];

const columns = ['Name', 'Role', 'Last used', 'Signed in', 'What to do'];

interface Options {
  readonly people: readonly Person[];
  /** Whether mail can be sent. */
  readonly hasMail: boolean;
  onDone(outcome: Outcome): void;
}

/** Each person who works in a school, as what they sign in, and what the office can do about it. */
export function PeopleTable({ people, hasMail, onDone }: Options) {
  return (
    <Table label="Where they are signed in" columns={columns}>
      {people.map((person) => (
        <tr key={person.person_id}>
          <th scope="row">
            {person.name}
            <span class="quiet line">{person.email}</span>
          </th>
          <td>
            {person.access ? roleWords[person.access] : 'Does not sign in'}
            <span class="quiet line">{person.role}</span>
            <RoleForm key={`${person.access} ${person.access_school_id}`} person={person} onDone={onDone} />
          </td>
          <td>{person.used_at ? timeOf(person.used_at) : 'Never'}</td>
          <td>{stateOf(person)}</td>
          <td>
            <Actions person={person} hasMail={hasMail} onDone={onDone} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Actions({ person, hasMail, onDone }: Omit<Options, 'people'> & { readonly person: Person }) {
  const { person_id, name, access, email, sessions, passkeys, revoked_at } = person;
  const run = (work: () => Promise<Outcome>) => () =>
    work().then(onDone, (refused: Error) => onDone({ error: `Nothing was done: ${refused.message}` }));
  const inviteThem = run(async () => ({ invitations: await invite({ people: [person_id] }) }));
  const inviteAnew = run(async () => ({
    invitations: await invite({ people: [person_id], end_sessions: true }),
    said: `${name} is signed in nowhere any more.`,
  }));
  const mailThem = run(async () => outcomeOf(await invite({ people: [person_id], mail: true })));
  const sendAway = run(async () => {
    await endSessions(person_id);
    return { said: `${name} is signed in nowhere any more.` };
  });
  const takeAway = () => {
    if (!window.confirm(`${name} cannot sign in any more until you invite them again. Take their access away?`)) return;
    void run(async () => {
      await revoke(person_id);
      return { said: `The access of ${name} is taken away.` };
    })();
  };
  return (
    <span class="actions">
      {access && (
        <button type="button" aria-label={`Invite ${name}`} onClick={inviteThem}>
          Invite
        </button>
      )}
      {hasMail && access && email && (
        <button type="button" aria-label={`Email a link to ${name}`} onClick={mailThem}>
          Email a link
        </button>
      )}
      {(sessions.length > 0 || passkeys > 0) && (
        <>
          <button type="button" aria-label={`End sessions and invite ${name}`} onClick={inviteAnew}>
            End sessions and invite
          </button>
          <button type="button" aria-label={`End sessions of ${name}`} onClick={sendAway}>
            End sessions
          </button>
        </>
      )}
      {access && !revoked_at && (
        <button type="button" aria-label={`Take away the access of ${name}`} onClick={takeAway}>
          Take away
        </button>
      )}
    </span>
  );
}

/** An instant on the clock of the school. */
const timeOf = (instant: string): string => clock(instant, session.value!.district.time_zone);
const dayOf = (instant: string): string => mediumDay(todayIn(session.value!.district.time_zone, new Date(instant)));

function stateOf({ sessions, passkeys, invited_until, revoked_at }: Person) {
  if (revoked_at) return `Access taken away on ${dayOf(revoked_at)}`;
  const ends = sessions.map(({ ends_at }) => ends_at).sort();
  const last = ends.at(-1);
  const own = sessions.filter(({ own_device }) => own_device).length;
  return (
    <>
      {last && (
        <span class="line">
          On {sessions.length === 1 ? 'one device' : `${sessions.length} devices`}
          {own > 0 && `, ${own === sessions.length ? 'their own' : `${own} of them their own`}`}; until {timeOf(last)}
        </span>
      )}
      {passkeys > 0 && <span class="line">{passkeys === 1 ? 'One passkey' : `${passkeys} passkeys`}</span>}
      {invited_until && <span class="line">Invited, link good until {timeOf(invited_until)}</span>}
      {!last && !invited_until && passkeys === 0 && 'No'}
    </>
  );
}
