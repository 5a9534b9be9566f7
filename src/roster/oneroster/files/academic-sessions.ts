import { FIRST_DAY, LAST_DAY } from '../../../days';
import { daysIn, textIn } from '../values';
import type { FileSpec } from './spec';

export const academicSessions: FileSpec = {
  file: 'academicSessions',
  table: 'terms',
  columns: { title: 'text', type: 'text', begin_date: 'date', end_date: 'date', school_year: 'text' },
  keepsDeleted: true,
  dates: ['startDate', 'endDate'],
  values(row, _references, reading) {
    const days = daysIn(row, 'startDate', { begin: FIRST_DAY, end: LAST_DAY }, reading);
    if (days.begin_date === FIRST_DAY) reading.warn(row, 'startDate', 'It is empty: the session begins in the year 1.');
    if (days.end_date === LAST_DAY) reading.warn(row, 'endDate', 'It is empty: the session has no end.');
    return {
      title: textIn(row, 'title'),
      type: textIn(row, 'type'),
      ...days,
      school_year: textIn(row, 'schoolYear'),
    };
  },
};
