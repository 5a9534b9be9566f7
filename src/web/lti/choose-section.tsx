import { useState } from 'preact/hooks';
import type { LtiWhere } from '../../../schemas/lti/launch';
import type { Rolls } from '../../../schemas/rollbook/reports';
import { call, get } from '../shared/api';
import { Shown, useLoaded } from '../shared/loaded';
import { useTitle } from '../shared/title';

/** A teacher says once which of their sections a course of the LMS is. */
export function ChooseSection({ handle, title }: { handle: string; title: string }) {
  const loaded = useLoaded('sections', () => get<Rolls>('/reports/rolls'));
  const [error, setError] = useState('');
  useTitle('Which section');
  const choose = async (section: number) => {
    try {
      const { url } = (await call<LtiWhere>('PUT', '/lti/section', { body: { handle, section } })).body;
      location.replace(url);
    } catch (reason) {
      setError((reason as Error).message);
    }
  };
  return (
    <>
      <h1>Which section is this course?</h1>
      <p>
        {title && <strong>{title}</strong>} {title ? 'names' : 'The course names'} no section of the roster. Choose
        yours: rollbook keeps it for this course.
      </p>
      <Shown loaded={loaded}>
        {({ rolls }) => (
          <ul class="sections">
            {rolls.map(({ section_id, title: section }) => (
              <li key={section_id}>
                <button type="button" onClick={() => choose(section_id)}>
                  {section}
                </button>
              </li>
            ))}
            {rolls.length === 0 && (
              <li>None of your sections meets today. Open rollbook from the course on a day of school.</li>
            )}
          </ul>
        )}
      </Shown>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
    </>
  );
}
