import { useState } from 'preact/hooks';
import type { LtiWhere } from '../../../schemas/lti/launch';
import type { Rolls } from '../../../schemas/rollbook/reports';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { call, get } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';
import { Shown, useLoaded } from '../shared/loaded';
import { useTitle } from '../shared/title';

interface Options {
  readonly handle: string;
  /** What the LMS calls the course. */
  readonly title: string;
  /** Ids of sections that the LMS has sent and the roster does not have. */
  readonly unknown: string | null;
}

/** A teacher says once which of their sections a course of the LMS is. */
export function ChooseSection({ handle, title, unknown }: Options) {
  const loaded = useLoaded('sections', () => get<Rolls>('/reports/rolls'));
  const [error, setError] = useState<Error>();
  useTitle(t('lti.section.title'));
  const choose = async (section: number) => {
    try {
      const { url } = (await call<LtiWhere>('PUT', '/lti/section', { body: { handle, section } })).body;
      location.replace(url);
    } catch (reason) {
      setError(reason as Error);
    }
  };
  return (
    <>
      <h1>{t('lti.section.which')}</h1>
      <p>{title ? rich('lti.section.named', { title: <strong>{title}</strong> }) : t('lti.section.unnamed')}</p>
      {unknown && <p>{rich('lti.section.unknown', { ids: <code>{unknown}</code> })}</p>}
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
            {rolls.length === 0 && <li>{t('lti.section.none')}</li>}
          </ul>
        )}
      </Shown>
      <ErrorNotice error={error} />
    </>
  );
}
