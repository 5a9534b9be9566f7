import { useState } from 'preact/hooks';
import { type Language, language, languages } from './messages/language';
import { speak, t } from './messages/messages';
import { session } from './shared/session';
import { singleKeys, switchSingleKeys } from './shared/single-keys';

/** What is chosen for this device, whoever signs in: the language, and whether a key alone does something anywhere on a page. */
export function DeviceSettings() {
  const [isMissing, setMissing] = useState(false);
  const pick = (next: Language) =>
    speak(next).then(
      () => setMissing(false),
      () => setMissing(true),
    );
  return (
    <footer class="device-settings">
      <label>
        {t('device.language')}{' '}
        <select value={language.value} onChange={({ currentTarget }) => void pick(currentTarget.value as Language)}>
          {Object.entries(languages).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag} selected={tag === language.value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {session.value && (
        <label>
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={({ currentTarget }) => switchSingleKeys(currentTarget.checked)}
          />{' '}
          {t('device.single-keys')}
        </label>
      )}
      {isMissing && (
        <p class="notice" role="alert">
          {t('device.no-language')}
        </p>
      )}
    </footer>
  );
}
