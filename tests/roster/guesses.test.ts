import { openOneRoster } from '../../src/roster/oneroster/import';
import { bundleOf, type Said } from './builder';
import { type Files, openRoster, type Roster } from './bundles';

/** Nothing is guessed in silence: what can be meant is read, else a row of the report says so. */
let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
});
afterEach(() => roster.close());

const knex = () => roster.database.knex;
const days = async (sourced_id = 'ada') => {
  const { begin_date, end_date } = await knex()('enrollments').where({ sourced_id }).first();
  return [begin_date, end_date];
};
const people = [{ id: 'ada' }, { id: 'grace' }];
const dated = (...dates: [begin: string, end: string][]): Said => ({
  people,
  enrollments: dates.map(([begin, end], index) => ({ id: people[index]!.id, begin, end })),
});
const warned = ({ warnings }: Awaited<ReturnType<Roster['importFiles']>>) =>
  warnings.map(({ file, line, column, rows }) => [file, line, column, rows]);

test('a session of a class that does not resolve is warned of by line, once for all rows', async () => {
  const terms = ['gone'];
  const report = await roster.importFiles(bundleOf({ classes: [{ id: 'k' }, { id: 'l', terms }, { id: 'm', terms }] }));
  expect(report.refused).toEqual([]);
  expect(report.warnings).toEqual([
    {
      file: 'classes.csv',
      line: 3,
      column: 'termSourcedIds',
      reason: '"gone" is no session of academicSessions.csv that was imported.',
      rows: 2,
    },
  ]);
});

test('a school and a course that do not resolve are warned of', async () => {
  const files = bundleOf({ classes: [{ id: 'k', school: 'elsewhere' }] });
  expect(warned(await roster.importFiles(files))).toEqual([['classes.csv', 2, 'schoolSourcedId', 1]]);
});

describe('an org of a user', () => {
  const orgs = (files: Files): Files => ({
    ...files,
    'orgs.csv': `${files['orgs.csv']}d,,,Rivers District,district,D,\n`,
  });

  test('that does not resolve is warned of by line, once for all rows; the district resolves', async () => {
    const people = [
      { id: 'ada', school: 'd' },
      { id: 'grace', school: 'gone' },
      { id: 'alan', school: 'gone' },
    ];
    const report = await roster.importFiles(orgs(bundleOf({ people })));
    expect([report.refused, report.counts.users.inserted]).toEqual([[], 3]);
    expect(report.warnings).toEqual([
      {
        file: 'users.csv',
        line: 3,
        column: 'orgSourcedIds',
        reason: '"gone" is no org of orgs.csv, nor a school that was imported.',
        rows: 2,
      },
    ]);
  });

  test('is warned of where it is the primary one of OneRoster 1.2', async () => {
    const files = orgs(bundleOf({ version: '1.2', people: [{ id: 'ada' }, { id: 'grace', school: 'gone' }] }));
    const users = String(files['users.csv']).replace('orgSourcedIds', 'primaryOrgSourcedId');
    expect(warned(await roster.importFiles({ ...files, 'users.csv': users }))).toEqual([
      ['users.csv', 3, 'primaryOrgSourcedId', 1],
    ]);
  });

  test.each(['absent', 'delta'] as const)('may be a district that orgs.csv need not list, being %s', async (mode) => {
    await roster.importFiles(orgs(bundleOf({})));
    const files = bundleOf({ modes: { orgs: mode }, schools: [], people: [{ id: 'ada', school: 'd' }] });
    expect(warned(await roster.importFiles(files))).toEqual([]);
  });
});

