import { bundle, type Files, openRoster, type Roster, replaced, withEnrollments } from './bundles';

let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
});
afterEach(() => roster.close());

const users = String(bundle['users.csv']);
const fields = (count: number, of: number) =>
  `It has ${count} fields, the header ${of}; a comma may not be quoted, or a field be missing.`;
const NUL = 'There is a NUL character in it.';

describe('a row that does not have as many fields as the header', () => {
  const shifted: readonly [string, Files, number][] = [
    ['a comma is not quoted', replaced('users.csv', 'ada@example.org', 'ada@example.org,ada@home.example'), 19],
    ['two commas are not quoted', replaced('users.csv', ',Ada,', ',Ada, Augusta, Countess,'), 20],
    ['a field is missing', replaced('users.csv', 'A1,ada@example.org', 'A1'), 17],
  ];

  test.each(shifted)('is refused where %s, and no password is kept or told', async (_what, files, count) => {
    const report = await roster.importFiles(files);
    expect(report.refused).toContainEqual({ file: 'users.csv', line: 2, column: '', reason: fields(count, 18) });
    expect(report.counts.users).toEqual({ inserted: 1, updated: 0, ended: 0, refused: 1 });
    expect(JSON.stringify([report, await roster.everything()])).not.toContain('hunter2');
  });

  test.each(shifted)('changes and ends nothing where %s', async (_what, files) => {
    await roster.importFiles(bundle);
    const before = await roster.everything();
    const { refused } = await roster.importFiles(files);
    expect(await roster.everything()).toEqual(before);
    expect(refused).toHaveLength(2);
    expect(refused[1]).toMatchObject({
      file: 'users.csv',
      line: 0,
      reason: 'Rows refused: 1. They may be about the 1 not listed; nothing was ended.',
    });
  });

  test('is understood where it only has empty fields more', async () => {
    const text = users.replaceAll('hunter2\n', 'hunter2,, ,\n');
    expect((await roster.importFiles({ ...bundle, 'users.csv': text })).refused).toEqual([]);
  });

  test('ends nothing though a stray quote has swallowed other rows', async () => {
    await roster.importFiles(withEnrollments('e1,,,k,s,ada,student,,,\ne2,,,k,s,emmy,teacher,,,\n'));
    const report = await roster.importFiles(
      withEnrollments('e0,,,k,s,ada,teacher,,,\ne1,,,k,s,ada,"student,,,\ne2,,,k,s,emmy,"teacher",,,\n'),
    );
    expect(report.refused).toMatchObject([
      { line: 3, column: '', reason: 'A quote that opens in it is not closed on its line.' },
      { line: 0, reason: expect.stringContaining('the 2 not listed') },
    ]);
    expect(report.counts.enrollments).toEqual({ inserted: 1, updated: 0, ended: 0, refused: 1 });
  });
});

/** A row that is wrong, between two that are right. */
const wrong: readonly [string, string, string, string, string][] = [
  ['orgs.csv', 'sourcedId', 'x\u0000,,,X,school,1,', 'd,,,', NUL],
  ['orgs.csv', 'name', 'x,,,X\u0000,school,1,', 'd,,,', NUL],
  ['academicSessions.csv', 'startDate', 'x,,,X,term,0000-01-01,,,', 't2,,,', '"0000-01-01" is not a day'],
  ['academicSessions.csv', 'endDate', 'x,,,X,term,,12/31/0000,,', 't2,,,', '"12/31/0000" is not a day'],
  ['academicSessions.csv', 'endDate', 'x,,,X,term,,99999-01-01,,', 't2,,,', '"99999-01-01" is not a day'],
  ['courses.csv', 'orgSourcedId', 'x,,,,X,X,07,s\u0000,,', 'c,,,', NUL],
  ['classes.csv', 'termSourcedIds', 'x,,,X,07,c,X,,,s,"t1,t\u00002",,,', 'k,,,', NUL],
  ['classes.csv', 'courseSourcedId', 'x,,,X,07,\u0000,X,,,s,t1,,,', 'k,,,', NUL],
  ['classes.csv', 'schoolSourcedId', 'x,,,X,07,c,X,,,\u0000s,t1,,,', 'k,,,', NUL],
  ['users.csv', 'orgSourcedIds', 'x,,,true,"s,\u0000",student,,,X,X,,,,,,,,', 'emmy,,,', NUL],
  ['users.csv', 'status', 'x,\u0000,,true,s,student,,,X,X,,,,,,,,', 'emmy,,,', NUL],
  ['enrollments.csv', 'sourcedId', '\u0000,,,k,s,ada,student,,,', 'e2,,,', NUL],
  ['enrollments.csv', 'classSourcedId', 'x,,,\u0000,s,ada,student,,,', 'e2,,,', NUL],
  ['enrollments.csv', 'userSourcedId', 'x,,,k,s,ada\u0000,student,,,', 'e2,,,', NUL],
  ['enrollments.csv', 'beginDate', 'x,,,k,s,ada,student,,00000101,', 'e2,,,', '"00000101" is not a day'],
  ['enrollments.csv', 'endDate', 'x,,,k,s,ada,student,,,1/1/0000', 'e2,,,', '"1/1/0000" is not a day'],
];

