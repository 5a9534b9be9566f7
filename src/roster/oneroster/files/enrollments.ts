import { FIRST_DAY, LAST_DAY } from '../../../days';
import { shown } from '../../../shown';
import type { Row } from '../csv';
import { ValueError } from '../errors';
import { daysIn } from '../values';
import type { FileSpec } from './spec';

/** Whether the role makes its bearer one who teaches; other roles than these are not in a class. */
const roles = new Map([
  ['student', false],
  ['teacher', true],
  ['administrator', true],
  ['aide', true],
  ['proctor', true],
]);

export const enrollments: FileSpec = {
  file: 'enrollments',
  table: 'enrollments',
  columns: {
    section_id: 'bigint',
    person_id: 'bigint',
    admin: 'boolean',
    begin_date: 'date',
    end_date: 'date',
    inherits_begin: 'boolean',
    inherits_end: 'boolean',
  },
  keepsDeleted: false,
  endsToday: true,
  userIn: 'userSourcedId',
  dates: ['beginDate', 'endDate'],
  values(row, { sections, people, spans }, reading) {
    const section_id = required(row, 'classSourcedId', sections, 'class of classes.csv');
    const person_id = required(row, 'userSourcedId', people, 'user of users.csv');
    const admin = roles.get(row.get('role').toLowerCase());
    if (admin === undefined)
      throw new ValueError(
        'role',
        `${shown(row.get('role'))} is not enrolled in classes; ${[...roles.keys()].join(', ')} are.`,
      );
    const span = spans.get(section_id) ?? { begin: FIRST_DAY, end: LAST_DAY };
    const days = daysIn(row, 'beginDate', span, reading);
    if (days.begin_date === FIRST_DAY) reading.warn(row, 'beginDate', unsaid('begins', 'it begins in the year 1'));
    if (days.end_date === LAST_DAY) reading.warn(row, 'endDate', unsaid('ends', 'it has no end'));
    const inherited = { inherits_begin: row.get('beginDate') === '', inherits_end: row.get('endDate') === '' };
    return { section_id, person_id, admin, ...days, ...inherited };
  },
};

const unsaid = (verb: string, so: string): string =>
  `Neither the row nor a term of its class says when the enrollment ${verb}: ${so}.`;

function required(row: Row, column: string, ids: ReadonlyMap<string, number>, what: string): number {
  const id = ids.get(row.get(column));
  if (id === undefined) throw new ValueError(column, `${shown(row.get(column))} is no ${what} that was imported.`);
  return id;
}
