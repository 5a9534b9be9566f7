import { clockless } from '../clock';
import type { Said } from './builder';
import { changes } from './bundles';
import { openRivers, type Rivers } from './school';

/** A student who moves is in one homeroom, and counts in one school, on each day. */
let rivers: Rivers;
let knex: Rivers['api']['world']['database']['knex'];
beforeEach(async () => {
  // Days are counted up to yesterday.
  jest.useFakeTimers({ now: new Date('2025-09-26T12:00:00Z'), doNotFake: [...clockless] });
  rivers = await openRivers();
  knex = rivers.api.world.database.knex;
});
afterEach(async () => {
  await rivers.close();
  jest.useRealTimers();
});

const [BEFORE, TODAY, TOMORROW] = ['2025-09-19', '2025-09-22', '2025-09-23'];
type Rows = NonNullable<Said['enrollments']>;
const body = async (path: string) => (await rivers.office.get(path).expect(200)).body;
const idOf = async (table: string, sourced_id: string): Promise<number> =>
  (await knex(table).where({ district_id: rivers.district, sourced_id }).first()).id;
async function historyOf(person: string, from: string, to: string) {
  const span = `from=${from}&to=${to}`;
  const { enrolled_days, absent_days, partial_days } = await body(
    `/reports/students/${await idOf('people', person)}?${span}`,
  );
  return { enrolled_days, absent_days, partial_days };
}
/** How many students are on the rolls of a day, by their sections. */
async function rollsOf(date: string): Promise<Record<string, number>> {
  const { rolls } = await body(`/reports/rolls?date=${date}`);
  const sections = await knex('sections').where({ district_id: rivers.district });
  const names = new Map(sections.map(({ id, sourced_id }) => [id, sourced_id]));
  return Object.fromEntries(
    rolls.map(({ section_id, students }: { section_id: number; students: number }) => [
      names.get(section_id),
      students,
    ]),
  );
}
const begins = (report: Awaited<ReturnType<Rivers['import']>>) =>
  report.delayed.map(({ sourcedId, begins }) => [sourcedId, begins]);
const daysOf = async (sourcedId: string) => {
  const { begin_date, end_date } = await knex('enrollments')
    .where({ id: await rivers.enrollment(sourcedId) })
    .first();
  return [begin_date, end_date];
};
async function expectUnchangedBy(said: Said, today: string, days: () => Promise<unknown>) {
  const before = await days();
  const again = await rivers.import(said, today);
  expect([changes(again), again.kept, again.delayed, await days()]).toEqual([0, [], [], before]);
  expect(await rivers.findings()).toEqual([]);
}

