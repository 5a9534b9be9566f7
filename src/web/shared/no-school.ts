import { t } from '../messages/messages';

/** Says that a day is not a school day, and why where the school has said so. */
export const noSchoolOn = (day: string, reason: string): string =>
  reason ? t('day.no-school.because', { day, reason }) : t('day.no-school', { day });
