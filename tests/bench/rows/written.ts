import BetterSqlite3 from 'better-sqlite3';
import { fileOf, type School } from '../school/build';

/*
 * What has been written, read past rollbook: a figure counts only if the rows are there.
 */

export const marksIn = (school: School): number => rowsOf(fileOf(school), 'select count(*) from marks');

export function expectMarks(school: School, count: number): void {
  const found = marksIn(school);
  if (found !== count) throw new Error(`There were to be ${count} marks; there are ${found}.`);
}

/** Columns that are the same whoever wrote the rows, and when. */
const columns = {
  marks: 'section_id, date, enrollment_id, status, comment, client_id',
  meetings: 'section_id, date',
  journal: 'section_id, date, enrollment_id, from_status, to_status, to_comment, api, client_id',
  sections: 'id, revision',
};

/** Both databases hold the same, or the comparison is of no use. */
export function expectSameRows(one: School, other: School): void {
  for (const [table, names] of Object.entries(columns)) {
    const rows = (of: string) => `select ${names} from ${of}.${table}`;
    const sizes = ['main', 'other'].map((of) => count(one, other, `select count(*) from ${of}.${table}`));
    const unlike = ['main', 'other'].map((of, index) =>
      count(one, other, `select count(*) from (${rows(of)} except ${rows(['other', 'main'][index]!)})`),
    );
    if (sizes[0] !== sizes[1] || unlike.some((rows) => rows > 0) || sizes[0] === 0)
      throw new Error(`${table} has ${sizes.join(' and ')} rows, of which ${unlike.join(' and ')} differ.`);
  }
}

const count = (one: School, other: School, sql: string): number =>
  rowsOf(fileOf(one), sql, (connection) => connection.prepare('attach ? as other').run(fileOf(other)));

function rowsOf(
  file: string,
  sql: string,
  prepare: (connection: BetterSqlite3.Database) => unknown = () => undefined,
): number {
  const connection = new BetterSqlite3(file);
  try {
    prepare(connection);
    return connection.prepare(sql).pluck().get() as number;
  } finally {
    connection.close();
  }
}