describe('at noon, after the roll of a homeroom was taken,', () => {
  const people = ['ada', 'grace', 'alan'].map((id) => ({ id }));
  const classes = [{ id: 'h1', homeroom: true }, { id: 'h2', homeroom: true }, { id: 'art' }, { id: 'music' }];
  const others: Rows = [
    { id: 'grace', class: 'h1' },
    { id: 'alan', class: 'h2' },
  ];
  const ada = { id: 'ada', class: 'h1' };
  const said = (...enrollments: Rows): Said => ({ people, classes, enrollments: [...enrollments, ...others] });
  const row = (more: object = {}) => ({ id: 'ada-h2', person: 'ada', class: 'h2', ...more });
  const onlyDelta = (...enrollments: Rows): Said => ({
    ...said(),
    modes: { orgs: 'absent', academicSessions: 'absent', classes: 'absent', users: 'absent', enrollments: 'delta' },
    enrollments,
  });

  const moves: readonly [string, string, Said][] = [
    ['the same sourcedId in another homeroom', 'ada', said({ ...ada, class: 'h2' })],
    ['the same sourcedId, with a begin date', 'ada', said({ ...ada, class: 'h2', begin: '2025-09-15' })],
    ['another row, the old one left out', 'ada-h2', said(row())],
    ['another row of today, the old one left out', 'ada-h2', said(row({ begin: TODAY }))],
    ['another row after the old one, which ends', 'ada-h2', said({ ...ada, end: TODAY }, row({ begin: TODAY }))],
    ['another row before the old one, which ends', 'ada-h2', said(row({ begin: TODAY }), { ...ada, end: TODAY })],
    ['another row in a delta, the old one deleted', 'ada-h2', onlyDelta(row(), { ...ada, status: 'tobedeleted' })],
  ];

  test.each(moves)('a student who moves by %s is in the new one from tomorrow on', async (_what, sourcedId, moved) => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h1', BEFORE);
    await rivers.take('h1', TODAY, ['ada']);
    const report = await rivers.import(moved, TODAY);
    expect([report.refused, begins(report)]).toEqual([[], [[sourcedId, TOMORROW]]]);
    expect(await rollsOf(TODAY)).toEqual({ h1: 2, h2: 1 });
    expect(await rollsOf(TOMORROW)).toEqual({ h1: 1, h2: 2 });
    await expectUnchangedBy(moved, TODAY, () => daysOf(sourcedId));
    await rivers.take('h2', TODAY);
    const day = await historyOf('ada', TODAY, TODAY);
    expect(day).toEqual({ enrolled_days: 1, absent_days: 1, partial_days: 0 });
    await expectUnchangedBy(moved, TOMORROW, () => daysOf(sourcedId));
    await expectUnchangedBy(moved, '2025-09-25', () => daysOf(sourcedId));
    expect(await historyOf('ada', TODAY, TODAY)).toEqual(day);
  });

  test('a student who moves into a homeroom whose roll was taken, out of one whose roll was not, is in the old one today', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h2', TODAY);
    const moved = said({ ...ada, class: 'h2' });
    expect(begins(await rivers.import(moved, TODAY))).toEqual([['ada', TOMORROW]]);
    await rivers.take('h1', TODAY);
    expect(await rollsOf(TODAY)).toEqual({ h1: 2, h2: 1 });
    expect(await rollsOf(TOMORROW)).toEqual({ h1: 1, h2: 2 });
    expect(await historyOf('ada', TODAY, TODAY)).toEqual({ enrolled_days: 1, absent_days: 0, partial_days: 0 });
    await expectUnchangedBy(moved, TODAY, () => daysOf('ada'));
    await expectUnchangedBy(moved, TOMORROW, () => daysOf('ada'));
  });

  test('a student who is listed in the new one by several rows is in it once, from tomorrow on', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h1', TODAY, ['ada']);
    const both = said(row(), row({ id: 'ada-fall', begin: '2025-09-01', end: '2025-12-20' }));
    expect(begins(await rivers.import(both, TODAY)).map(([, day]) => day)).toEqual([TOMORROW, TOMORROW]);
    expect([await daysOf('ada-h2'), await rollsOf(TODAY)]).toEqual([[TOMORROW, '2026-06-12'], { h1: 2, h2: 1 }]);
    await expectUnchangedBy(both, TOMORROW, () => daysOf('ada-h2'));
  });

  test('the import says so though the roll of the new homeroom of today is never taken', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h1', TODAY, ['ada']);
    const moved = said(row({ begin: '2025-09-01' }));
    expect(begins(await rivers.import(moved, TODAY))).toEqual([['ada-h2', TOMORROW]]);
    await expectUnchangedBy(moved, '2025-09-25', () => daysOf('ada-h2'));
    expect(await daysOf('ada-h2')).toEqual([TOMORROW, '2026-06-12']);
  });

  test('a student of whom alone something was said today is in the new homeroom from tomorrow on', async () => {
    await rivers.import(said(ada), '2025-09-01');
    const mark = { enrollment: await rivers.enrollment('ada'), date: TODAY, status: 2 };
    const actor = { ...rivers.api.world.actor, district: rivers.district };
    await rivers.api.world.ledger.open((transaction) => transaction.record([mark], actor, { roll: 'never' }));
    expect(begins(await rivers.import(said(row()), TODAY))).toEqual([['ada-h2', TOMORROW]]);
    await expectUnchangedBy(said(row()), TOMORROW, () => daysOf('ada-h2'));
  });

  test('nobody is delayed where the roll has not been taken, nor who was on no roll of it', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h2', TODAY);
    const lin = { id: 'lin', class: 'h1' };
    const report = await rivers.import(
      { ...said({ ...ada, class: 'h1' }, lin), people: [...people, { id: 'lin' }] },
      TODAY,
    );
    expect(report.delayed).toEqual([]);
    await rivers.import({ ...said(row({ begin: TODAY }), lin), people: [...people, { id: 'lin' }] }, TOMORROW);
    expect(await daysOf('ada-h2')).toEqual([TOMORROW, '2026-06-12']); // the roll of the new one was taken today
  });

  test('a student may be in two scheduled classes of the day, or in a class beside the homeroom', async () => {
    const art = { id: 'ada-art', person: 'ada', class: 'art' };
    await rivers.import(said(ada, art), '2025-09-01');
    await rivers.take('h1', TODAY, ['ada']);
    await rivers.take('art', TODAY, ['ada-art']);
    const music = { id: 'ada-music', person: 'ada', class: 'music', begin: TODAY };
    const report = await rivers.import(said(ada, music), TODAY);
    expect([report.delayed, await daysOf('ada-music')]).toEqual([[], [TODAY, '2026-06-12']]);
    expect(await rollsOf(TODAY)).toMatchObject({ art: 1, music: 1 });
  });

  test('where the past was wrong, the move is as the file says', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await rivers.take('h1', TODAY, ['ada']);
    await rivers.import(said({ ...ada, class: 'h2' }), TODAY, { correctPast: true });
    expect([await daysOf('ada'), await rollsOf(TODAY)]).toEqual([['2025-08-25', '2026-06-12'], { h1: 1, h2: 2 }]);
  });
});

