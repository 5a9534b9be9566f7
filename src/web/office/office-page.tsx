/*
 * `src/web/office/`: The office's pages: the day of all schools, absence, chronic absence, and their pictures.
 * `absences/`, `absentees/`, `access/`, `calendars/`, `marks/` and `settings/` have pages of their own.
 */
import './office.css';
import { t } from '../messages/messages';
import { NoPage } from '../shared/no-page';
import { may, session } from '../shared/session';
import { AbsencesPage } from './absences/absences-page';
import { PassesPage } from './absences/passes-page';
import { AbsenteesPage } from './absentees/absentees-page';
import { AccessPage } from './access/access-page';
import { CalendarsPage } from './calendars/calendars-page';
import { ChronicPage } from './chronic-page';
import { DashboardPage } from './dashboard-page';
import { LettersPage } from './letters-page';
import { MarksPage } from './marks-page';
import { RollsPage } from './rolls-page';
import { SettingsPage } from './settings/settings-page';
import { UntakenPage } from './untaken-page';

/** What the office sees: the page that the address names. */
export function OfficePage({ parts: [kind, one] }: { parts: readonly string[] }) {
  if (kind === undefined) return <DashboardPage />;
  if (kind === 'days') return <RollsPage date={one ?? session.value!.today} />;
  if (kind === 'absent') return <AbsenteesPage />;
  if (kind === 'absences') return <AbsencesPage />;
  if (kind === 'passes') return <PassesPage />;
  if (kind === 'untaken') return <UntakenPage />;
  if (kind === 'chronic' && one === 'letters') return <LettersPage />;
  if (kind === 'chronic') return <ChronicPage />;
  if (['calendars', 'settings'].includes(kind) && !may('roster:write')) return <NoPage why={t('not-yours')} />;
  if (kind === 'access' && !may('access')) return <NoPage why={t('not-yours')} />;
  if (kind === 'calendars') return <CalendarsPage school={one === undefined ? undefined : Number(one)} />;
  if (kind === 'access') return <AccessPage />;
  if (kind === 'settings') return <SettingsPage />;
  if (kind === 'marks') return <MarksPage />;
  return <NoPage />;
}
