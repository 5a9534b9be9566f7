/*
 * `src/web/lti/`: What somebody sees whom an LMS has launched, beside the pages themselves: which section it is, a student's own
 * attendance, and what is to be mended where a launch signs nobody in.
 */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { beginPage } from '../messages/begin';
import { t } from '../messages/messages';
import { ErrorNotice } from '../shared/error-text';
import { query, route } from '../shared/route';
import { ChooseLink } from './choose-link';
import { ChooseSection } from './choose-section';
import { OwnAttendancePage } from './own-attendance';
import { beginWith, proveWith } from './platform-storage';
import { Refusal } from './refusals';
import { RegisteredPage } from './registered';

function Page() {
  const [kind = '', what = ''] = route.value;
  if (kind === 'begin') return <Step work={() => beginWith(what)} />;
  if (kind === 'prove') return <Step work={() => proveWith(what)} />;
  if (kind === 'choose')
    return <ChooseSection handle={what} title={query.value.get('title') ?? ''} unknown={query.value.get('section')} />;
  if (kind === 'link') return <ChooseLink handle={what} />;
  if (kind === 'registered') return <RegisteredPage facts={query.value} />;
  if (kind === 'own') return <OwnAttendancePage />;
  return <Refusal reason={what} told={query.value} />;
}

/** Goes on by itself. */
function Step({ work }: { work(): Promise<void> }) {
  const [error, setError] = useState<Error>();
  useEffect(() => {
    work().catch(setError);
  }, []);
  return error ? <ErrorNotice error={error} /> : <p role="status">{t('lti.opening')}</p>;
}

void beginPage('lti').then(() => render(<Page />, document.getElementById('page')!));
