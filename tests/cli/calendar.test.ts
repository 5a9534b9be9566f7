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

describe('where days were counted already', () => {
  /** A Tuesday and a Saturday. */
  const [TUESDAY, SATURDAY] = ['2025-10-07', '2025-10-11'];
  beforeEach(async () => {
    const { ada, grace } = world.enrollments;
    for (const date of [TUESDAY, SATURDAY])
      await world.ledger.record(
        [
          { enrollment: ada, date, status: 2 },
          { enrollment: grace, date, status: 1 },
        ],
        world.actor,
      );
  });
  const OUT = `Days that were counted, and count no longer: 1, ${TUESDAY} to ${TUESDAY}; student days: 2, absent: 1.\n`;
  const IN = `Days that were not counted, and count now: 1, ${SATURDAY} to ${SATURDAY}; student days: 2, absent: 1.\n`;
  const DRY = 'This was a dry run: nothing was changed.\n';

  test.each([
    ['a week without Tuesdays', () => ['week', 'wed-fri'], OUT],
    ['a week with Saturdays', () => ['week', 'mon-sat'], IN],
    ['a week of other days', () => ['week', 'wed-sat'], OUT + IN],
    ['a holiday', () => ['import', file(`date\n${TUESDAY}\n2025-10-08\n`)], OUT],
    [
      'school on a Saturday, in a file that names its school',
      () => ['import', file(`school,date,school_day\n200,${SATURDAY},yes\n`)],
      IN,
    ],
  ])('%s is not set before somebody has confirmed what it does to them', async (_what, args, said) => {
    const place = (asked: string[]) =>
      asked[1]!.endsWith('.csv') && said === IN ? asked : [...asked, '--all-schools'];
    const noted = () => world.database.knex('setting_changes').select('api', 'what', 'school_id', 'detail');
    const state = async () => [await weeks(), await days(), await noted()];
    const before = await state();
    const dry = await calendar(...place(args()), '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, said + DRY]);
    const asked = await calendar(...place(args()));
    expect([asked.code, asked.stdout]).toEqual([1, '']);
    expect(asked.stderr).toContain(said);
    expect(await state()).toEqual(before);
    const done = await calendar(...place(args()), '--yes');
    expect([done.code, done.stdout.endsWith(said)]).toEqual([0, true]);
    expect(await state()).not.toEqual(before);
    const kept = await noted();
    expect(kept).toContainEqual(expect.objectContaining({ api: `calendar ${args()[0]}` }));
    const again = await calendar(...place(args()), '--json');
    expect(JSON.parse(again.stdout).counted).toMatchObject({ out: { days: 0, student_days: 0 }, in: { days: 0 } });
    expect(await noted()).toEqual(kept);
  });

  test('a day to come is set as it is', async () => {
    const { code, stdout } = await calendar('import', file('date\n2199-10-07\n'), '--school', '200');
    expect([code, stdout]).toEqual([0, 'Set 1 days.\n']);
  });
});
