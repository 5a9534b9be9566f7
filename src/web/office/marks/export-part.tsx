import { useState } from 'preact/hooks';
import { downloadCsv } from '../download';
import { useSchools } from '../schools';
import { pathOf } from '../wire';

/** Takes marks out as a file, which can be brought in again. */
export function ExportPart() {
  const { value: schools = [] } = useSchools();
  const [said, say] = useState('');
  const [error, setError] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [from, to, school] = ['from', 'to', 'school'].map((name) =>
      String(new FormData(event.currentTarget as HTMLFormElement).get(name) ?? ''),
    );
    say('Preparing the file…');
    setError('');
    const name = ['marks', from, to].filter(Boolean).join('-');
    void downloadCsv(pathOf('/marks', { from, to, school }), name).then(
      () => say('The file is with your downloads.'),
      (reason: Error) => {
        say('');
        setError(reason.message);
      },
    );
  };
  return (
    <section aria-labelledby="marks-out" class="part">
      <h2 id="marks-out">Take marks out</h2>
      <p class="quiet">Everybody who was absent, late or excused, as a CSV file. Without days, all there is.</p>
      <form class="pickers" onSubmit={submit}>
        <label>
          From
          <input type="date" name="from" min="1970-01-01" max="2199-12-31" />
        </label>
        <label>
          To
          <input type="date" name="to" min="1970-01-01" max="2199-12-31" />
        </label>
        <label>
          School
          <select name="school">
            <option value="">All schools</option>
            {schools.map(({ id, name }) => (
              <option key={id} value={String(id)}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">Download CSV</button>
      </form>
      <p role="status" class="upload-state">
        {said}
      </p>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
    </section>
  );
}
