import type { SettingChanges } from '../../../../schemas/rollbook/district';
import { languages } from '../../messages/language';
import { t } from '../../messages/messages';
import { get } from '../../shared/api';
import { clock, mediumDay } from '../../shared/days';
import { useLoaded } from '../../shared/loaded';
import { percent } from '../../shared/rates';
import { session } from '../../shared/session';
import { wordOf } from '../../shared/status';
import { weekdayNamed, weekdayNames } from '../calendars/days';
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
            <td>{saidOf({ what, ...change })}</td>
            <td>{by || t('operator')}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

/** Whose it is, and what it was set to: `Larkspur Middle School: 14 days`, `Larkspur Middle School: ISS (excused), 2025-26`. */
function saidOf({ what, name, schools, value, code, status, year }: Omit<Change, 'at' | 'by'>): string {
  if (code !== null && status !== null && year !== null)
    return t('setting-changes.code', { school: name, code, status: wordOf(status), year: schoolYear(year) });
  const whose = name || (schools > 1 ? t('setting-changes.of-schools', { n: schools }) : '');
  return [whose, readValue(what, value)].filter(Boolean).join(': ');
}

function readValue(what: Change['what'], value: string): string {
  switch (what) {
    case 'edit_days_set':
      return t('setting-changes.days', { n: Number(value) });
    case 'grade_set':
      return percent(Number(value) / 100, 0);
    case 'letter_set':
    case 'letter_usual':
      return languages[value as keyof typeof languages] ?? value;
    case 'week_set':
      return [...value].map((digit) => weekdayNamed(weekdayNames[Number(digit) - 1]!)).join(', ');
    case 'days_off_set':
    case 'school_days_set':
      return value.replace(/\d{4}-\d\d-\d\d/g, mediumDay);
    default:
      return value;
  }
}
