import type { AccessChanges } from '../../../../schemas/rollbook/access';
import { t } from '../../messages/messages';
import { get } from '../../shared/api';
import { clock } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { roleNamed } from '../../shared/roles';
import { session } from '../../shared/session';
import { Table } from '../table';

/** What was done of late, and by whom. */
export function ChangesList({ turn }: { turn: number }) {
  const loaded = useLoaded(`access changes ${turn}`, () => get<AccessChanges>('/access/changes'));
  const { time_zone } = session.value!.district;
  return (
    <Shown loaded={loaded}>
      {({ changes }) =>
        changes.length === 0 ? null : (
          <section aria-labelledby="changes-title" class="part">
            <h2 id="changes-title">{t('access.changes')}</h2>
            <Table
              label={t('access.changes.table')}
              columns={[t('changes.when'), t('changes.by'), t('access.changes.what'), t('access.changes.by')]}
            >
              {changes.map(({ at, what, person_id, name, role, school, by }, index) => (
                <tr key={`${at} ${person_id} ${index}`}>
                  <td>{clock(at, time_zone)}</td>
                  <th scope="row">{name || t('person', { id: person_id })}</th>
                  <td>
                    {t(`access.changes.${what}`)}
                    {role && `: ${roleNamed(role)}, ${school}`}
                  </td>
                  <td>{by || t('operator')}</td>
                </tr>
              ))}
            </Table>
          </section>
        )
      }
    </Shown>
  );
}
