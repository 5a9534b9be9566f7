import { gradesIn, listText, textIn } from '../values';
import type { FileSpec } from './spec';

export const courses: FileSpec = {
  file: 'courses',
  table: 'courses',
  columns: { school_id: 'bigint', title: 'text', course_code: 'text', subjects: 'text', grades: 'text' },
  keepsDeleted: true,
  values: (row, { schools }) => ({
    school_id: schools.get(row.get('orgSourcedId')) ?? null,
    title: textIn(row, 'title'),
    course_code: textIn(row, 'courseCode'),
    subjects: listText(row, 'subjects'),
    grades: gradesIn(row),
  }),
};
