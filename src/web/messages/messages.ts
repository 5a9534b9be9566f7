/*
 * `src/web/messages/`: What the pages say: catalogues of ICU MessageFormat for each language, which the build compiles
 * (`compile.ts`), and in which language (`language.ts`). What a teacher reads is in `en-pages.ts`, and part of the first load.
 */
import { batch, signal } from '@preact/signals-core';
import type { messages as enLater } from './en-later';
import type { messages as enLti } from './en-lti';
import type { messages as enOffice } from './en-office';
import { messages as enPages } from './en-pages';
import type { messages as enSettings } from './en-settings';
import { keepLanguage, type Language, language } from './language';

export type MessageKey =
  | keyof typeof enPages
  | keyof typeof enLater
  | keyof typeof enLti
  | keyof typeof enOffice
  | keyof typeof enSettings;

/** The build makes a function of each message that has places, which answers its parts one by one. */
type Catalogue = Readonly<Record<string, string | ((values: Readonly<Record<string, unknown>>) => unknown[])>>;

/** Only what a roll says is in the first load. Another language is fetched by who reads it. */
const catalogues = {
  pages: {
    en: async () => ({ messages: enPages }),
    es: () => import('./es-pages.js'),
    pseudo: () => import('./pseudo-pages.js'),
  },
  later: {
    en: () => import('./en-later.js'),
    es: () => import('./es-later.js'),
    pseudo: () => import('./pseudo-later.js'),
  },
  office: {
    en: () => import('./en-office.js'),
    es: () => import('./es-office.js'),
    pseudo: () => import('./pseudo-office.js'),
  },
  lti: {
    en: () => import('./en-lti.js'),
    es: () => import('./es-lti.js'),
    pseudo: () => import('./pseudo-lti.js'),
  },
  settings: {
    en: () => import('./en-settings.js'),
    es: () => import('./es-settings.js'),
    pseudo: () => import('./pseudo-settings.js'),
  },
} as const;

export type Part = keyof typeof catalogues;

const said = signal<Catalogue>(enPages);

/** What is to be said, by now: an answer that is late says less. */
let wanted: { readonly language: Language; readonly parts: readonly Part[] } = {
  language: language.peek(),
  parts: ['pages'],
};

async function bring(): Promise<void> {
  let asked: typeof wanted;
  let found: readonly { readonly messages: Catalogue }[];
  do {
    asked = wanted;
    const own = asked.language === 'en' || asked.language === 'es' ? asked.language : 'pseudo';
    found = await Promise.all(asked.parts.map((part) => catalogues[part][own]()));
  } while (asked !== wanted);
  batch(() => {
    said.value = Object.assign({}, ...found.map((part) => part.messages));
    language.value = asked.language;
  });
}

/** Has the pages speak the language of the device; English, where the other one cannot be fetched. */
export function beginToSpeak(...parts: readonly Part[]): Promise<void> {
  wanted = { ...wanted, parts: ['pages', ...parts] };
  return bring().catch(() => {
    wanted = { ...wanted, language: 'en' };
    return bring();
  });
}

/** Part of the pages that is fetched when it is wanted, once what it says is there, too. */
export async function withMessages<Module>(module: Promise<Module>, ...parts: readonly Part[]): Promise<Module> {
  wanted = { ...wanted, parts: [...new Set([...wanted.parts, ...parts])] };
  const [found] = await Promise.all([module, bring()]);
  return found;
}

/** Has the pages speak another language from now on, on this device. Throws where it cannot be fetched: nothing changes then. */
export async function speak(next: Language): Promise<void> {
  const before = wanted;
  wanted = { ...wanted, language: next };
  try {
    await bring();
    keepLanguage(next);
  } catch (error) {
    wanted = { ...wanted, language: before.language };
    throw error;
  }
}

/** A message in the language of the page, in parts where it has places. */
export function partsOf(key: MessageKey, values: Readonly<Record<string, unknown>> = {}): string | unknown[] {
  const message = said.value[key] ?? key;
  return typeof message === 'function' ? message(values) : message;
}

/** A message in the language of the page. */
export function t(key: MessageKey, values?: Readonly<Record<string, string | number>>): string {
  const parts = partsOf(key, values);
  return Array.isArray(parts) ? parts.flat(Number.POSITIVE_INFINITY).join('') : parts;
}