test('a parent of a session that does not resolve is warned of; it may stand below or have been imported', async () => {
  const session = (id: string, parent: string) => `${id},,,${id},term,2025-08-25,2026-06-12,${parent},2026\n`;
  const sessions = (mode: 'bulk' | 'delta', ...rows: string[]) => {
    const files = bundleOf({ modes: { academicSessions: mode, classes: 'absent' } });
    const [header] = String(files['academicSessions.csv']).split('\n');
    return { ...files, 'academicSessions.csv': `${header}\n${rows.join('')}` };
  };
  const first = sessions('bulk', session('fall', 'year'), session('lost', 'gone'), session('year', ''));
  const report = await roster.importFiles(first);
  expect(report.refused).toEqual([]);
  expect(report.warnings).toEqual([
    {
      file: 'academicSessions.csv',
      line: 3,
      column: 'parentSourcedId',
      reason: '"gone" is no session of academicSessions.csv, nor one that was imported.',
      rows: 1,
    },
  ]);
  expect(warned(await roster.importFiles(sessions('delta', session('spring', 'year'))))).toEqual([]);
});

test.each([
  ['0001-01-01', '', 'beginDate', 'It is 0001-01-01: one that is new begins in the year 1, another as it did.'],
  ['', '9999-12-31', 'endDate', 'It is 9999-12-31: it has no end.'],
])('of an enrollment from %s to %s it is said that its row says so', async (begin, end, column, reason) => {
  const report = await roster.importFiles(bundleOf(dated([begin, end])));
  expect(report.refused).toEqual([]);
  expect(report.warnings).toEqual([{ file: 'enrollments.csv', line: 2, column, reason, rows: 1 }]);
  expect(await days()).toEqual([begin || '2025-08-25', end || '2026-06-12']);
});

test('of a session that begins in the year 1 it is said whether its row says so', async () => {
  const begins = async (begin: string) =>
    (await roster.importFiles(bundleOf({ sessions: [{ id: 'year', begin, end: '2026-06-12' }] }))).warnings[0]!.reason;
  expect(await begins('0001-01-01')).toBe('It is 0001-01-01: the session begins in the year 1.');
  expect(await begins('')).toBe('It is empty: the session begins in the year 1.');
});

test('the columns of OneRoster 1.0 are read', async () => {
  const files = bundleOf({ version: '1.0', people, enrollments: [{ id: 'ada' }] });
  const classes = String(files['classes.csv'])
    .replace('termSourcedIds', 'termSourcedId')
    .replace(',grades,', ',grade,');
  const report = await roster.importFiles({ ...files, 'classes.csv': classes.replace('Class k,', 'Class k,07') });
  expect([report.refused, report.warnings]).toEqual([[], []]);
  expect(await days()).toEqual(['2025-08-25', '2026-06-12']);
  expect((await knex()('sections').first()).grades).toBe('07');
});

test('a bundle without a manifest is taken for bulk, and a manifest that does not name a file', async () => {
  expect(warned(await roster.importFiles(bundleOf({ modes: null })))).toEqual([['manifest.csv', 0, '', 1]]);
  const files = bundleOf({});
  const manifest = String(files['manifest.csv']).replace('file.users,bulk\n', '');
  expect(warned(await roster.importFiles({ ...files, 'manifest.csv': manifest }))).toEqual([['users.csv', 0, '', 1]]);
});

test('an enrollment of which nothing says when it begins or ends is warned of', async () => {
  const report = await roster.importFiles(
    bundleOf({ classes: [{ id: 'k', terms: [] }], people, enrollments: [{ id: 'ada' }, { id: 'grace' }] }),
  );
  expect(warned(report)).toEqual([
    ['enrollments.csv', 2, 'beginDate', 2],
    ['enrollments.csv', 2, 'endDate', 2],
  ]);
});

