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
  folder = mkdtempSync(join(tmpdir(), 'rollbook-calendar-'));
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

const calendar = (...args: string[]) =>
  rollbook(['calendar', ...args, '--district', 'Larkspur'], { DATABASE_URL: world.url });
const weeks = () => world.database.knex('schools').orderBy('number').pluck('weekdays');
const file = (text: string) => {
  writeFileSync(join(folder, 'days.csv'), text);
  return join(folder, 'days.csv');
};
const days = async () =>
  (
    await world.database
      .knex('calendar_days')
      .join('schools', 'schools.id', 'school_id')
      .orderBy(['number', 'date'])
      .select('number', 'date')
  ).map(({ number, date }) => `${number} ${date}`);

test('the week is set of one school, of several, and of all', async () => {
  expect((await calendar('week', 'sun-thu', '--school', '300')).stdout).toBe(
    'Schools: 1. Open: monday, tuesday, wednesday, thursday, sunday.\n',
  );
  expect(await weeks()).toEqual(['12345', '12347']);
  await calendar('week', 'Mon-Sat', '--school', '200', '300');
  expect(await weeks()).toEqual(['123456', '123456']);
  await calendar('week', 'mon,tue,thu', '--all-schools');
  expect(await weeks()).toEqual(['124', '124']);
});

test.each([
  ['a week that is none', ['week', 'mon-noday', '--all-schools'], 'It must be weekdays like mon-fri'],
  ['no school', ['week', 'mon-fri'], 'Say which schools: --school <number>, or --all-schools.'],
  ['a school that is not there', ['week', 'mon-thu', '--school', '200', '999'], 'There is no school 999'],
])('%s changes nothing', async (_what, args, sentence) => {
  const { code, stderr } = await calendar(...args);
  expect([code, stderr.includes(sentence)]).toEqual([1, true]);
  expect(await weeks()).toEqual(['12345', '12345']);
});

test('holidays are set in many schools at once, or in those that the file names', async () => {
  await calendar('import', file('date,reason\n2026-11-26,Thanksgiving\n'), '--all-schools');
  expect(await days()).toEqual(['200 2026-11-26', '300 2026-11-26']);
  await calendar('import', file('school,date\n200,2026-12-24\n300,2026-12-25\n200,2026-12-28\n'));
  expect((await days()).slice(1)).toEqual(['200 2026-12-24', '200 2026-12-28', '300 2026-11-26', '300 2026-12-25']);
});

test('a file that names a school that is not there sets nothing', async () => {
  const { code, stderr } = await calendar('import', file('school,date\n200,2026-12-24\n999,2026-12-25\n'));
  expect([code, stderr]).toEqual([1, 'rollbook: There is no school 999 in district Larkspur.\n']);
  expect(await days()).toEqual([]);
});
