import { useState } from 'preact/hooks';
import type { AttendanceCodes } from '../../../../schemas/rollbook/codes';
import { call, get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { statuses, wordOf } from '../../shared/status';
import { Table } from '../table';

/** The codes of a school in this school year; adds one, or changes what it says and means from now on. */
export function CodesPart({ school, onChanged }: { school: number; onChanged(): void }) {
  const path = `/schools/${school}/codes`;
  const loaded = useLoaded(path, () => get<AttendanceCodes>(path));
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const [code, description] = ['code', 'description'].map((name) => String(form.get(name)).trim()) as [
      string,
      string,
    ];
    setSaid('');
    setError('');
    const body = {
      status: Number(form.get('status')),
      ...(description && { description }),
      office_only: form.has('office_only'),
      color: form.has('colored') ? String(form.get('color')) : '',
    };
    call('PUT', `${path}/${encodeURIComponent(code)}`, { body })
      .then(
        () => {
          setSaid(`${code} is set.`);
          element.reset();
          onChanged();
        },
        (refused: Error) => setError(refused.message),
      )
      .finally(loaded.again);
  };
  return (
    <>
      <div role="alert">{error && <p class="notice">Nothing was set: {error}</p>}</div>
      <Shown loaded={loaded}>
        {({ year, codes }) => (
          <Table
            label={`Attendance codes of ${year}-${(year + 1) % 100}`}
            columns={['Code', 'Says', 'Means', 'Used by']}
          >
            {codes.map(({ id, code, description, status, office_only, color }) => (
              <tr key={id}>
                <th scope="row">
                  {color && <span class="swatch" style={{ background: color }} aria-hidden="true" />} {code}
                </th>
                <td>{description}</td>
                <td>{wordOf(status)}</td>
                <td>{office_only ? 'the office' : 'teachers and the office'}</td>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
      <form class="pickers" onSubmit={submit}>
        <label>
          Code
          <input name="code" required maxLength={32} pattern="\S+" size={6} />
        </label>
        <label>
          Says
          <input name="description" maxLength={200} />
        </label>
        <label>
          Means
          <select name="status">
            {statuses.map(({ status, word }) => (
              <option key={status} value={String(status)}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" name="office_only" />
          For the office alone
        </label>
        <label class="check">
          <input type="checkbox" name="colored" />
          Show it in this color
        </label>
        <label>
          Color
          <input type="color" name="color" defaultValue="#2a6f4e" />
        </label>
        <button type="submit">Add or change</button>
      </form>
      <p class="quiet">
        A code that is there already says and means this from now on. Marks that stand are not rewritten.
      </p>
      <p class="news" role="status">
        {said}
      </p>
    </>
  );
}
