import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld, type World } from '../world';
import { envOf } from './many';
import { rollbook } from './process';

jest.setTimeout(60_000);

const DAY = '2025-10-07';
let world: World;
let folder: string;
beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-marks-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const file = (text: string | Buffer): string => {
  const path = join(folder, 'file.csv');
  writeFileSync(path, text);
  return path;
};
const run = (...args: string[]) => rollbook([...args, '--district', 'Larkspur'], envOf(world));
const marks = async () =>
  (await world.database.knex('marks').orderBy('date').orderBy('enrollment_id')).map(
    ({ enrollment_id, date, status, comment }) => [enrollment_id, date, status, comment],
  );
const history = () => world.ledger.history({ district: world.districts.larkspur });

const csv = [
  'Section,Student,Date,Status,Comment,Room',
  `algebra,ada,${DAY},absent,ill,12`,
  `algebra,grace,2025-10-11,3,,12`,
  `algebra,nobody,${DAY},absent,,12`,
].join('\n');

test('a dry run says what an import then does, and writes nothing', async () => {
  const path = file(csv);
  const dry = await run('marks', 'import', path, '--dry-run');
  expect([dry.code, dry.stderr, dry.stdout]).toEqual([
    2,
    '',
    [
      `line 2: Ada Lovelace, Algebra, ${DAY}: not taken -> absent`,
      'line 3: Grace Hopper, Algebra, 2025-10-11: not taken -> late. 2025-10-11 is no school day (weekend); it counts in no rate.',
      'line 4: refused. student must be the id, sourcedId, or student number of a student, not "nobody".',
      'Columns not read: Room',
      'Would change 2, unchanged 0, refused 1.',
      '',
    ].join('\n'),
  ]);
  expect([await marks(), await history()]).toEqual([[], []]);

  const done = await run('marks', 'import', path, '--json');
  expect([done.code, JSON.parse(done.stdout)]).toMatchObject([
    2,
    { dry_run: false, counts: { changed: 2, unchanged: 0, refused: 1 }, ignored: ['Room'], rows: [{}, {}, {}] },
  ]);
  const { ada, grace } = world.enrollments;
  expect(await marks()).toEqual([
    [ada, DAY, 2, 'ill'],
    [grace, '2025-10-11', 3, ''],
  ]);
  expect((await history())[0]).toMatchObject({ api: 'rollbook', client_id: null });
  expect((await run('marks', 'import', path)).stdout).toMatch(/Changed 0, unchanged 2, refused 1.\n$/);
});

test('a file of more rows than one transaction takes is previewed and imported alike, also where rows meet again', async () => {
  const day = (at: number) => new Date(Date.UTC(2025, 8, 1 + (at % 200))).toISOString().slice(0, 10);
  const { ada, grace, adaInBiology } = world.enrollments;
  const statuses = ['absent', 'late', 'present', 'excused', 'absent'];
  const row = (at: number) => `${[ada, grace, adaInBiology][at % 3]},${day(at * 7)},${statuses[at % 5]},${at % 11}`;
  const path = file(
    ['enrollment,date,status,comment', ...Array.from({ length: 5_600 }, (_, at) => row(at))].join('\n'),
  );
  const [dry, done] = [
    await run('marks', 'import', path, '--dry-run', '--json'),
    await run('marks', 'import', path, '--json'),
  ].map(({ stdout }) => JSON.parse(stdout));
  expect(done.rows).toHaveLength(5_600);
  expect(done).toEqual({ ...dry, dry_run: false });
});

test('an export comes in again unchanged, and the same into an emptied year', async () => {
  const { ada, grace } = world.enrollments;
  await world.ledger.record(
    [
      { enrollment: ada, date: DAY, status: 2, comment: '=1,"x"\n' },
      { enrollment: grace, date: '2025-10-08', status: 4, comment: 'Zürich' },
    ],
    world.actor,
  );
  const before = await marks();
  const { stdout, code } = await run('marks', 'export');
  expect([code, stdout.split('\r\n')[0]]).toEqual([
    0,
    'section,section_title,student,student_number,family_name,given_name,enrollment,date,status,code,comment',
  ]);
  const path = file(stdout);
  expect((await run('marks', 'import', path)).stdout).toBe('Changed 0, unchanged 2, refused 0.\n');
  for (const table of ['journal', 'marks', 'meetings']) await world.database.knex(table).delete();
  expect((await run('marks', 'import', path)).code).toBe(0);
  expect(await marks()).toEqual(before);
  const only = await run('marks', 'export', '--json', '--from', '2025-10-08', '--school', '200', '--section', '1');
  expect(JSON.parse(only.stdout).marks).toMatchObject([{ enrollment: grace, comment: 'Zürich' }]);
});