test.each(wrong)(
  '%s: a wrong %s is refused on both engines, and the rest goes in',
  async (file, column, row, before, reason) => {
    const report = await roster.importFiles(replaced(file, `\n${before}`, `\n${row}\n${before}`));
    const line =
      file === 'orgs.csv'
        ? 2
        : String(bundle[file])
            .split('\n')
            .findIndex((text) => text.startsWith(before)) + 1;
    expect(report.refused).toEqual([{ file, line, column, reason: expect.stringContaining(reason) }]);
    const inserted = Object.values(report.counts).map((count) => count.inserted);
    expect(inserted).toEqual([1, 2, 1, 1, 2, 2]);
  },
);

const long = (length: number) => 'x'.repeat(length);
test.each([
  ['email', replaced('users.csv', 'ada@example.org', long(1_000_000)), 1_000_000],
  ['givenName', replaced('users.csv', ',Ada,', `,${long(801)},`), 801],
  ['role', replaced('users.csv', ',student,', `,${long(801)},`), 801],
])('an %s longer than any real one is refused, on both engines', async (column, files, length) => {
  const report = await roster.importFiles(files);
  const reason = `It has ${length} characters; at most 800 are kept.`;
  expect(report.refused[0]).toEqual({ file: 'users.csv', line: 2, column, reason });
  expect(report.counts.users).toMatchObject({ inserted: 1, refused: 1 });
});

test('an e-mail as long as is kept, of the longest characters, goes in', async () => {
  const random = Array.from({ length: 800 }, (_, index) => String.fromCodePoint(0x4e00 + ((index * 7919) % 20_000)));
  const report = await roster.importFiles(replaced('users.csv', 'ada@example.org', random.join('')));
  expect(report.refused).toEqual([]);
});

test('half a character in UTF-16 becomes the sign for what cannot be read', async () => {
  const text = Buffer.from(`\ufeff${users.replace(',Ada,', ',A\ud800da,')}`, 'utf16le');
  const report = await roster.importFiles({ ...bundle, 'users.csv': text });
  expect(report.refused).toEqual([]);
  expect((await roster.everything()).people![0]).toMatchObject({ given_name: 'A\ufffdda' });
});

test('a byte that is no UTF-8 below a mark that says it is becomes the same sign', async () => {
  const [before, after] = users.split(',Ada,');
  const text = Buffer.concat([Buffer.from(`\ufeff${before},A`), Buffer.of(0xff), Buffer.from(`da,${after}`)]);
  const report = await roster.importFiles({ ...bundle, 'users.csv': text });
  expect(report.refused).toEqual([]);
  expect((await roster.everything()).people![0]).toMatchObject({ given_name: 'A\ufffdda' });
});

test('a class that is refused keeps its terms', async () => {
  await roster.importFiles(bundle);
  const before = await roster.everything();
  const row = String(bundle['classes.csv']).split('\n')[1]!;
  const duplicate = await roster.importFiles(replaced('classes.csv', row, `${row}\n${row.replace('t1,t2', 't1')}`));
  expect(duplicate.refused).toMatchObject([{ line: 3, column: 'sourcedId' }]);
  const nonsense = await roster.importFiles(
    replaced('classes.csv', row, row.replace('k,,', 'k,nonsense,').replace('t1,t2', 't1')),
  );
  expect(nonsense.refused).toMatchObject([{ line: 2, column: 'status' }]);
  expect(await roster.everything()).toEqual(before);
});

test('text after a closing quote belongs to the value, spaces around quotes do not', async () => {
  const report = await roster.importFiles(
    replaced('users.csv', ',Ada,Lovelace,', ', "Ada, ""A.""" ,"Lovelace" (Byron),'),
  );
  expect(report.refused).toEqual([]);
  expect((await roster.everything()).people![0]).toMatchObject({
    given_name: 'Ada, "A."',
    family_name: '"Lovelace" (Byron)',
  });
});
