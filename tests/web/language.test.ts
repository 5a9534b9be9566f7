/** What the page speaks in a browser that asks for these languages, on a device where one was chosen. */
function spoken(languages: readonly string[], chosen?: string) {
  const before = ['navigator', 'localStorage'].map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  const set = (name: string, value: object) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  let found: unknown[] = [];
  try {
    set('navigator', { languages });
    set('localStorage', { getItem: () => chosen ?? null });
    jest.isolateModules(() => {
      const { direction, firstWeekday, language, locale } = require('../../src/web/messages/language');
      const { shortDay } = require('../../src/web/shared/days');
      const { percent } = require('../../src/web/shared/rates');
      found = [language.value, locale(), direction(), shortDay('2026-11-20'), percent(0.081), firstWeekday()];
    });
  } finally {
    ['navigator', 'localStorage'].forEach((name, index) => {
      if (before[index]) Object.defineProperty(globalThis, name, before[index]);
      else Reflect.deleteProperty(globalThis, name);
    });
  }
  return found;
}

test.each([
  [['en-US'], undefined, ['en', 'en-US', 'ltr', 'Nov 20', '8.1%', 7]],
  [['en-GB', 'es'], undefined, ['en', 'en-GB', 'ltr', '20 Nov', '8.1%', 1]],
  [['fr-CA', 'es-MX', 'en'], undefined, ['es', 'es-MX', 'ltr', '20 nov', '8.1%', 7]],
  [['fr-CA'], undefined, ['en', 'en-US', 'ltr', 'Nov 20', '8.1%', 7]],
  [['en-GB'], 'es', ['es', 'es-US', 'ltr', '20 nov', '8.1%', 7]],
  [['es-US'], 'en', ['en', 'en-US', 'ltr', 'Nov 20', '8.1%', 7]],
  [['en-US'], 'xx', ['en', 'en-US', 'ltr', 'Nov 20', '8.1%', 7]],
  [['en-US'], 'ar-XB', ['ar-XB', 'en-US', 'rtl', 'Nov 20', '8.1%', 7]],
  // Chromium says so where the LANG of the system does; Intl throws a RangeError for it.
  [['en-US@posix'], undefined, ['en', 'en-US', 'ltr', 'Nov 20', '8.1%', 7]],
])('a browser that asks for %j, on a device that has chosen %s, is shown %j', (languages, chosen, expected) => {
  expect(spoken(languages, chosen)).toEqual(expected);
});
