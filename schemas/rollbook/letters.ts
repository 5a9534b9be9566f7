import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';

/** The longest letter, in UTF-16 units: it is to fit on a page. */
export const LONGEST_LETTER = 4_000;

const example = 'Dear family of {name},\n\n{name} has missed {days_missed} of {days} days.';

export const LetterBody = closed(
  {
    text: Type.String({
      maxLength: LONGEST_LETTER,
      description: 'Plain text, with fields in braces, which the page for letters lists. Empty: the usual text.',
      examples: [example],
    }),
  },
  {
    title: 'LetterChange',
    description: 'What the school writes to the families of students who are chronically absent.',
    examples: [{ text: example }],
  },
);

export const LetterReply = closed(
  {
    text: Type.String({ description: 'What is written, with fields in braces.', examples: [example] }),
    usual: Type.Boolean({ description: 'Whether it is the usual text: the school has none of its own.' }),
  },
  {
    title: 'Letter',
    description: 'What the school writes to the families of students who are chronically absent.',
    examples: [{ text: example, usual: false }],
  },
);
export type Letter = TypeOf<typeof LetterReply>;
