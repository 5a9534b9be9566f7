import { ChangesPage } from './look-back/changes-page';
import { MonthPage } from './look-back/month-page';
import { StudentPage } from './look-back/student-page';
import { RollPage } from './roll/roll-page';
import { SectionsPage } from './roll/sections-page';
import { isDay, isMonth } from './shared/days';
import { Shown as Loaded, useLoaded } from './shared/loaded';
import { NoPage } from './shared/no-page';
import { query, route } from './shared/route';
import { session } from './shared/session';
import { useTitle } from './shared/title';
import { SignInPage, signInKinds } from './sign-in/sign-in-page';
import { TopBar } from './top-bar';

export function Page() {
  const { value: known } = session;
  const [kind = ''] = route.value;
  if (known === undefined) return <p class="quiet">Loading…</p>;
  const isSigningIn = !known || signInKinds.includes(kind);
  return (
    <>
      {known && <TopBar session={known} />}
      <main tabIndex={-1}>
        {isSigningIn ? <SignInPage /> : <Shown parts={route.value} today={known.today} isOffice={!known.person} />}
      </main>
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
  const wrong = wrongIn(parts);
  if (wrong) return <NoPage why={wrong} />;
  if (isOfRolls(parts, isOffice) && session.value!.district.sis_attendance_app) return <TakenInSis />;
  if (kind === 'days' && !isOffice) return <SectionsPage date={one} />;
  if (kind === 'students') return <StudentPage id={Number(one)} />;
  if (kind === 'sections' && two === 'month') return <MonthPage section={Number(one)} month={three} />;
  if (kind === 'sections' && two === 'changes') return <ChangesPage section={Number(one)} date={three} />;
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
  useTitle('Attendance is taken elsewhere');
  return (
    <>
      <h1>Attendance is taken elsewhere</h1>
      <p class="notice" role="note">
        {session.value!.district.name} takes attendance in its student information system. Take your rolls there: none
        are taken here.
      </p>
    </>
  );
}

/** What an address says that cannot be: somebody has typed it, or cut it short. */
function wrongIn([kind = '', one = '', two = '', three = '']: readonly string[]): string | undefined {
  if ((kind === 'students' || kind === 'sections') && !/^\d+$/.test(one))
    return `“${one}” is no number of a ${kind === 'students' ? 'student' : 'class'}.`;
  if (kind === 'sections' && two === 'month') return isMonth(three) ? undefined : `There is no month “${three}”.`;
  const ofSection = ['changes', 'substitute'].includes(two) ? three : two || undefined;
  const isDate = /^\d+-\d+-\d+$/.test(kind);
  const inPath = isDate ? [kind] : kind === 'days' ? [one] : kind === 'sections' ? [ofSection] : [];
  const picked = ['date', 'from', 'to'].map((name) => query.value.get(name) || undefined);
  const day = [...inPath, ...picked].find((text) => text !== undefined && !isDay(text));
  return day === undefined ? undefined : `There is no day “${day}”.`;
}

/** Looked for seldom, like the next: fetched by those who do. */
function Substitute(of: { section: number; date: string }) {
  const loaded = useLoaded('substitute', () => import('./substitutes/substitute-page'));
  return <Loaded loaded={loaded}>{({ SubstitutePage }) => <SubstitutePage {...of} />}</Loaded>;
}

function Passkeys() {
  const loaded = useLoaded('passkeys page', () => import('./sign-in/passkeys-page'));
  return <Loaded loaded={loaded}>{({ PasskeysPage }) => <PasskeysPage />}</Loaded>;
}

function OwnUntaken() {
  const loaded = useLoaded('own untaken', () => import('./look-back/untaken-rolls'));
  return <Loaded loaded={loaded}>{({ OwnUntakenPage }) => <OwnUntakenPage />}</Loaded>;
}

/** The office's pages and the charts in them are fetched by the office alone. */
function Office({ parts }: Pick<ShownOptions, 'parts'>) {
  const loaded = useLoaded('office', () => import('./office/office-page'));
  return <Loaded loaded={loaded}>{({ OfficePage }) => <OfficePage parts={parts} />}</Loaded>;
}