describe('between two schools of which the new one counts untaken days, and had nobody on some of them,', () => {
  const people = ['ada', 'grace', 'joan', 'pat'].map((id) => ({ id }));
  const schools = ['s', 't', 'u'].map((id) => ({ id, name: `School ${id}`, number: id }));
  const classes = [
    { id: 'k', school: 's' },
    { id: 'l', school: 't' },
  ];
  const others: Rows = [
    { id: 'grace', class: 'k' },
    { id: 'joan', class: 'k', role: 'aide' },
  ];
  const ada = { id: 'ada', class: 'k' };
  const said = (...enrollments: Rows): Said => ({ schools, people, classes, enrollments: [...enrollments, ...others] });
  const inL = (more: object = {}) => ({ id: 'ada-l', person: 'ada', class: 'l', ...more });
  const setUntaken = async (untaken: string, ...of: string[]) => {
    for (const id of of)
      await rivers.office
        .patch(`/schools/${await idOf('schools', id)}`)
        .send({ untaken })
        .expect(200);
  };
  const bySchool = async (): Promise<Record<string, number>> => {
    const { rows } = await body('/reports/absence?by=school&from=2025-09-01&to=2025-09-21');
    const found = await knex('schools').where({ district_id: rivers.district });
    const names = new Map(found.map(({ id, name }) => [String(id), name]));
    return Object.fromEntries(
      rows.map(({ key, student_days }: Record<string, unknown>) => [names.get(String(key)), student_days]),
    );
  };
  const seen = async () => [await bySchool(), await historyOf('ada', '2025-09-01', '2025-09-21')];

  const moves: readonly [string, string, Said, string][] = [
    ['the same sourcedId', 'ada', said({ ...ada, class: 'l' }), TODAY],
    ['the same sourcedId, with a begin date', 'ada', said({ ...ada, class: 'l', begin: '2025-09-08' }), TODAY],
    ['another row without dates, the old one left out', 'ada-l', said(inL()), TODAY],
    ['another row of a past day, the old one left out', 'ada-l', said(inL({ begin: '2025-09-08' })), TODAY],
    [
      'another row of a past day, the old one ended before it',
      'ada-l',
      said({ ...ada, end: '2025-09-08' }, inL({ begin: '2025-09-08' })),
      TODAY,
    ],
    ['another row beside the old one', 'ada-l', said(inL(), ada), TODAY],
  ];

  test.each(moves)(
    'a student who moves by %s counts in the old one until then',
    async (_what, sourcedId, moved, day) => {
      await rivers.import(said(ada), '2025-09-01');
      await setUntaken('present', 's', 't');
      const before = await seen();
      const report = await rivers.import(moved, TODAY);
      expect([report.refused, begins(report)]).toEqual([[], [[sourcedId, day]]]);
      expect(await seen()).toEqual(before);
      await expectUnchangedBy(moved, TODAY, seen);
      await expectUnchangedBy(moved, '2025-09-25', seen);
      expect((await daysOf(sourcedId))[0]).toBe(day);
    },
  );

  test('days on which the student was nowhere are those that the file says', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await setUntaken('present', 's', 't');
    await rivers.import(said(), '2025-09-10');
    const moved = said(inL({ begin: '2025-09-08' }));
    expect(begins(await rivers.import(moved, TODAY))).toEqual([['ada-l', '2025-09-10']]);
    await expectUnchangedBy(moved, TODAY, seen);
    await rivers.import(said(inL({ begin: '2025-09-08' })), TODAY, { correctPast: true });
    expect(await daysOf('ada-l')).toEqual(['2025-09-08', '2026-06-12']);
  });

  test('from one that does not count untaken days, without a begin date, the student is in the new one from then on', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await setUntaken('present', 't');
    const moved = said(inL());
    expect(begins(await rivers.import(moved, TODAY))).toEqual([['ada-l', TODAY]]);
    expect(await bySchool()).toEqual({});
    await expectUnchangedBy(moved, TODAY, seen);
    await expectUnchangedBy(moved, '2025-09-25', seen);
  });

  test('from one that does not count untaken days, a begin date holds but for rolls that were taken there', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await setUntaken('present', 't');
    await rivers.take('k', '2025-09-10', ['ada']);
    const moved = said(inL({ begin: '2025-09-08' }));
    expect(begins(await rivers.import(moved, TODAY))).toEqual([['ada-l', '2025-09-11']]);
    expect(await seen()).toEqual([
      { 'School s': 2, 'School t': 7 },
      { enrolled_days: 8, absent_days: 1, partial_days: 0 },
    ]);
    await expectUnchangedBy(moved, '2025-09-25', seen);
  });

  test('a first import of a school, and one of students who are in two, counts from the begin of the term', async () => {
    await rivers.import({ ...said(), classes: [], enrollments: [] }, '2025-09-01');
    await setUntaken('present', 's', 't');
    const both = said(ada, inL());
    expect((await rivers.import(both, TODAY)).delayed).toEqual([]);
    expect(await bySchool()).toEqual({ 'School s': 30, 'School t': 15 });
    await expectUnchangedBy(both, TODAY, seen);
    // And so do those who come first with a school that had nobody.
    const pat = said(ada, inL(), { id: 'pat', class: 'm' });
    await setUntaken('present', 'u');
    const more = { ...pat, classes: [...classes, { id: 'm', school: 'u' }] };
    expect((await rivers.import(more, TODAY)).delayed).toEqual([]);
    expect(await bySchool()).toEqual({ 'School s': 30, 'School t': 15, 'School u': 15 });
  });

  test('a student of last year comes to the new school on the first day of the year, however late the import is', async () => {
    await rivers.import(said(ada), '2025-09-01');
    await setUntaken('present', 's', 't');
    const next: Said = {
      ...said(),
      sessions: [{ id: 'next', type: 'schoolYear', begin: '2026-08-24', end: '2027-06-11' }],
      classes: [{ id: 'l', school: 't', terms: ['next'] }],
      enrollments: [inL()],
    };
    const report = await rivers.import(next, '2026-09-02', { allowEnding: 9 });
    expect([report.refused, report.delayed, await daysOf('ada-l')]).toEqual([[], [], ['2026-08-24', '2027-06-11']]);
  });

  test('a class that is in the new school by now was in the other one with its students, until it moved', async () => {
    const of = (id: string): Said => ({
      ...said(ada),
      classes: [{ id: 'k', school: id }, classes[1]!, { id: 'm', school: 's' }],
    });
    const elsewhere = { id: 'grace', class: 'm' };
    await rivers.import({ ...of('s'), enrollments: [ada, elsewhere] }, '2025-09-01');
    await setUntaken('present', 's', 't');
    await rivers.import({ ...of('t'), enrollments: [elsewhere] }, '2025-09-15'); // and Ada has gone
    const before = await seen();
    const back = { ...of('t'), enrollments: [inL({ begin: '2025-09-08' }), elsewhere] };
    expect(begins(await rivers.import(back, TODAY))).toEqual([['ada-l', '2025-09-15']]);
    expect([(await seen())[0], before[0]]).toEqual([{ 'School s': 25, 'School t': 5 }, { 'School s': 25 }]);
    await expectUnchangedBy(back, '2025-09-25', seen);
  });
});