test('what a spreadsheet saved in another character set is read as it was meant', async () => {
  const text = `enrollment,date,status,comment\r\n${world.enrollments.ada},${DAY},late,Zürich\r\n`;
  await run('marks', 'import', file(Buffer.from(text, 'latin1')));
  expect(await marks()).toEqual([[world.enrollments.ada, DAY, 3, 'Zürich']]);
  const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  expect((await run('marks', 'import', file(marked))).stdout).toBe('Changed 0, unchanged 1, refused 0.\n');
});

test.each([
  [
    'breaks off within quotes',
    `enrollment,date,status\n2,${DAY},2\n"3,${DAY},2\n`,
    /The file is not CSV: Quote Not Closed/,
  ],
  ['is empty', '', /The file is empty/],
  ['lacks a column', `enrollment,status\n2,2\n`, /The first line must name a column date/],
])('a file that %s changes nothing', async (_case, text, message) => {
  const { code, stdout, stderr } = await run('marks', 'import', file(text));
  expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(message)]);
  expect(await marks()).toEqual([]);
});

test('a file that is not there, and a district, are said to be missing', async () => {
  expect((await run('marks', 'import', join(folder, 'none.csv'))).stderr).toMatch(/There is no file .*none.csv/);
  const elsewhere = await rollbook(['marks', 'export', '--district', 'Nowhere'], envOf(world));
  expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringMatching(/There is no district Nowhere/)]);
});

describe('calendars', () => {
  const calendar = (...args: string[]) => run('calendar', ...args, '--school', '200');

  test('are set from a file, and listed', async () => {
    const path = file('Date,School_day,Reason\n2025-11-27,,Thanksgiving\n2025-12-06,yes,"Storm, made up"\n');
    expect(await calendar('import', path)).toMatchObject({ code: 0, stdout: 'Set 2 days.\n' });
    expect(JSON.parse((await calendar('list', '--json')).stdout)).toEqual([
      { date: '2025-11-27', school_day: false, reason: 'Thanksgiving' },
      { date: '2025-12-06', school_day: true, reason: 'Storm, made up' },
    ]);
    expect((await calendar('list', '--from', '2025-12-01')).stdout).not.toContain('Thanksgiving');
  });

  test('are not touched by a file with a wrong row', async () => {
    const path = file('date,school_day\n2025-11-27,no\n28 Nov 2025,perhaps\n');
    expect(await calendar('import', path)).toMatchObject({
      code: 1,
      stdout: '',
      stderr:
        'rollbook: Nothing was set.\nrow 2: date must be a day, YYYY-MM-DD, not "28 Nov 2025"\n' +
        'row 2: school_day must be true or false, not "perhaps"\n',
    });
    expect(JSON.parse((await calendar('list', '--json')).stdout)).toEqual([]);
    expect((await run('calendar', 'list', '--school', '9')).stderr).toMatch(
      /There is no school 9 in district Larkspur/,
    );
  });
});

test('the order of days that a row proves is taken, with a warning', async () => {
  const { ada, grace } = world.enrollments;
  const path = file(`enrollment,date,status\n${ada},10/09/2025,absent\n${grace},10/14/2025,late\n`);
  const { code, stdout } = await run('marks', 'import', path);
  expect([code, stdout.split('\n')[0]]).toEqual([
    0,
    'Days are read month-first, as line 3 proves: 10/14/2025. Look whether they are right.',
  ]);
  expect(await marks()).toEqual([
    [ada, '2025-10-09', 2, ''],
    [grace, '2025-10-14', 3, ''],
  ]);
  const unproven = await run('marks', 'import', file(`enrollment,date,status\n${ada},10/09/2025,late\n`));
  expect([unproven.code, unproven.stdout.includes('refused')]).toEqual([2, true]);
});

test('a workbook is refused by its name, and by what is in it', async () => {
  const named = join(folder, 'week.xlsx');
  writeFileSync(named, 'PK\u0003\u0004');
  for (const path of [named, file('PK\u0003\u0004...')]) {
    const { code, stderr } = await run('marks', 'import', path);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/is a workbook; save it as CSV in the spreadsheet, and send that\.\n$/),
    ]);
  }
});
