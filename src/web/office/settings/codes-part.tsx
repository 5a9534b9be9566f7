import { useState } from 'preact/hooks';
import type { AttendanceCodes } from '../../../../schemas/rollbook/codes';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { call, get } from '../../shared/api';
import { codeSays } from '../../shared/codes';
import { ErrorNotice } from '../../shared/error-text';
import { Shown, useLoaded } from '../../shared/loaded';
import { statuses, wordOf } from '../../shared/status';
import { Table } from '../table';

/** A school year by the year in which it starts: `2025-26`. */
export const schoolYear = (year: number): string => `${year}-${String((year + 1) % 100).padStart(2, '0')}`;

/** The codes of a school in this school year; adds one, or changes what it says and means from now on. */
export function CodesPart({ school, onChanged }: { school: number; onChanged(): void }) {
  const path = `/schools/${school}/codes`;
  const loaded = useLoaded(path, () => get<AttendanceCodes>(path));
  const [said, setSaid] = useState('');
  const [error, setError] = useState<Error>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const [code, description] = ['code', 'description'].map((name) => String(form.get(name)).trim()) as [
      string,
      string,
    ];
    setSaid('');
    setError(undefined);
    const body = {
      status: Number(form.get('status')),
      ...(description && { description }),
      office_only: form.has('office_only'),
      color: form.has('colored') ? String(form.get('color')) : '',
    };
    call('PUT', `${path}/${encodeURIComponent(code)}`, { body })
      .then(() => {
        setSaid(t('codes.is-set', { code }));
        element.reset();
        onChanged();
      }, setError)
      .finally(loaded.again);
  };
  return (
    <>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-set', { why })} />
      <Shown loaded={loaded}>
        {({ year, codes }) => (
          <Table
            label={t('codes.of-year', { year: schoolYear(year) })}
            columns={[t('codes.code'), t('codes.says'), t('codes.means'), t('codes.used-by')]}
          >
            {codes.map(({ id, code, description, status, office_only, color }) => (
              <tr key={id}>
                <th scope="row">
                  {color && <span class="swatch" style={{ background: color }} aria-hidden="true" />} {code}
                </th>
                <td>{codeSays(description)}</td>
                <td>{wordOf(status)}</td>
                <td>{t(office_only ? 'codes.used-by.office' : 'codes.used-by.all')}</td>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
      <form class="pickers" onSubmit={submit}>
        <label>
          {t('codes.code')}
          <input name="code" required maxLength={32} pattern="\S+" size={6} />
        </label>
        <label>
          {t('codes.says')}
          <input name="description" maxLength={200} />
        </label>
        <label>
          {t('codes.means')}
          <select name="status">
            {statuses.map(({ status }) => (
              <option key={status} value={String(status)}>
                {wordOf(status)}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" name="office_only" />
          {t('codes.office-only')}
        </label>
        <label class="check">
          <input type="checkbox" name="colored" />
          {t('codes.colored')}
        </label>
        <label>
          {t('codes.color')}
          <input type="color" name="color" defaultValue="#2a6f4e" />
        </label>
        <button type="submit">{t('codes.add')}</button>
      </form>
      <p class="quiet">{t('codes.what')}</p>
      <p class="news" role="status">
        {said}
      </p>
    </>
  );
}
