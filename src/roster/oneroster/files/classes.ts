import { listIn, listText, textIn } from '../values';
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
  terms: (row) => listIn(row, 'termSourcedIds'),
  // The file of courses or of orgs is often absent: the section does without them.
  values: (row, references) => ({
    school_id: references.schools.get(row.get('schoolSourcedId')) ?? null,
    course_id: references.courses.get(row.get('courseSourcedId')) ?? null,
    title: textIn(row, 'title') || textIn(row, 'classCode') || row.get('sourcedId'),
    section_code: textIn(row, 'classCode'),
    class_type: row.get('classType').toLowerCase() === 'homeroom' ? 'homeroom' : 'scheduled',
    location: textIn(row, 'location'),
    periods: listText(row, 'periods'),
    subjects: listText(row, 'subjects'),
    grades: listText(row, 'grades'),
  }),
};
