import fc from 'fast-check';
import { openBellSchedules, type Period } from '../../../src/roster/bell-schedules';
import { runs } from '../../runs';
import { DAY, openSchool, type School, told } from './school';

/** What a template of meetings says of times, and that it can be posted as it was read. */
let school: School;
let ids: { ada: number; algebra: number };
let place: { district: number; school: number };
beforeEach(async () => {
  school = await openSchool();
  const { people, enrollments, districts, database } = school.world;
  ids = { ada: people.ada, algebra: enrollments.ada };
  const { id } = await database.knex('schools').where({ number: '200' }).first();
  place = { district: districts.larkspur, school: id };
});
afterEach(() => school.close());

const bells = (periods: readonly Period[], year = 2025, at = place) =>
  openBellSchedules(school.world.database).set(at, year, new Map([[at.school, periods]]));
const FIRST = { period: '1', start_time: 30_600, end_time: 33_300 };
const periodsOf = (class_: 'algebra' | 'biology', periods: string) => school.periods(class_, periods);
const template = async (att_date = DAY): Promise<Record<string, string>[]> =>
  (
    await school.ask('attendance.meeting_interval_attendance_template', {
      ...{ studentid: ids.ada, schoolid: '200', att_date },
    })
  ).map(({ attendance }) => attendance!);
const times = async (att_date?: string) =>
  (await template(att_date)).map(({ periodid, start_time, end_time }) => [periodid, start_time, end_time]);
const post = (records: readonly object[]) =>
  school.send('meeting_interval', ...records.map((attendance) => ({ tables: { attendance } })));
const meeting = (columns: object) => ({
  ...school.record({ att_mode_code: 'ATT_ModeMeeting', ccid: ids.algebra, attendance_codeid: school.code('T') }).tables
    .attendance,
  ...columns,
});

test('the times are those of the school, of the school year, and of the period', async () => {
  const { database, districts } = school.world;
  const { id: _, ...row } = await database.knex('schools').first();
  const another = async (district_id: number, number: string) =>
    (
      await database
        .knex('schools')
        .insert({ ...row, district_id, number, sourced_id: 'x' })
        .returning('id')
    )[0].id;
  await bells([FIRST], 2024);
  await bells([FIRST], 2025, { ...place, school: await another(place.district, '300') });
  const district = districts.elsewhere;
  await bells([FIRST], 2025, { district, school: await another(district, '200') });
  expect(await times()).toEqual([
    ['1', '', ''],
    ['1', '', ''],
    ['', '', ''],
  ]);
  await bells([{ period: '2', start_time: 36_000, end_time: 39_000 }, FIRST]);
  await periodsOf('biology', '2,9');
  expect(await times()).toEqual([
    ['1', '30600', '33300'],
    ['2', '36000', '39000'],
    ['9', '', ''],
    ['', '', ''],
  ]);
});

test('a record that was posted keeps the times that it has, and gets those of its period where it has none', async () => {
  await bells([FIRST, { period: '2', start_time: 36_000, end_time: 39_000 }]);
  await periodsOf('algebra', '1, 2');
  await post([
    meeting({ periodid: '1', start_time: 1, end_time: 2 }),
    meeting({ periodid: '2' }),
    meeting({ start_time: 5, end_time: 6 }),
    meeting({ att_mode_code: 'ATT_ModeInterval', att_interval: 1, periodid: '1' }),
  ]);
  expect((await times()).slice(0, 4)).toEqual([
    ['1', '1', '2'],
    ['2', '36000', '39000'],
    ['', '5', '6'],
    ['1', '', ''],
  ]);
  const stored = await school.ask('attendance.student_attendance_detail', { students_dcid: ids.ada });
  expect(stored.map(({ attendance }) => attendance!.start_time)).toEqual(['1', '', '5', '']);
});

describe('each period of a class has a record, whatever has been posted', () => {
  /** Period, mode, code and comment of the records of Algebra. */
  const ofAlgebra = async () =>
    (await template())
      .filter(({ ccid }) => ccid === String(ids.algebra))
      .map((each) => [each.periodid, each.att_mode_code?.slice(8), each.attendance_codeid, each.att_comment]);
  const [late, absent] = [() => String(school.code('T')), () => String(school.code('A'))];
  beforeEach(() => periodsOf('algebra', '1, 2, 3'));

  test('a record of one period leaves the others to be filled', async () => {
    const read = await template();
    const second = { ...read.find(({ periodid }) => periodid === '2')!, attendance_codeid: late(), att_comment: 'bus' };
    expect(told(await post([second]))).toEqual(['INSERT']);
    expect(await ofAlgebra()).toEqual([
      ['1', 'Meeting', '', ''],
      ['2', 'Meeting', late(), 'bus'],
      ['3', 'Meeting', '', ''],
    ]);
    const third = (await template()).find(({ periodid }) => periodid === '3')!;
    expect(told(await post([{ ...third, attendance_codeid: absent() }]))).toEqual(['INSERT']);
    expect((await ofAlgebra()).map(([, , code]) => code)).toEqual(['', late(), absent()]);
  });

  test.each([
    ['an interval', { att_mode_code: 'ATT_ModeInterval', att_interval: 4, periodid: '1' }, ['1', 'Interval']],
    ['a meeting by its times', { start_time: 600, end_time: 900 }, ['', 'Meeting']],
  ])('%s is beside them', async (_what, columns, [period, mode]) => {
    expect(told(await post([meeting(columns)]))).toEqual(['INSERT']);
    expect(await ofAlgebra()).toEqual([
      ...['1', '2', '3'].map((each) => [each, 'Meeting', '', '']),
      [period, mode, late(), ''],
    ]);
  });

  test('of a class without periods an interval is beside its one record, and a meeting is that record', async () => {
    await periodsOf('algebra', '');
    await post([meeting({ att_mode_code: 'ATT_ModeInterval', att_interval: 4 })]);
    expect((await ofAlgebra()).map(([period, mode]) => [period, mode])).toEqual([
      ['', 'Meeting'],
      ['', 'Interval'],
    ]);
    await post([meeting({ periodid: 'any' })]);
    expect((await ofAlgebra()).map(([period, mode]) => [period, mode])).toEqual([
      ['any', 'Meeting'],
      ['', 'Interval'],
    ]);
  });

  test('a record of a period that the class no longer has is there still, and is posted as it was read', async () => {
    await post([meeting({ periodid: '3' })]);
    await periodsOf('algebra', '1');
    const read = (await template()).filter(({ ccid }) => ccid === String(ids.algebra));
    expect(read.map(({ periodid }) => periodid)).toEqual(['1', '3']);
    expect(told(await post([read[1]!]))).toEqual(['UPDATE']);
    expect(told(await post([meeting({ periodid: '2' })]))).toEqual(['INVALID_PERIODID']);
  });
});

