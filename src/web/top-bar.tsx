import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../schemas/rollbook/session';
import { t, withMessages } from './messages/messages';
import { outboxInUse } from './roll/device-outbox';
import type { Entry } from './roll/entry';
import { network } from './shared/api';
import { useLoaded } from './shared/loaded';
import { focusPage, route } from './shared/route';
import { may, session as signedIn, signOut } from './shared/session';

/** Where one is, who is signed in, whether the server can be reached, and what is still on the device. */
export function TopBar({ session: { district, person, client, role, today } }: { session: Session }) {
  const name = person?.name ?? client.name;
  const [isKeptIn, setKeptIn] = useState(false);
  /** Where there is no room for the links to the pages, they are behind a button. */
  const [isOpen, open] = useState(false);
  useEffect(() => open(false), [route.value]);
  const menu = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      open(false);
      menu.current?.focus();
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, [isOpen]);
  const waiting = [...(outboxInUse.value?.entries.value.values() ?? [])];
  const leave = () => {
    if (waiting.length === 0 || window.confirm(t('sign-out.confirm'))) signOut().catch(() => setKeptIn(true));
  };
  return (
    <header class={`top-bar ${isOpen ? 'open' : ''}`}>
      <button type="button" class="skip" onClick={focusPage}>
        {t('skip')}
      </button>
      <a href="#/" class="brand">
        rollbook
      </a>
      {!person && (
        <>
          <button
            ref={menu}
            type="button"
            class="menu"
            aria-expanded={isOpen}
            aria-controls="pages"
            onClick={() => open(!isOpen)}
          >
            {t('menu')}
          </button>
          <nav id="pages" aria-label={t('menu.pages')}>
            <a href="#/">{t('dashboard')}</a>
            <a href="#/absent">{t('absent')}</a>
            <a href="#/absences">{t(may('attendance:write') ? 'absence.enter' : 'absences')}</a>
            <a href="#/passes">{t('passes')}</a>
            <a href={`#/days/${today}`}>{t('rolls')}</a>
            <a href="#/untaken">{t('untaken')}</a>
            <a href="#/chronic">{t('chronic')}</a>
            {may('roster:write') && <a href="#/calendars">{t('calendars')}</a>}
            <a href="#/marks">{t('marks')}</a>
            {may('roster:write') && <a href="#/settings">{t('settings')}</a>}
            {may('access') && <a href="#/access">{t('access')}</a>}
          </nav>
        </>
      )}
      {!person && <Finder />}
      <span class="quiet who">
        {role ? <a href="#/passkeys">{name}</a> : name}, {district.name}
      </span>
      <button type="button" class="sign-out" onClick={leave}>
        {t('sign-out')}
      </button>
      <div class="notices">
        {isKeptIn && (
          <p class="pending" role="alert">
            {t('sign-out.offline')}
          </p>
        )}
        <Reach />
        <Waiting entries={waiting.filter((entry) => !isShown(entry, today))} />
      </div>
    </header>
  );
}

/** The roll that is looked at says how it stands itself. */
function isShown({ section, date }: Entry, today: string): boolean {
  const [kind, one, day = today] = route.value;
  return kind === 'sections' && Number(one) === section && day === date;
}

function Waiting({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) return null;
  return (
    <p class="pending" role="status">
      {t('waiting')}{' '}
      {entries.map(({ section, date, title, trouble }) => (
        <a key={`${section} ${date}`} href={`#/sections/${section}/${date}`}>
          {title} {date}
          {trouble && ` (${t('waiting.trouble')})`}
        </a>
      ))}
    </p>
  );
}

/** It is the office's, and fetched by the office alone. */
function Finder() {
  const { value: found } = useLoaded('find-student', () => withMessages(import('./office/find-student'), 'office'));
  return found ? <found.FindStudent /> : null;
}

/** What one has to know of the way to the server. */
function Reach() {
  const { value: reach } = network;
  return (
    <p class="pending" role="status">
      {reach === 'down' && t('network.down')}
      {reach === 'signed-out' && (
        <>
          {t('session.ended')}{' '}
          <button
            type="button"
            onClick={() => {
              signedIn.value = null;
            }}
          >
            {t('sign-in.again')}
          </button>
        </>
      )}
    </p>
  );
}
