import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';

/** The longest letter, in UTF-16 units: it is to fit on a page. */
export const LONGEST_LETTER = 4_000;

const example = 'Dear family of {name},\n\n{name} has missed {days_missed} of {days} days.';

const language = oneOf(['en', 'es'], {
  description: 'In which the letter is: dates and percentages stand in it as that language has them.',
  examples: ['es'],
});

export const LetterBody = closed(
  {
    text: Type.String({
      maxLength: LONGEST_LETTER,
      description:
        'Plain text, with fields in braces, which the page for letters lists. Empty: the usual text of the language.',
      examples: [example],
    }),
    language: Type.Optional({ ...language, default: 'en' }),
  },
  {
    title: 'LetterChange',
    description: 'What the school writes to the families of students who are chronically absent.',
    examples: [{ text: example }, { text: '', language: 'es' }],
  },
);

export const LetterReply = closed(
  {
    text: Type.String({ description: 'What is written, with fields in braces.', examples: [example] }),
    language,
    usual: Type.Boolean({ description: 'Whether it is the usual text: the school has none of its own.' }),
  },
  {
    title: 'Letter',
    description: 'What the school writes to the families of students who are chronically absent.',
    examples: [{ text: example, language: 'en', usual: false }],
  },
);
export type Letter = TypeOf<typeof LetterReply>;
