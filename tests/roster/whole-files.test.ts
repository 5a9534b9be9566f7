import { openOneRoster } from '../../src/roster/oneroster/import';
import { BundleError } from '../../src/roster/oneroster/source';
import { bundle, changes, type Files, openRoster, type Roster, withEnrollments } from './bundles';

let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
});
afterEach(() => roster.close());

/** Imports the bundle and then these files; what is refused, when nothing else has come of it. */
async function refusedWithoutChange(files: Files) {
  await roster.importFiles(bundle);
  const before = await roster.everything();
  const report = await roster.importFiles(files);
  expect(await roster.everything()).toEqual(before);
  expect(changes(report)).toBe(0);
  return report.refused;
}

const users = String(bundle['users.csv']);
const enrollments = String(bundle['enrollments.csv']);
const file = (name: string, line: number, reason: string) => ({ file: name, line, column: '', reason });

test.each([
  ['semicolons', ';'],
  ['tabs', '\t'],
  ['bars', '|'],
])('a file separated by %s is refused, and ends nothing', async (called, separator) => {
  const refused = await refusedWithoutChange({ ...bundle, 'users.csv': users.replaceAll(',', separator) });
  const reason = `The columns are separated by ${called}; they must be by commas. Nothing of it was read.`;
  expect(refused).toEqual([file('users.csv', 1, reason)]);
});

test.each<[string, string | Buffer, number, string]>([
  ['without any byte', '', 0, 'The file is empty; its first line must name the columns.'],
  ['of empty lines', '\n\n \r\n', 0, 'The file is empty; its first line must name the columns.'],
  ['of a byte order mark', '\ufeff', 0, 'The file is empty; its first line must name the columns.'],
  [
    'without a header',
    users.slice(users.indexOf('\n') + 1),
    1,
    'The first line has 18 columns, but none is called sourcedId; it must name the columns. Nothing of it was read.',
  ],
  [
    'whose header has other names',
    `\n${users.replace('sourcedId', 'id')}`,
    2,
    'The first line has 18 columns, but none is called sourcedId; it must name the columns. Nothing of it was read.',
  ],
  [
    'in UTF-16 without a byte order mark',
    Buffer.from('sourcedId\n', 'utf16le'),
    1,
    'The first line has 1 column, but none is called sourcedId; it must name the columns. Nothing of it was read.',
  ],
  [
    'that names a column twice',
    users.replace('familyName', 'GivenName '),
    1,
    'The header has "givenname" twice; which one counts cannot be told.',
  ],
])('a file %s is refused, and ends nothing', async (_what, content, line, reason) => {
  expect(await refusedWithoutChange({ ...bundle, 'users.csv': content })).toEqual([file('users.csv', line, reason)]);
});

test('a bulk file that lists nothing is refused, and ends nothing', async () => {
  const refused = await refusedWithoutChange(withEnrollments(''));
  expect(refused).toEqual([file('enrollments.csv', 0, 'It lists nothing; nothing was ended.')]);
});

test('a bulk file that lists nothing is fine where there is nothing to end', async () => {
  expect((await roster.importFiles(withEnrollments(''))).refused).toEqual([]);
});

test('a delta that lists nothing is fine', async () => {
  const manifest = { 'manifest.csv': 'propertyName,value\nfile.enrollments,delta\n' };
  expect(await refusedWithoutChange({ ...withEnrollments(''), ...manifest })).toEqual([]);
});

test('a quote that is never closed loses what comes after it, not what stood before, and ends nothing', async () => {
  await roster.importFiles(bundle);
  const report = await roster.importFiles({
    ...bundle,
    'enrollments.csv': enrollments.replace('e2,', 'e3,,,k,s,ada,student,,,\n"e2,'),
  });
  expect(report.refused).toEqual([
    file(
      'enrollments.csv',
      3,
      'The file cannot be read after this line: a quote opens and is never closed. Nothing was ended.',
    ),
  ]);
  expect(report.counts.enrollments).toEqual({ inserted: 1, updated: 0, ended: 0, refused: 0 });
});

test('a header with spaces, quotes and empty columns at its end is understood', async () => {
  const text = users.replace('sourcedId,status', ' "SOURCEDID" , "Status"').replace('password\n', 'password,,\n');
  expect(await refusedWithoutChange({ ...bundle, 'users.csv': text })).toEqual([]);
});

test('lines that end in LF below a header that ends in CRLF are lines', async () => {
  expect(await refusedWithoutChange({ ...bundle, 'users.csv': users.replace('\n', '\r\n') })).toEqual([]);
});

describe('roles.csv', () => {
  const header = 'sourcedId,status,userSourcedId,roleType,role,orgSourcedId\n';
  const roles = `${header}r1,,ada,primary,student,s\nr2,,emmy,primary,teacher,s\n`;

  test.each([
    ['is empty', '', 0],
    ['has semicolons', roles.replaceAll(',', ';'), 1],
  ])('when it %s, it is refused together with the users', async (_what, content, line) => {
    const refused = await refusedWithoutChange({ ...bundle, 'roles.csv': content });
    expect(refused).toEqual([
      { file: 'roles.csv', line, column: '', reason: expect.any(String) },
      file('users.csv', 0, 'It was not read, as it goes with roles.csv.'),
    ]);
  });

  test.each([
    ['userSourcedId', 'r3,,a\u0000da,primary,student,s', 'There is a NUL character in it.'],
    ['role', 'r3,,ada,primary,stu\u0000dent,s', 'There is a NUL character in it.'],
    ['', 'r3,,ada,primary', 'It has 4 fields, the header 6; a comma may not be quoted, or a field be missing.'],
  ])('a row with a wrong "%s" is refused, the others count', async (column, row, reason) => {
    const refused = await refusedWithoutChange({ ...bundle, 'roles.csv': `${roles}${row}\n` });
    expect(refused).toEqual([{ file: 'roles.csv', line: 4, column, reason }]);
  });
});

test.each<[string, Files]>([
  ['with semicolons', { 'manifest.csv': 'propertyName;value\nfile.users;delta\n' }],
  ['without any byte', { 'manifest.csv': '' }],
  ['of a mode that nobody knows', { 'manifest.csv': 'propertyName,value\nfile.users,changes\n' }],
  ['of no mode', { 'manifest.csv': 'propertyName,value\nfile.users\n' }],
  ['of a NUL', { 'manifest.csv': 'propertyName,value\nfile.users,del\u0000ta\n' }],
])('a bundle with a manifest %s is none, rather than to be taken for bulk', async (_what, files) => {
  roster.write({ ...bundle, ...files });
  await expect(openOneRoster(roster.folder)).rejects.toBeInstanceOf(BundleError);
});

test('a folder with the same file twice is no bundle', async () => {
  roster.write({ ...bundle, 'Users.CSV': users });
  await expect(openOneRoster(roster.folder)).rejects.toThrow(/There are two files [Uu]sers/);
});
