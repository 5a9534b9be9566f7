import { Problem } from '../errors';

/** What a row can say. `section` and `student` name by any of their ids, the longer ones by just that one. */
export const columns = [
  'section',
  'section_id',
  'section_sourced_id',
  'student',
  'student_id',
  'student_sourced_id',
  'student_number',
  'enrollment',
  'date',
  'status',
  'code',
  'comment',
] as const;
export type Column = (typeof columns)[number];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** By their names without case, spaces and signs; with those of OneRoster and of reports. */
const known = new Map<string, Column>([
  ...columns.map((column) => [plain(column), column] as const),
  ['classsourcedid', 'section_sourced_id'],
  ['usersourcedid', 'student_sourced_id'],
  ['identifier', 'student_number'],
  ['enrollmentid', 'enrollment'],
]);

/** What an export has beside the ids for who reads it; nothing goes by it. */
const shownOnly = new Set(['section_title', 'family_name', 'given_name'].map(plain));
export const isShownOnly = (heading: string): boolean => shownOnly.has(plain(heading));

/** The column that a heading names, e.g. `Student Number`; undefined where it is none that is read. */
export const columnNamed = (heading: string): Column | undefined => known.get(plain(heading));

/** What rows cannot do without: one of each. */
const needed: readonly (readonly Column[])[] = [
  ['enrollment', 'section', 'section_id', 'section_sourced_id'],
  ['enrollment', 'student', 'student_id', 'student_sourced_id', 'student_number'],
  ['date'],
  ['status', 'code'],
];

/** Hands on the headings of a file, each under the name of its column; BODY_INVALID where rows could not be understood. */
export function checkedHeadings(headings: readonly string[]): string[] {
  const names = headings.map((heading) => columnNamed(heading) ?? heading.trim());
  const twice = names.find((name, index) => columnNamed(name) && names.indexOf(name) < index);
  if (twice) throw new Problem('BODY_INVALID', `The first line has the column ${twice} twice.`);
  const missing = needed.find((some) => !some.some((column) => names.includes(column)));
  if (missing)
    throw new Problem('BODY_INVALID', `The first line must name a column ${missing.join(' or ')}; ${why(names)}`);
  return names;
}

const separators = new Map([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]);

/** The text itself is not repeated, since a file without a first line of its own begins with a student. */
function why(names: readonly string[]): string {
  const separator = [...separators].find(([sign]) => names.length === 1 && names[0]!.includes(sign));
  if (separator) return `the columns are separated by ${separator[1]}, and must be by commas.`;
  return `of its ${names.length === 1 ? 'one column' : `${names.length} columns`} none is called so.`;
}
