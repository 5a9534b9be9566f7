import type { language } from '../../src/web/shared/language';

/** What the language of dates and numbers is in a browser whose own language Intl knows, or refuses as Chromium does. */
const languageIn = (isKnown: boolean): typeof language => {
  const { DateTimeFormat } = Intl;
  /** No arrow, which `new` does not take. */
  function refusing(locale?: string, options?: Intl.DateTimeFormatOptions) {
    if (locale === undefined) throw new RangeError('Invalid language tag: en-US@posix');
    return new DateTimeFormat(locale, options);
  }
  let found: typeof language;
  try {
    if (!isKnown) Object.assign(Intl, { DateTimeFormat: refusing });
    jest.isolateModules(() => {
      found = require('../../src/web/shared/language').language;
      expect(require('../../src/web/shared/days').shortDay('2026-11-20')).toBe('Nov 20');
    });
  } finally {
    Object.assign(Intl, { DateTimeFormat });
  }
  return found;
};

test('dates are in the language of the browser, and in English where the browser has one that nobody knows', () => {
  expect([languageIn(true), languageIn(false)]).toEqual([undefined, 'en']);
});
