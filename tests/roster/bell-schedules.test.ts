import fc from 'fast-check';
import type { Problem } from '../../src/lib/problem';
import { openBellSchedules, periodsOf, readPeriods, type SentPeriod, timeOf } from '../../src/roster/bell-schedules';
import { openWorld, type World } from '../world';

const violationsOf = (...sent: SentPeriod[]): string[] => {
  try {
    readPeriods(sent);
    return [];
  } catch (error) {
    return (error as Problem).violations.map(({ field, message }) => `${field} ${message}`);
  }
};

describe('what is read of a period', () => {
  test.each([
    ['8:30', '08:30'],
    ['08:30', '08:30'],
    [' 08:30:00 ', '08:30'],
    ['8:30:15', '08:30:15'],
    ['0:00', '00:00'],
    ['13:05', '13:05'],
    ['1:05 PM', '13:05'],
    ['1:05pm', '13:05'],
    ['1:05 p.m.', '13:05'],
    ['12:00 AM', '00:00'],
    ['12:10 pm', '12:10'],
    ['11:59 AM', '11:59'],
  ])('%p is %s', (start, time) => {
    const [period] = readPeriods([{ period: '1', start, end: '23:59:59' }]);
    expect(timeOf(period!.start_time)).toBe(time);
  });

  test('a period may end at midnight', () => {
    expect(readPeriods([{ period: 'Late', start: '23:00', end: '24:00' }])).toEqual([
      { period: 'Late', start_time: 82_800, end_time: 86_400 },
    ]);
  });

  test.each<[sent: SentPeriod, violation: string]>([
    [{ start: '8:30', end: '9:15' }, 'periods.0.period must be up to 24 characters without a comma, not missing'],
    [{ period: '', start: '8:30', end: '9:15' }, 'periods.0.period must be up to 24'],
    [{ period: '1,2', start: '8:30', end: '9:15' }, 'periods.0.period must be up to 24'],
    [{ period: 'x'.repeat(25), start: '8:30', end: '9:15' }, 'periods.0.period must be up to 24'],
    [{ period: '1\u0000', start: '8:30', end: '9:15' }, 'periods.0.period must be up to 24'],
    [{ period: '1', end: '9:15' }, 'periods.0.start must be a time, like 08:30 or 1:05 PM, not missing'],
    [{ period: '1', start: '8.30', end: '9:15' }, 'periods.0.start must be a time'],
    [{ period: '1', start: '8:60', end: '9:15' }, 'periods.0.start must be a time'],
    [{ period: '1', start: '8:30', end: '24:01' }, 'periods.0.end must be a time'],
    [{ period: '1', start: '8:30', end: '13:15 PM' }, 'periods.0.end must be a time'],
    [{ period: '1', start: '0:30 AM', end: '9:15' }, 'periods.0.start must be a time'],
    [{ period: '1', start: '9:15', end: '9:15' }, 'periods.0.end must be after the start, 09:15, not "09:15"'],
    [{ period: '7', start: '12:55', end: '1:40' }, 'periods.0.end must be after the start, 12:55, not "01:40"'],
  ])('%j is refused', (sent, violation) => {
    const violations = violationsOf(sent);
    expect([violations.length, violations[0]]).toEqual([1, expect.stringContaining(violation)]);
  });

  test('a period is once in a list, or once for each school', () => {
    const first = { period: '1', start: '8:30', end: '9:15' };
    expect(violationsOf(first, { ...first, period: ' 1 ' })).toEqual([
      'periods.1.period must be in the file once, not " 1 "',
    ]);
    expect(violationsOf({ ...first, school: '200' }, { ...first, school: '300' })).toEqual([]);
  });

  test('all that is wrong is said, each with its row', () => {
    expect(violationsOf({ period: '', start: 'x', end: 'y' }, { period: '1', start: '8:30', end: 'z' })).toHaveLength(
      4,
    );
  });

  test('whatever is sent, it is read or refused; a time that is read is written and read again', () => {
    const known = fc.constantFrom('8:30', '9:15 pm', '24:00', '1', undefined, { toString: false }, ['8:30']);
    const cell = fc.oneof(fc.string(), known, fc.jsonValue());
    fc.assert(
      fc.property(fc.record({ period: cell, start: cell, end: cell }), (sent) => {
        if (violationsOf(sent).length > 0) return;
        const [period] = readPeriods([sent]);
        const { start_time, end_time } = period!;
        const again = { period: period!.period, start: timeOf(start_time), end: timeOf(end_time) };
        expect(readPeriods([again])).toEqual([period]);
      }),
    );
  });
});

test.each([
  ['', []],
  ['1', ['1']],
  [' 1 , 2,,Lunch B', ['1', '2', 'Lunch B']],
])('%p are the periods %j of a class', (periods, names) => {
  expect(periodsOf({ periods })).toEqual(names);
});

describe('a bell schedule', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  test('is replaced as a whole, of one school and one year, in one district', async () => {
    const bells = openBellSchedules(world.database);
    const { larkspur, elsewhere } = world.districts;
    const of = (year: number, district = larkspur) => bells.of({ district }, 1, year);
    const period = (name: string, start_time: number) => ({ period: name, start_time, end_time: start_time + 60 });
    const set = (year: number, ...periods: ReturnType<typeof period>[]) =>
      bells.set({ district: larkspur }, year, new Map([[1, periods]]));

    expect(await set(2025, period('2', 900), period('1', 600))).toBe(0);
    expect(await set(2026, period('1', 700))).toBe(0);
    expect(await of(2025)).toEqual([period('1', 600), period('2', 900)]);
    expect(await set(2025, period('1', 660), period('3', 1_200))).toBe(1);
    expect(await of(2025)).toEqual([period('1', 660), period('3', 1_200)]);
    expect(await of(2026)).toEqual([period('1', 700)]);
    expect(await of(2025, elsewhere)).toEqual([]);
  });

  test('where one school of several cannot be written, none is', async () => {
    const bells = openBellSchedules(world.database);
    const { larkspur: district } = world.districts;
    const { id: _, ...row } = await world.database.knex('schools').first();
    const [high] = await world.database
      .knex('schools')
      .insert({ ...row, sourced_id: 'high' })
      .returning('id');
    const first = { period: '1', start_time: 600, end_time: 660 };
    const schedules = new Map([
      [1, [first]],
      [high.id, [first, first]],
    ]);
    await expect(bells.set({ district }, 2025, schedules)).rejects.toMatchObject({
      message: expect.stringMatching(/unique/i),
    });
    expect(await bells.of({ district }, 1, 2025)).toEqual([]);
  });
});
