/** The four statuses, as the ledger numbers them. */
export const statuses = [
  { status: 1, letter: 'P', word: 'present' },
  { status: 2, letter: 'A', word: 'absent' },
  { status: 3, letter: 'L', word: 'late' },
  { status: 4, letter: 'E', word: 'excused' },
] as const;

export type Status = (typeof statuses)[number]['status'];

export const PRESENT: Status = 1;

export const wordOf = (status: Status | null): string => (status === null ? 'not taken' : statuses[status - 1]!.word);
export const letterOf = (status: Status): string => statuses[status - 1]!.letter;

/** What a letter on the keyboard means. */
export const statusOfKey = (key: string): Status | undefined =>
  statuses.find(({ letter }) => letter === key.toUpperCase())?.status;
