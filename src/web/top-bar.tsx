import { box } from './roll/box';
import { type Session, signOut } from './shared/session';

/** Where one is, who is signed in, and what is still on the device. */
export function TopBar({ session: { district, person, client, today } }: { session: Session }) {
  const waiting = [...(box.value?.entries.value.values() ?? [])];
  const leave = () => {
    const warning = 'Rolls on this device are not on the server yet. They stay here until you sign in again. Sign out?';
    if (waiting.length === 0 || window.confirm(warning)) void signOut();
  };
  return (
    <header class="top-bar">
      <a href="#/" class="brand">
        rollbook
      </a>
      <nav aria-label="Pages">
        {!person && (
          <>
            <a href="#/">Dashboard</a>
            <a href={`#/days/${today}`}>Rolls</a>
            <a href="#/chronic">Chronic absence</a>
            <a href="#/calendars">Calendars</a>
            <a href="#/marks">Marks</a>
          </>
        )}
      </nav>
      <span class="quiet who">
        {person?.name ?? client.name}, {district.name}
      </span>
      <button type="button" onClick={leave}>
        Sign out
      </button>
      {waiting.length > 0 && (
        <p class="pending" role="status">
          On this device, not yet on the server:{' '}
          {waiting.map(({ section, date, title, trouble }) => (
            <a key={`${section} ${date}`} href={`#/sections/${section}/${date}`}>
              {title} {date}
              {trouble && ' (needs you)'}
            </a>
          ))}
        </p>
      )}
    </header>
  );
}
