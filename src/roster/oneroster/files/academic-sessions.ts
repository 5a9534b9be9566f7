import { FIRST_DAY, LAST_DAY } from '../../../days';
import { daysIn, textIn } from '../values';
import type { FileSpec } from './spec';

export const academicSessions: FileSpec = {
  file: 'academicSessions',
  table: 'terms',
  columns: { title: 'text', type: 'text', begin_date: 'date', end_date: 'date', school_year: 'text' },
  keepsDeleted: true,
  values(row) {
    return {
      title: textIn(row, 'title'),
      type: textIn(row, 'type'),
      ...daysIn(row, 'startDate', { begin: FIRST_DAY, end: LAST_DAY }),
      school_year: textIn(row, 'schoolYear'),
    };
  },
};
