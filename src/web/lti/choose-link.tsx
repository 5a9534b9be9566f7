import { useState } from 'preact/hooks';
import type { LtiLinked } from '../../../schemas/lti/linking';
import { call } from '../shared/api';
import { useTitle } from '../shared/title';

const links = [
  ['roll', 'The roll', 'Teachers take it; students see their own attendance.'],
  ['month', 'A month of the section', 'Teachers see who was there; students see their own attendance.'],
  ['own', 'My attendance', 'For students: their own attendance of this school year.'],
] as const;

/** Somebody puts a link into a course of the LMS, and says what it is of. */
export function ChooseLink({ handle }: { handle: string }) {
  const [error, setError] = useState('');
  useTitle('What to link');
  const choose = async (page: string) => {
    try {
      sendForm((await call<LtiLinked>('POST', '/lti/link', { body: { handle, page } })).body);
    } catch (reason) {
      setError((reason as Error).message);
    }
  };
  return (
    <>
      <h1>What is to be linked in the course?</h1>
      <ul class="sections">
        {links.map(([page, title, what]) => (
          <li key={page}>
            <button type="button" onClick={() => choose(page)}>
              {title}
            </button>
            <p class="quiet">{what}</p>
          </li>
        ))}
      </ul>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

/** Deep Linking 2.0, 4.5: the browser carries the answer to the LMS, in a form. */
function sendForm({ return_url, jwt }: LtiLinked): void {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: return_url, hidden: true });
  form.append(Object.assign(document.createElement('input'), { name: 'JWT', value: jwt }));
  document.body.append(form);
  form.submit();
}
