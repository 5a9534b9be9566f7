import { listIn } from '../values';
import type { FileSpec } from './spec';

export const classes: FileSpec = {
  file: 'classes',
  table: 'sections',
  columns: {
    school_id: 'bigint',
    course_id: 'bigint',
    title: 'text',
    section_code: 'text',
    class_type: 'text',
    location: 'text',
    periods: 'text',
    subjects: 'text',
    grades: 'text',
  },
  keepsDeleted: true,
  // The file of courses or of orgs is often absent: the section does without them.
  values: (row, references) => ({
    school_id: references.schools.get(row.get('schoolSourcedId')) ?? null,
    course_id: references.courses.get(row.get('courseSourcedId')) ?? null,
    title: row.get('title') || row.get('classCode') || row.get('sourcedId'),
    section_code: row.get('classCode'),
    class_type: row.get('classType').toLowerCase() === 'homeroom' ? 'homeroom' : 'scheduled',
    location: row.get('location'),
    periods: listIn(row.get('periods')).join(','),
    subjects: listIn(row.get('subjects')).join(','),
    grades: listIn(row.get('grades')).join(','),
  }),
};