describe('a day with slashes', () => {
  test('is read where another row of the file proves that the month is first', async () => {
    const report = await roster.importFiles(bundleOf(dated(['05/09/2026', ''], ['', '05/25/2026'])));
    expect(report.refused).toEqual([]);
    expect(await days()).toEqual(['2026-05-09', '2026-06-12']);
  });

  test.each([
    [
      'where another row proves that the day is first',
      ['05/09/2026', '25/05/2026'],
      'another row of the file has the day first',
    ],
    ['where nothing proves an order', ['05/09/2026', '04-05-2026'], 'no row of the file says which'],
    ['where rows prove both', ['05/09/2026', '05/25/2026', '25/05/2026'], 'some rows of the file have the month first'],
  ])('is refused %s', async (_where, [begin, ...ends], why) => {
    const said = dated([begin!, ''], ['', ends[0]!]);
    const more = [...said.enrollments!, ...ends.slice(1).map((end) => ({ id: 'more', person: 'ada', end }))];
    const { refused, counts } = await roster.importFiles(bundleOf({ ...said, enrollments: more }));
    const first = refused.find(({ line }) => line === 2)!;
    expect([first.file, first.column, first.reason.includes(why)]).toEqual(['enrollments.csv', 'beginDate', true]);
    expect(await knex()('enrollments').where({ sourced_id: 'ada' })).toEqual([]);
    expect(counts.enrollments.ended).toBe(0);
  });

  test('is read where both parts are the same', async () => {
    expect((await roster.importFiles(bundleOf(dated(['05/05/2026', ''])))).refused).toEqual([]);
    expect((await days())[0]).toBe('2026-05-05');
  });
});

describe('an instant is the day that it is in the district', () => {
  test.each([
    ['2025-09-02T03:00:00Z', 'America/Chicago', '2025-09-01', true],
    ['2025-09-01T20:30:00.000+0000', 'Asia/Tokyo', '2025-09-02', true],
    ['2025-09-02T12:00:00Z', 'America/Chicago', '2025-09-02', false],
    ['2025-09-02T00:00:00-05:00', 'America/Chicago', '2025-09-02', false],
    ['2025-09-02T03:00:00', 'America/Chicago', '2025-09-02', false],
  ])('%s in %s is %s', async (instant, timeZone, day, isMoved) => {
    const report = await roster.importFiles(bundleOf(dated([instant, ''])), undefined, undefined, { timeZone });
    expect([report.refused, (await days())[0]]).toEqual([[], day]);
    expect(warned(report)).toEqual(isMoved ? [['enrollments.csv', 2, 'beginDate', 1]] : []);
  });

  test.each(['2025-09-02T99:00:00Z', '2025-13-02T03:00:00Z'])('%s is none', async (instant) => {
    const report = await roster.importFiles(bundleOf(dated([instant, ''])));
    expect(report.refused).toMatchObject([{ file: 'enrollments.csv', line: 2, column: 'beginDate' }]);
  });
});

test('NULL, N/A, n/a and a Ctrl-Z at the end count as nothing, but in the names of people', async () => {
  const files = bundleOf({
    people: [{ id: 'ada', given: 'NULL', family: 'NULL', number: 'NULL', email: 'N/A' }],
    enrollments: [{ id: 'ada', begin: 'n/a', end: 'N/A', status: 'NULL' }],
  });
  const withEnd = (name: string) => ({ [name]: `${files[name]}\u001a` });
  const report = await roster.importFiles({ ...files, ...withEnd('users.csv'), ...withEnd('enrollments.csv') });
  expect([report.refused, report.counts.users.inserted]).toEqual([[], 1]);
  expect(await days()).toEqual(['2025-08-25', '2026-06-12']);
  expect(await knex()('people').first()).toMatchObject({
    given_name: 'NULL',
    family_name: 'NULL',
    identifier: '',
    email: '',
  });
});

test('a Ctrl-Z right behind the last value is no part of it', async () => {
  const files = bundleOf(dated(['2025-09-01', '2026-05-29']));
  const text = String(files['enrollments.csv']).trimEnd();
  expect((await roster.importFiles({ ...files, 'enrollments.csv': `${text}\u001a` })).refused).toEqual([]);
  expect(await days()).toEqual(['2025-09-01', '2026-05-29']);
});

test('a workbook is refused by its name', async () => {
  roster.write({ 'roster.xlsx': Buffer.from('PK\u0003\u0004') });
  await expect(openOneRoster(`${roster.folder}/roster.xlsx`)).rejects.toThrow('roster.xlsx is a workbook');
});
