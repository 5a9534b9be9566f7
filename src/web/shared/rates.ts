import { locale } from '../messages/language';
/** A count as it is read: `1,200`. */
export const counted = (count: number): string => count.toLocaleString(locale());

/** A share between 0 and 1 as it is read: `8.1%`; so many digits after the point. */
export const percent = (share: number, digits = 1): string =>
  share.toLocaleString(locale(), {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
