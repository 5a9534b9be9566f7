import { computed, signal } from '@preact/signals-core';

/** What the pages speak, each language by its own name. */
export const languages = { en: 'English', es: 'Español' } as const;

/**
 * Offered to nobody: the build makes them of English, in letters with accents, so that a test sees what is written past the
 * catalogues. The second is read from right to left. CLDR has pseudo-locales of these names.
 */
const pseudo = ['en-XA', 'ar-XB'] as const;

export type Language = keyof typeof languages | (typeof pseudo)[number];

const isLanguage = (tag: string | null | undefined): tag is Language =>
  Object.keys(languages).includes(tag!) || pseudo.includes(tag as (typeof pseudo)[number]);

/** Of an entry of localStorage, which stays when somebody signs out: the language is the device's. */
const NAME = 'rollbook.language';

/** What of a browser is looked at. Where storage is forbidden, it throws for being asked for. */
const browser = globalThis as unknown as {
  readonly navigator?: { readonly languages?: readonly string[] };
  readonly localStorage: { getItem(name: string): string | null; setItem(name: string, value: string): void };
};

function chosen(): Language | undefined {
  try {
    const tag = browser.localStorage.getItem(NAME);
    return isLanguage(tag) ? tag : undefined;
  } catch {
    return undefined; // a browser may keep nothing
  }
}

/**
 * What the browser asks for, the most wanted first. Some have a locale that Intl does not know (`en-US@posix`, of a LANG of the
 * system), for which it throws a RangeError.
 */
const asked: readonly string[] = (browser.navigator?.languages ?? []).flatMap((tag) => {
  try {
    return Intl.getCanonicalLocales(tag);
  } catch {
    return [];
  }
});

const languageOf = (tag: string): string => tag.split('-')[0]!;

/** The language of the page: what was chosen on this device, else the first that the browser asks for and the pages speak. */
export const language = signal<Language>(chosen() ?? asked.map(languageOf).find(isLanguage) ?? 'en');

/** Remembers on this device which language was chosen. */
export function keepLanguage(next: Language): void {
  try {
    browser.localStorage.setItem(NAME, next);
  } catch {
    // It is good for this page.
  }
}

const known = computed(() => {
  const own = language.value === 'es' ? 'es' : 'en';
  return asked.find((tag) => languageOf(tag) === own) ?? `${own}-US`;
});

/**
 * The locale of dates and numbers (BCP 47): the browser's own where that is of the language of the page (`en-GB`), else that of the
 * language in the United States.
 */
export const locale = (): string => known.value;

/** On which side a line begins. */
export const direction = (): 'ltr' | 'rtl' => (/^(ar|fa|he|ur)\b/.test(language.value) ? 'rtl' : 'ltr');

/** ECMA-402, 14.3: browsers have one of the two, or neither. */
interface WeekLocale {
  readonly weekInfo?: { readonly firstDay: number };
  getWeekInfo?(): { readonly firstDay: number };
}

/** With which weekday a week begins where the page is read: 1 is Monday, 7 is Sunday. */
export function firstWeekday(): number {
  const week = new Intl.Locale(locale()) as Intl.Locale & WeekLocale;
  return (week.getWeekInfo?.() ?? week.weekInfo)?.firstDay ?? 7;
}
