/** What can stand in braces in a letter about chronic absence, and what stands there once it is written. */
export const letterFields = {
  name: 'what the student is called',
  number: 'the number of the student',
  grade: 'the grade of the student',
  school: 'the name of the school',
  district: 'the name of the district',
  days_missed: 'how many days the student has missed',
  days: 'of how many days something is known',
  percent: 'how much of school that is: 12.1%',
  from: 'the first day that is counted',
  to: 'the last day that is counted',
  today: 'the day on which the letter is written',
} as const;
export type LetterField = keyof typeof letterFields;

/** A field, as it stands in a letter. */
export const LETTER_FIELD = /\{([^{}\n]*)\}/g;
