import { useState } from 'preact/hooks';
import type { Access, RoleBody } from '../../../../schemas/rollbook/access';
import type { TypeOf } from '../../../../schemas/types';
import { t } from '../../messages/messages';
import { call } from '../../shared/api';
import { session } from '../../shared/session';
import { useSchools } from '../schools';
import type { Outcome } from './access-page';

type Person = Access['people'][number];
type Given = TypeOf<typeof RoleBody>;

/** Gives a person a role in the office of a school, or takes it from them. */
export function RoleForm({ person, onDone }: { person: Person; onDone(outcome: Outcome): void }) {
  const { value: all = [] } = useSchools();
  const { school: own } = session.value!;
  const schools = own === null ? all : all.filter(({ id }) => id === own);
  const { person_id, name, access, access_school_id } = person;
  const isGiven = access_school_id !== null;
  const [role, setRole] = useState(isGiven ? access! : '');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const school = Number(new FormData(event.currentTarget as HTMLFormElement).get('school'));
    const path = `/access/people/${person_id}/role`;
    const body = role === '' ? undefined : ({ role: role as Given['role'], school } satisfies Given);
    call(body ? 'PUT' : 'DELETE', path, body ? { body } : {}).then(
      () => onDone({ said: body ? t(`access.role.given.${body.role}`, { name }) : t('access.role.taken', { name }) }),
      (error: Error) => onDone({ error }),
    );
  };
  return (
    <details>
      <summary aria-label={t('access.role.of', { name })}>{t('role')}</summary>
      <form class="pickers" onSubmit={submit}>
        <label>
          {t('role')}
          <select
            name="role"
            value={role}
            onChange={({ currentTarget }) => setRole(currentTarget.value as typeof role)}
          >
            <option value="">{t('access.role.roster')}</option>
            <option value="secretary">{t('access.role.secretary')}</option>
            <option value="counselor">{t('access.role.counselor')}</option>
          </select>
        </label>
        {role !== '' && (
          <label>
            {t('school')}
            <select name="school" defaultValue={String(access_school_id ?? person.school_id ?? '')}>
              {schools.map(({ id, name: school }) => (
                <option key={id} value={String(id)} selected={id === (access_school_id ?? person.school_id)}>
                  {school}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="submit" aria-label={t('access.role.set-of', { name })}>
          {t('access.role.set')}
        </button>
      </form>
    </details>
  );
}
