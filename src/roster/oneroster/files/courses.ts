import { listIn } from '../values';
import type { FileSpec } from './spec';

export const courses: FileSpec = {
  file: 'courses',
  table: 'courses',
  columns: { school_id: 'bigint', title: 'text', course_code: 'text', subjects: 'text', grades: 'text' },
  keepsDeleted: true,
  values: (row, { schools }) => ({
    school_id: schools.get(row.get('orgSourcedId')) ?? null,
    title: row.get('title'),
    course_code: row.get('courseCode'),
    subjects: listIn(row.get('subjects')).join(','),
    grades: listIn(row.get('grades')).join(','),
  }),
};
