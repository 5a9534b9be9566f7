import type { SettingChanges } from '../../../../schemas/rollbook/district';
import { t } from '../../messages/messages';
import { get } from '../../shared/api';
import { clock } from '../../shared/days';
import { useLoaded } from '../../shared/loaded';
import { session } from '../../shared/session';
import { wordOf } from '../../shared/status';
import { Table } from '../table';
import { schoolYear } from './codes-part';

type Change = SettingChanges['changes'][number];

/** What was changed of late, and by whom; nothing for who may not see it. */
export function SettingChangesPart({ turn }: { turn: number }) {
  const { value } = useLoaded(`setting changes ${turn}`, () => get<SettingChanges>('/district/changes'));
  const { time_zone } = session.value!.district;
  if (!value || value.changes.length === 0) return null;
  return (
    <section aria-labelledby="setting-changes-title" class="part">
      <h2 id="setting-changes-title">{t('setting-changes')}</h2>
      <Table
        label={t('setting-changes.table')}
        columns={[t('changes.when'), t('access.changes.what'), t('setting-changes.which'), t('access.changes.by')]}
      >
        {value.changes.map(({ at, what, by, ...change }, index) => (
          <tr key={`${at} ${index}`}>
            <td>{clock(at, time_zone)}</td>
            <th scope="row">{t(`setting-changes.${what}`)}</th>
            <td>{saidOf(change)}</td>
            <td>{by || t('operator')}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** Of what it was: `Larkspur Middle School: ISS (excused), 2025-26`. */
function saidOf({ name, detail, code, status, year }: Omit<Change, 'at' | 'what' | 'by'>): string {
  if (code === null || status === null || year === null) return detail;
  return t('setting-changes.code', { school: name, code, status: wordOf(status), year: schoolYear(year) });
}
