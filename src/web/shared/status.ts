import { t } from '../messages/messages';

/** The four statuses: as the ledger numbers them, and as rollbook's API names them. */
export const statuses = [
  { status: 1, name: 'present' },
  { status: 2, name: 'absent' },
  { status: 3, name: 'late' },
  { status: 4, name: 'excused' },
] as const;

export type Status = (typeof statuses)[number]['status'];

export const PRESENT: Status = 1;

/** What a status is called on the page. */
export const wordOf = (status: Status | null): string => t(status === null ? 'status.none' : `status.${status}`);

/** `2 absent` */
export const countOf = (status: Status, n: number): string => t(`count.${status}`, { n });

/** What stands for a status where there is room for a letter, and marks it on the keyboard. */
export const letterOf = (status: Status): string => t(`letter.${status}`);

/** What a letter on the keyboard means. */
export const statusOfKey = (key: string): Status | undefined =>
  statuses.find(({ status }) => letterOf(status) === key.toUpperCase())?.status;
