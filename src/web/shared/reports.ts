import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';

/** What a rate says where the school counts so, and answers are `assumed`. */
export const assumedText = (): string => t('report.assumed');

/** What a device has kept from before says nothing of kept days. */
type KeptStudent = Omit<MonthStudent, 'kept_days'> & Partial<Pick<MonthStudent, 'kept_days'>>;

export const isEnrolled = (student: KeptStudent, date: string): boolean =>
  [student, ...(student.kept_days ?? [])].some(({ begin_date, end_date }) => begin_date <= date && date < end_date);
