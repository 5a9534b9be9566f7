import type { Access } from '../../../../schemas/rollbook/access';
import { t } from '../../messages/messages';
import { clock, mediumDay, todayIn } from '../../shared/days';
import { roleNamed } from '../../shared/roles';
import { session } from '../../shared/session';
import { Table } from '../table';
import type { Outcome } from './access-page';
import { lastUse } from './last-use';
import { RoleForm } from './role-form';
import { endSessions, invite, outcomeOf, revoke } from './wire';

type Person = Access['people'][number];

const columns = () => [t('name'), t('role'), t('access.last-used'), t('access.signed-in'), t('access.to-do')];

interface Options {
  readonly people: readonly Person[];
  /** Whether mail can be sent. */
  readonly hasMail: boolean;
  onDone(outcome: Outcome): void;
}

/** Each person who works in a school, as what they sign in, and what the office can do about it. */
export function PeopleTable({ people, hasMail, onDone }: Options) {
  return (
    <Table label={t('access.table')} columns={columns()}>
      {people.map((person) => (
        <tr key={person.person_id}>
          <th scope="row">
            {person.name}
            <span class="quiet line">{person.email}</span>
          </th>
          <td>
            {accessOf(person)}
            {!isSameWord(accessOf(person), roleNamed(person.role)) && (
              <span class="quiet line">{roleNamed(person.role)}</span>
            )}
            <RoleForm key={`${person.access} ${person.access_school_id}`} person={person} onDone={onDone} />
          </td>
          <td>{lastUse(person.used_at)}</td>
          <td>{stateOf(person)}</td>
          <td>
            <Actions person={person} hasMail={hasMail} onDone={onDone} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** As what somebody signs in. */
const accessOf = ({ access }: Person): string => t(access ? `access.as.${access}` : 'access.as-nobody');

const isSameWord = (one: string, other: string): boolean => one.toLocaleLowerCase() === other.toLocaleLowerCase();

function Actions({ person, hasMail, onDone }: Omit<Options, 'people'> & { readonly person: Person }) {
  const { person_id, name, access, email, sessions, passkeys, revoked_at } = person;
  const run = (work: () => Promise<Outcome>) => () => work().then(onDone, (error: Error) => onDone({ error }));
  const inviteThem = run(async () => ({ invitations: await invite({ people: [person_id] }) }));
  const inviteAnew = run(async () => ({
    invitations: await invite({ people: [person_id], end_sessions: true }),
    said: t('access.signed-in-nowhere', { name }),
  }));
  const mailThem = run(async () => outcomeOf(await invite({ people: [person_id], mail: true })));
  const sendAway = run(async () => {
    await endSessions(person_id);
    return { said: t('access.signed-in-nowhere', { name }) };
  });
  const takeAway = () => {
    if (!window.confirm(t('access.take-away.confirm', { name }))) return;
    void run(async () => {
      await revoke(person_id);
      return { said: t('access.taken-away', { name }) };
    })();
  };
  return (
    <span class="actions">
      {access && (
        <button type="button" aria-label={t('access.invite-person', { name })} onClick={inviteThem}>
          {t('access.invite')}
        </button>
      )}
      {hasMail && access && email && (
        <button type="button" aria-label={t('access.email-to', { name })} onClick={mailThem}>
          {t('access.email')}
        </button>
      )}
      {(sessions.length > 0 || passkeys > 0) && (
        <>
          <button type="button" aria-label={t('access.end-and-invite-person', { name })} onClick={inviteAnew}>
            {t('access.end-and-invite')}
          </button>
          <button type="button" aria-label={t('access.end-of', { name })} onClick={sendAway}>
            {t('access.end')}
          </button>
        </>
      )}
      {access && !revoked_at && (
        <button type="button" aria-label={t('access.take-away-of', { name })} onClick={takeAway}>
          {t('access.take-away')}
        </button>
      )}
    </span>
  );
}

/** An instant on the clock of the school. */
const timeOf = (instant: string): string => clock(instant, session.value!.district.time_zone);
const dayOf = (instant: string): string => mediumDay(todayIn(session.value!.district.time_zone, new Date(instant)));

/** `On 2 devices, 1 of them their own` */
function devicesOf(sessions: Person['sessions']): string {
  const own = sessions.filter(({ own_device }) => own_device).length;
  const whose = own === sessions.length ? t('access.own') : t('access.some-own', { n: own });
  return [t('access.devices', { n: sessions.length }), own > 0 && whose].filter(Boolean).join(', ');
}

function stateOf({ sessions, passkeys, invited_until, revoked_at }: Person) {
  if (revoked_at) return t('access.taken-away-on', { day: dayOf(revoked_at) });
  const ends = sessions.map(({ ends_at }) => ends_at).sort();
  const last = ends.at(-1);
  return (
    <>
      {last && <span class="line">{t('access.until', { devices: devicesOf(sessions), time: timeOf(last) })}</span>}
      {passkeys > 0 && <span class="line">{t('access.passkeys', { n: passkeys })}</span>}
      {invited_until && <span class="line">{t('access.invited-until', { time: timeOf(invited_until) })}</span>}
      {!last && !invited_until && passkeys === 0 && t('no')}
    </>
  );
}
