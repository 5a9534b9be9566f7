import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld, type World } from '../world';
import { rollbook } from './process';

jest.setTimeout(60_000);

let world: World;
let folder: string;
beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-periods-'));
  const school = {
    district_id: world.districts.larkspur,
    sourced_id: 'high',
    name: 'High',
    type: 'school',
    number: '300',
  };
  await world.database.knex('schools').insert(school);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const periods = (...args: string[]) =>
  rollbook(['periods', ...args, '--district', 'Larkspur'], { DATABASE_URL: world.url });
const file = (text: string) => {
  writeFileSync(join(folder, 'bells.csv'), text);
  return join(folder, 'bells.csv');
};
const stored = async () =>
  (
    await world.database
      .knex('bell_periods')
      .join('schools', 'schools.id', 'school_id')
      .orderBy(['number', 'year', 'start_time'])
      .select('number', 'year', 'period', 'start_time', 'end_time')
  ).map((row) => Object.values(row).join(' '));

const BELLS = 'Period,Start,End\n1,8:30,9:15\n2,9:20,10:05\n3,1:05 PM,1:50 PM\n';

test('a bell schedule is set in a school year, listed with the classes of each period, and replaced', async () => {
  const set = await periods('import', file(BELLS), '--school', '200', '--year', '2025-26');
  expect([set.code, set.stdout]).toEqual([
    0,
    'Periods of 2025-26: 3. Schools: 1. Periods that were there and are no longer: 0.\n',
  ]);
  expect(await stored()).toEqual(['200 2025 1 30600 33300', '200 2025 2 33600 36300', '200 2025 3 47100 49800']);

  await world.database.knex('sections').where({ id: world.sections.biology }).update({ periods: '3, 4' });
  const listed = await periods('list', '--school', '200', '--year', '35', '--json');
  expect(JSON.parse(listed.stdout)).toEqual([
    { period: '1', start: '08:30', end: '09:15', classes: 1 },
    { period: '2', start: '09:20', end: '10:05', classes: 0 },
    { period: '3', start: '13:05', end: '13:50', classes: 1 },
    { period: '4', start: null, end: null, classes: 1 },
  ]);
  const { stdout } = await periods('list', '--school', '200', '--year', '2025-26');
  expect(stdout.split('\n').slice(0, 2)).toEqual(['period  start  end    classes', '1       08:30  09:15  1']);

  const replaced = await periods(
    'import',
    file('period;start;end\n1;8:35;9:15\n'),
    '--school',
    '200',
    '--year',
    '35',
    '--json',
  );
  expect(JSON.parse(replaced.stdout)).toEqual({ dry_run: false, year: '2025-26', schools: 1, set: 1, removed: 2 });
  expect(await stored()).toEqual(['200 2025 1 30900 33300']);
});

test('it is set of many schools at once, or of those that the file names, in this school year', async () => {
  await periods('import', file(BELLS), '--all-schools', '--year', '2024-25');
  expect((await stored()).map((row) => row.slice(0, 10))).toEqual(
    ['200', '300'].flatMap((number) => ['1', '2', '3'].map((period) => `${number} 2024 ${period}`)),
  );
  await world.database.knex('bell_periods').delete();
  const { code } = await periods('import', file('school,period,start,end\n200,1,8:30,9:15\n300,1,7:45,8:30\n'));
  expect(code).toBe(0);
  expect((await stored()).map((row) => row.split(' ').toSpliced(1, 1).join(' '))).toEqual([
    '200 1 30600 33300',
    '300 1 27900 30600',
  ]);
});

test('a dry run says the same, and sets nothing', async () => {
  await periods('import', file(BELLS), '--school', '200', '--year', '35');
  const before = await stored();
  const { code, stdout } = await periods(
    ...['import', file('period,start,end\n9,8:30,9:15\n'), '--school', '200', '--year', '35', '--dry-run'],
  );
  expect([code, stdout]).toEqual([
    0,
    'Periods of 2025-26: 1. Schools: 1. Periods that were there and are no longer: 3.\nThis was a dry run: nothing was changed.\n',
  ]);
  expect(await stored()).toEqual(before);
});

test.each([
  ['no school', BELLS, [], 'Say which schools: --school <number>, or --all-schools.'],
  ['a school that is not there', BELLS, ['--school', '200', '999'], 'There is no school 999 in district Larkspur.'],
  [
    'a school in the file that is not there',
    'school,period,start,end\n200,1,8:30,9:15\n999,1,8:30,9:15\n',
    [],
    'There is no school 999 in district Larkspur.',
  ],
  [
    'a school beside those in the file',
    'school,period,start,end\n200,1,8:30,9:15\n',
    ['--all-schools'],
    'The file says the school of each period; --school and --all-schools would say another.',
  ],
  ['a file without rows', 'period,start,end\n', ['--all-schools'], 'Nothing was set: the file has no periods.'],
  [
    'a row that is wrong',
    `${BELLS}4,1:55 PM,13:40\n`,
    ['--all-schools'],
    'Nothing was set.\nrow 4: end must be after the start, 13:55, not "13:40"',
  ],
  [
    'a period that is there twice',
    `${BELLS}1,14:00,14:45\n`,
    ['--school', '200'],
    'row 4: period must be in the file once',
  ],
  ['a school year that is none', BELLS, ['--school', '200', '--year', '2025'], 'It must be a school year like 2025-26'],
])('%s sets nothing', async (_what, text, args, sentence) => {
  const { code, stderr } = await periods('import', file(text), ...args);
  expect([code, stderr]).toEqual([1, expect.stringContaining(sentence)]);
  expect(await stored()).toEqual([]);
});
