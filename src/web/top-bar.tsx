import { useEffect, useState } from 'preact/hooks';
import type { Session } from '../../schemas/rollbook/session';
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
  const waiting = [...(outboxInUse.value?.entries.value.values() ?? [])];
  const leave = () => {
    const warning = 'Rolls on this device are not on the server yet. They stay here until you sign in again. Sign out?';
    if (waiting.length === 0 || window.confirm(warning)) signOut().catch(() => setKeptIn(true));
  };
  return (
    <header class={`top-bar ${isOpen ? 'open' : ''}`}>
      <button type="button" class="skip" onClick={focusPage}>
        Skip to the page
      </button>
      <a href="#/" class="brand">
        rollbook
      </a>
      {!person && (
        <>
          <button type="button" class="menu" aria-expanded={isOpen} aria-controls="pages" onClick={() => open(!isOpen)}>
            Menu
          </button>
          <nav id="pages" aria-label="Pages">
            <a href="#/">Dashboard</a>
            <a href="#/absent">Who is absent</a>
            <a href="#/absences">{may('attendance:write') ? 'Enter an absence' : 'Absences'}</a>
            <a href="#/passes">Late and leaving</a>
            <a href={`#/days/${today}`}>Rolls</a>
            <a href="#/untaken">Rolls not taken</a>
            <a href="#/chronic">Chronic absence</a>
            {may('roster:write') && <a href="#/calendars">Calendars</a>}
            <a href="#/marks">Marks</a>
            {may('roster:write') && <a href="#/settings">Settings</a>}
            {may('access') && <a href="#/access">Access</a>}
          </nav>
        </>
      )}
      {!person && <Finder />}
      <span class="quiet who">
        {role ? <a href="#/passkeys">{name}</a> : name}, {district.name}
      </span>
      <button type="button" class="sign-out" onClick={leave}>
        Sign out
      </button>
      <div class="notices">
        {isKeptIn && (
          <p class="pending" role="alert">
            You are still signed in: the server cannot be reached. Try again when there is a network.
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
      On this device, not yet on the server:{' '}
      {entries.map(({ section, date, title, trouble }) => (
        <a key={`${section} ${date}`} href={`#/sections/${section}/${date}`}>
          {title} {date}
          {trouble && ' (needs you)'}
        </a>
      ))}
    </p>
  );
}

/** It is the office's, and fetched by the office alone. */
function Finder() {
  const { value: found } = useLoaded('find-student', () => import('./office/find-student'));
  return found ? <found.FindStudent /> : null;
}

/** What one has to know of the way to the server. */
function Reach() {
  const { value: reach } = network;
  return (
    <p class="pending" role="status">
      {reach === 'down' && 'No network: this is what the device has. Rolls can be taken; they are sent later.'}
      {reach === 'signed-out' && (
        <>
          Your session has ended.{' '}
          <button
            type="button"
            onClick={() => {
              signedIn.value = null;
            }}
          >
            Sign in again
          </button>
        </>
      )}
    </p>
  );
}
