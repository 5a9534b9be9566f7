import { shown } from '../../../shown';
import type { Row } from '../csv';
import { gradesIn, listIn, listText, textIn } from '../values';
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
    inactive_from: 'date',
  },
  keepsDeleted: true,
  endsOn: 'inactive_from',
  terms: termsOf,
  // The file of courses or of orgs is often absent: the section does without them.
  values(row, references, { warn }) {
    const known = (column: string, ids: ReadonlyMap<string, number>, what: string): number | null => {
      const id = ids.get(row.get(column));
      if (id === undefined && row.get(column) !== '')
        warn(row, column, `${shown(row.get(column))} is no ${what} that was imported; the class is without one.`, what);
      return id ?? null;
    };
    for (const term of termsOf(row))
      if (!references.terms.has(term))
        warn(row, 'termSourcedIds', `${shown(term)} is no session of academicSessions.csv that was imported.`, 'term');
    return {
      school_id: known('schoolSourcedId', references.schools, 'school of orgs.csv'),
      course_id: known('courseSourcedId', references.courses, 'course of courses.csv'),
      title: textIn(row, 'title') || textIn(row, 'classCode') || row.get('sourcedId'),
      section_code: textIn(row, 'classCode'),
      class_type: row.get('classType').toLowerCase() === 'homeroom' ? 'homeroom' : 'scheduled',
      location: textIn(row, 'location'),
      periods: listText(row, 'periods'),
      subjects: listText(row, 'subjects'),
      grades: gradesIn(row),
      inactive_from: null,
    };
  },
};

/** OneRoster 1.0 has one term, in `termSourcedId`. */
function termsOf(row: Row): string[] {
  const terms = listIn(row, 'termSourcedIds');
  return terms.length > 0 ? terms : listIn(row, 'termSourcedId');
}
