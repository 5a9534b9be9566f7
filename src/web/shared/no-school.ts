import { t } from '../messages/messages';

/** Why there is no school, in the words of whoever said so; that it is a weekend says rollbook itself, in its word for it. */
export const reasonNamed = (reason: string): string => (reason === 'weekend' ? t('weekend') : reason);

/** Says that a day is not a school day, and why where that is known. */
export const noSchoolOn = (day: string, reason: string): string =>
  reason ? t('day.no-school.because', { day, reason: reasonNamed(reason) }) : t('day.no-school', { day });
