import { t } from '../../messages/messages';
import { clock } from '../../shared/days';
import { session } from '../../shared/session';

/** When somebody, or a program, last did something: a use is noted, and those within an hour after it are not. */
export const lastUse = (usedAt: string | null): string =>
  usedAt ? t('access.used', { time: clock(usedAt, session.value!.district.time_zone) }) : t('access.no-use');
