import { DeviceSettings } from './device-settings';
import { MonthPage } from './look-back/month-page';
import { StudentPage } from './look-back/student-page';
import { t, withMessages } from './messages/messages';
import { RollPage } from './roll/roll-page';
import { SectionsPage } from './roll/sections-page';
import { isDay, isMonth } from './shared/days';
import { KeysHelp } from './shared/keys-help';
import { Shown as Loaded, useLoaded } from './shared/loaded';
import { NoPage } from './shared/no-page';
import { query, route } from './shared/route';
import { session } from './shared/session';
import { useTitle } from './shared/title';
import { signInKinds } from './sign-in/kinds';
import { TopBar } from './top-bar';

export function Page() {
  const { value: known } = session;
  const [kind = ''] = route.value;
  if (known === undefined) return <p class="quiet">{t('loading')}</p>;
  const isSigningIn = !known || signInKinds.includes(kind);
  return (
    <>
      {known && <TopBar session={known} />}
      <main tabIndex={-1}>
        {isSigningIn ? <SignIn /> : <Shown parts={route.value} today={known.today} isOffice={!known.person} />}
      </main>
      <DeviceSettings />
      {known && <KeysHelp />}
    </>
  );
}

interface ShownOptions {
  readonly parts: readonly string[];
  readonly today: string;
  readonly isOffice: boolean;
}

/** The page that the address names; today's sections, or for the office its dashboard, where it names none. */
function Shown({ parts, today, isOffice }: ShownOptions) {
  const [kind, one = '', two = '', three = ''] = parts;
  const wrong = wrongIn(parts) ?? (isPage(parts) ? undefined : t('no-page.why'));
  if (wrong) return <NoPage why={wrong} />;
  if (isOfRolls(parts, isOffice) && session.value!.district.sis_attendance_app) return <TakenInSis />;
  if (kind === 'days' && !isOffice) return <SectionsPage date={one} />;
  if (kind === 'students') return <StudentPage id={Number(one)} />;
  if (kind === 'sections' && two === 'month') return <MonthPage section={Number(one)} month={three} />;
  if (kind === 'sections' && two === 'changes') return <Changes section={Number(one)} date={three} />;
  if (kind === 'sections' && two === 'substitute') return <Substitute section={Number(one)} date={three} />;
  if (kind === 'sections') return <RollPage section={Number(one)} date={two || today} />;
  if (kind === 'untaken' && !isOffice) return <OwnUntaken />;
  if (kind === 'passkeys') return <Passkeys />;
  if (isOffice) return <Office parts={parts} />;
  return kind === undefined ? <SectionsPage date={today} /> : <NoPage />;
}

/** Whether a page is for rolls, to take or to write into. */
function isOfRolls([kind, , two]: readonly string[], isOffice: boolean): boolean {
  if (kind === undefined) return !isOffice;
  return ['days', 'untaken', 'absences', 'passes'].includes(kind) || (kind === 'sections' && two !== 'month');
}

/** In place of rolls, which the service refuses then. */
function TakenInSis() {
  useTitle(t('sis.title'));
  return (
    <>
      <h1>{t('sis.title')}</h1>
      <p class="notice" role="note">
        {t('sis.why', { district: session.value!.district.name })}
      </p>
    </>
  );
}

/** What there are pages of, and of what in them; who they are for, each says itself. */
const addresses = [
  'absent|absences|passes|untaken|marks|settings|access|passkeys|chronic(/letters)?',
  '(days|calendars)(/[^/]+)?|students/[^/]+|sections/[^/]+(/[^/]+|/(month|changes|substitute)/[^/]+)?',
];
const address = new RegExp(`^(${addresses.join('|')})?$`);

/** Whether something is at an address, and no part of it says more than the page takes. */
const isPage = (parts: readonly string[]): boolean => address.test(parts.join('/'));

/** What an address says that cannot be: somebody has typed it, or cut it short. */
function wrongIn([kind = '', one = '', two = '', three = '']: readonly string[]): string | undefined {
  if ((kind === 'students' || kind === 'sections') && !/^\d+$/.test(one))
    return t(kind === 'students' ? 'no-page.no-student' : 'no-page.no-class', { text: one });
  if (kind === 'sections' && two === 'month')
    return isMonth(three) ? undefined : t('no-page.no-month', { text: three });
  const ofSection = ['changes', 'substitute'].includes(two) ? three : two || undefined;
  const isDate = /^\d+-\d+-\d+$/.test(kind);
  const inPath = isDate ? [kind] : kind === 'days' ? [one] : kind === 'sections' ? [ofSection] : [];
  const picked = ['date', 'from', 'to'].map((name) => query.value.get(name) || undefined);
  const day = [...inPath, ...picked].find((text) => text !== undefined && !isDay(text));
  return day === undefined ? undefined : t('no-page.no-day', { text: day });
}

/** Looked for seldom, like the next: fetched by those who do. */
function Substitute(of: { section: number; date: string }) {
  const loaded = useLoaded('substitute', () => withMessages(import('./substitutes/substitute-page'), 'later'));
  return <Loaded loaded={loaded}>{({ SubstitutePage }) => <SubstitutePage {...of} />}</Loaded>;
}

function Changes(of: { section: number; date: string }) {
  const loaded = useLoaded('changes', () => withMessages(import('./look-back/changes-page'), 'later'));
  return <Loaded loaded={loaded}>{({ ChangesPage }) => <ChangesPage {...of} />}</Loaded>;
}

function Passkeys() {
  const loaded = useLoaded('passkeys page', () => withMessages(import('./sign-in/passkeys-page'), 'later'));
  return <Loaded loaded={loaded}>{({ PasskeysPage }) => <PasskeysPage />}</Loaded>;
}

function OwnUntaken() {
  const loaded = useLoaded('own untaken', () => withMessages(import('./look-back/untaken-rolls'), 'later'));
  return <Loaded loaded={loaded}>{({ OwnUntakenPage }) => <OwnUntakenPage />}</Loaded>;
}

/** Whoever is signed in needs nothing of it. */
function SignIn() {
  const loaded = useLoaded('sign-in', () => withMessages(import('./sign-in/sign-in-page'), 'later'));
  return <Loaded loaded={loaded}>{({ SignInPage }) => <SignInPage />}</Loaded>;
}

/** The office's pages and the charts in them are fetched by the office alone. */
function Office({ parts }: Pick<ShownOptions, 'parts'>) {
  const loaded = useLoaded('office', () => withMessages(import('./office/office-page'), 'later', 'office', 'settings'));
  return <Loaded loaded={loaded}>{({ OfficePage }) => <OfficePage parts={parts} />}</Loaded>;
}
