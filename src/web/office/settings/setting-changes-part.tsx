import type { SettingChanges } from '../../../../schemas/rollbook/district';
import { get } from '../../shared/api';
import { clock } from '../../shared/days';
import { useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { Table } from '../table';

const words: Readonly<Record<SettingChanges['changes'][number]['what'], string>> = {
  client_created: 'Client made',
  client_rotated: 'Secret of a client changed',
  client_revoked: 'Client revoked',
  sis_attendance_on: 'The SIS takes attendance',
  sis_attendance_off: 'Rolls are taken here',
  code_set: 'Attendance code set',
};

/** What was changed of late, and by whom; nothing for who may not see it. */
export function SettingChangesPart({ turn }: { turn: number }) {
  const { value } = useLoaded(`setting changes ${turn}`, () => get<SettingChanges>('/district/changes'));
  const { time_zone } = session.value!.district;
  if (!value || value.changes.length === 0) return null;
  return (
    <section aria-labelledby="setting-changes-title" class="part">
      <h2 id="setting-changes-title">What was changed</h2>
      <Table label="What was changed of clients, settings and codes" columns={['When', 'What', 'Which', 'By']}>
        {value.changes.map(({ at, what, detail, by }, index) => (
          <tr key={`${at} ${index}`}>
            <td>{clock(at, time_zone)}</td>
            <th scope="row">{words[what]}</th>
            <td>{detail}</td>
            <td>{by || 'Whoever runs rollbook'}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
