import { LETTER_FIELD, type LetterField } from '../../lib/letter-fields';
import type { LetterLanguage } from '../../lib/usual-letters';

/** How days and shares are written in a letter of a language. */
export interface LetterFormat {
  /** `November 20, 2026`: a letter is kept, so the year is always there. */
  day(day: string): string;
  /** `12.1%` */
  percent(share: number): string;
}

/**
 * By the language of the letter, whatever that of the page is: in the variant of the district where it has one of the language
 * (`es-MX`), else as it is written in the United States.
 */
export function letterFormat(language: LetterLanguage, districtLanguage: string): LetterFormat {
  const locale = districtLanguage.startsWith(`${language}-`) ? districtLanguage : `${language}-US`;
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', year: 'numeric', month: 'long', day: 'numeric' });
  const shares = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return {
    day: (day) => days.format(new Date(`${day}T00:00:00Z`)),
    percent: (share) => shares.format(share),
  };
}

/**
 * The text with what is known in place of its fields; what else is in braces stays. A line with fields of which none is known
 * is left out.
 */
export const filled = (text: string, values: Readonly<Record<LetterField, string>>): string =>
  text
    .split('\n')
    .map((line) => {
      const known = [...line.matchAll(LETTER_FIELD)].map(([field, name]) => values[name as LetterField] ?? field);
      if (known.length > 0 && known.every((value) => value === '')) return undefined;
      return line.replace(LETTER_FIELD, () => known.shift()!);
    })
    .filter((line) => line !== undefined)
    .join('\n');