test('a class that is between its terms has no record, unless something is known of it that day', async () => {
  const { knex } = school.world.database;
  const term = async (begin_date: string, end_date: string) => {
    const row = { district_id: place.district, sourced_id: begin_date, title: '', type: 'term', school_year: '2026' };
    const [{ id: term_id }] = await knex('terms')
      .insert({ ...row, begin_date, end_date })
      .returning('id');
    await knex('section_terms').insert({
      district_id: place.district,
      section_id: school.world.sections.algebra,
      term_id,
    });
  };
  await term('2025-08-25', '2025-09-20');
  await term('2025-11-01', '2026-01-20');
  const classes = async (date: string) => (await template(date)).map(({ ccid }) => Number(ccid));
  expect(await classes('2025-09-19')).toContain(ids.algebra);
  expect(await classes(DAY)).not.toContain(ids.algebra);
  expect(await classes(DAY)).toHaveLength(2);
  expect(await classes('2025-11-03')).toContain(ids.algebra);
  await school.mark([ids.algebra, DAY, 3, 'came all the same']);
  expect(await classes(DAY)).toContain(ids.algebra);
  await school.mark([ids.algebra, DAY, 1]);
  expect(told(await post([meeting({ periodid: '1', att_date: '2025-10-02' })]))).toEqual(['INSERT']);
  expect(await classes('2025-10-02')).toContain(ids.algebra);
});

test('the mark of another API is of each period of its class', async () => {
  await periodsOf('algebra', '3, 4');
  await school.mark([ids.algebra, DAY, 4, 'dentist']);
  const [third, fourth] = await template();
  const known = { attendance_codeid: String(school.code('E')), att_comment: 'dentist' };
  expect([third, fourth]).toEqual([
    expect.objectContaining({ periodid: '3', ...known }),
    expect.objectContaining({ periodid: '4', ...known }),
  ]);
  expect(told(await post([third!, fourth!]))).toEqual(['INSERT', 'INSERT']);
});

test('whatever the classes, the bells and what stands, a template is posted as it was read, and reads the same', async () => {
  const { knex } = school.world.database;
  const period = fc.constantFrom('1', '2', '3', 'A', 'Lunch B');
  const classPeriods = fc.array(period, { maxLength: 3 }).map((all) => [...new Set(all)].join(', '));
  const bell = fc.record({ period, start_time: fc.integer({ min: 0, max: 40_000 }) });
  const schedule = fc.uniqueArray(bell, { selector: ({ period }) => period, maxLength: 4 });
  const posted = fc.record({
    periodid: fc.option(period, { nil: '' }),
    at: fc.option(fc.constantFrom(600, 1_200), { nil: '' as const }),
    text: fc.constantFrom('P', 'A', 'T', 'E'),
    mode: fc.constantFrom('ATT_ModeMeeting', 'ATT_ModeInterval'),
    att_comment: fc.option(fc.constantFrom('', 'note'), { nil: undefined }),
  });
  const marked = fc.option(fc.tuple(fc.constantFrom(1, 2, 3, 4), fc.constantFrom('', 'office')), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(classPeriods, classPeriods),
      schedule,
      fc.array(posted, { maxLength: 3 }),
      marked,
      async ([algebra, biology], rung, parts, mark) => {
        for (const table of ['powerschool_attendance', 'marks', 'presences', 'meetings']) await knex(table).delete();
        await periodsOf('algebra', algebra);
        await periodsOf('biology', biology);
        await bells(rung.map((each) => ({ ...each, end_time: each.start_time + 3_000 })));
        // Some of these are refused, as nothing says which meeting they are of.
        for (const { at, text, mode, ...columns } of parts)
          await post([
            meeting({
              ...{ ...columns, att_mode_code: mode, start_time: at, end_time: at },
              ...{ attendance_codeid: school.code(text), att_interval: mode === 'ATT_ModeInterval' ? 1 : '' },
            }),
          ]);
        if (mark) await school.mark([ids.algebra, DAY, ...mark]);
        const read = await template();
        const filled = read.map((each) => ({
          ...each,
          attendance_codeid: each.attendance_codeid || String(school.code('T')),
        }));
        const answer = await post(filled);
        expect(answer.body.result.map(({ error_message }: { error_message?: object }) => error_message)).toEqual(
          filled.map(() => undefined),
        );
        expect(await template()).toEqual(filled);
      },
    ),
    { numRuns: runs(20) },
  );
});
