import type { MonthStudent } from '../../../schemas/rollbook/history';

/** What a rate says where the school counts so, and answers are `assumed`. */
export const ASSUMED = 'In schools that say so, who is not marked on a past roll that nobody took counts as present.';

/** What a device has kept from before says nothing of kept days. */
type KeptStudent = Omit<MonthStudent, 'kept_days'> & Partial<Pick<MonthStudent, 'kept_days'>>;

export const isEnrolled = (student: KeptStudent, date: string): boolean =>
  [student, ...(student.kept_days ?? [])].some(({ begin_date, end_date }) => begin_date <= date && date < end_date);
