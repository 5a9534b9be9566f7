import type { AccessChanges } from '../../../../schemas/rollbook/access';
import { get } from '../../shared/api';
import { clock } from '../../shared/days';
import { Shown, useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { Table } from '../table';

const words: Readonly<Record<AccessChanges['changes'][number]['what'], string>> = {
  invited: 'Invited',
  sessions_ended: 'Sessions ended',
  revoked: 'Access taken away',
  role_given: 'Role given',
  role_taken: 'Role taken back',
};

/** What was done of late, and by whom. */
export function ChangesList({ turn }: { turn: number }) {
  const loaded = useLoaded(`access changes ${turn}`, () => get<AccessChanges>('/access/changes'));
  const { time_zone } = session.value!.district;
  return (
    <Shown loaded={loaded}>
      {({ changes }) =>
        changes.length === 0 ? null : (
          <section aria-labelledby="changes-title" class="part">
            <h2 id="changes-title">What was done</h2>
            <Table label="What was done about access" columns={['When', 'Who', 'What', 'By']}>
              {changes.map(({ at, what, person_id, name, role, school, by }, index) => (
                <tr key={`${at} ${person_id} ${index}`}>
                  <td>{clock(at, time_zone)}</td>
                  <th scope="row">{name || `Person ${person_id}`}</th>
                  <td>
                    {words[what]}
                    {role && `: ${role}, ${school}`}
                  </td>
                  <td>{by || 'Whoever runs rollbook'}</td>
                </tr>
              ))}
            </Table>
          </section>
        )
      }
    </Shown>
  );
}
