import { openWorld, type World } from '../world';
import { envOf } from './many';
import { rollbook } from './process';

jest.setTimeout(60_000);

let world: World;
let school: number;
beforeEach(async () => {
  world = await openWorld();
  school = (await world.database.knex('schools').first()).id;
});
afterEach(() => world.close());

const run = (...args: string[]) => rollbook(['school', ...args], envOf(world));
const untaken = async () => (await world.database.knex('schools').where({ id: school }).first()).untaken;

test('the schools are listed with what their untaken rolls are, those of one district or of all', async () => {
  const { districts, database } = world;
  const other = {
    district_id: districts.elsewhere,
    sourced_id: 'other',
    name: 'Nightingale',
    type: 'school',
    number: '',
  };
  await database.knex('schools').insert(other);
  const own = {
    ...{ id: school, district_id: districts.larkspur, number: '200', name: 'Larkspur Middle School' },
    untaken: 'unknown',
    edit_days: null,
    grade_late: null,
    grade_excused: 'left_out',
  };
  expect(JSON.parse((await run('list', '--json', '--district', 'Larkspur')).stdout)).toEqual([own]);
  expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([
    own,
    expect.objectContaining({ name: 'Nightingale' }),
  ]);
  expect((await run('list', '--district', 'Larkspur')).stdout).toMatch(
    /^id +district_id +number +name +untaken +edit_days +grade_late +grade_excused\n.*Larkspur Middle School +unknown +left_out\n$/,
  );
  expect(await run('list', '--district', 'Nowhere')).toMatchObject({
    code: 1,
    stderr: 'rollbook: There is no district Nowhere; `rollbook district list` lists them.\n',
  });
});

test('a school is told that untaken rolls mean present, and that they do not', async () => {
  const set = await run('set', String(school), '--untaken', 'present', '--json');
  expect([set.code, JSON.parse(set.stdout)]).toMatchObject([0, { id: school, untaken: 'present' }]);
  expect(await untaken()).toBe('present');
  expect((await run('set', String(school), '--untaken', 'unknown')).stdout).toMatch(/unknown +left_out\n$/);
  expect(await untaken()).toBe('unknown');
});

test.each([
  ['another word', () => [String(school), '--untaken', 'absent'], /Allowed choices are unknown, present/],
  ['a school that is not there', () => ['999999', '--untaken', 'present'], /There is no school 999999/],
  ['what is no id', () => ['Larkspur', '--untaken', 'present'], /It must be a positive integer/],
])('%s changes nothing', async (_case, args, message) => {
  const { code, stderr } = await run('set', ...args());
  expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  expect(await untaken()).toBe('unknown');
});

test('a school is told for how many days teachers change a roll, and that there is no end', async () => {
  const days = async () => (await world.database.knex('schools').where({ id: school }).first()).edit_days;
  await run('set', String(school), '--edit-days', '5');
  expect(await days()).toBe(5);
  const { code, stderr } = await run('set', String(school), '--edit-days', 'week');
  expect([code, stderr, await days()]).toEqual([1, expect.stringContaining('from 0 to 366, or none'), 5]);
  await run('set', String(school), '--edit-days', 'none');
  expect(await days()).toBeNull();
  // Nobody was signed in: the command says who it was.
  expect(await world.database.knex('setting_changes').orderBy('id')).toMatchObject([
    { api: 'school set', client_id: null, by_person_id: null, what: 'edit_days_set', school_id: school, detail: '5' },
    { api: 'school set', client_id: null, by_person_id: null, what: 'edit_days_unlimited', school_id: school },
  ]);
});

test('a school is told what its attendance grade is made of, and that none is sent', async () => {
  const rule = async () => {
    const { grade_late, grade_excused } = await world.database.knex('schools').where({ id: school }).first();
    return [grade_late, grade_excused];
  };
  await run('set', String(school), '--grade-late', '80', '--grade-excused', 'present');
  expect(await rule()).toEqual([80, 'present']);
  const { code, stderr } = await run('set', String(school), '--grade-late', '101');
  expect([code, stderr, await rule()]).toEqual([1, expect.stringContaining('from 0 to 100, or none'), [80, 'present']]);
  await run('set', String(school), '--grade-late', 'none');
  expect(await rule()).toEqual([null, 'present']);
});
