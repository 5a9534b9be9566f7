import { openCorrections } from '../../src/roster/corrections';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** A roster changes all year; a day that was counted stays counted, and all reports agree on it. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const [index, date] of rolls.entries()) {
    await rivers.take('k', date, index % 2 ? ['ada'] : ['ada', 'grace']);
    await rivers.take('l', date);
  }
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-03', '2025-09-04', '2025-09-05', '2025-09-08'];
const TODAY = '2025-09-15';
const people = ['ada', 'grace', 'alan', 'lin'].map((id) => ({ id }));
const classes = [{ id: 'k' }, { id: 'l' }];
/** Lin is in another class. */
const lin = { id: 'lin', class: 'l' };
const [ada, grace, alan] = people;
const school: Said = { people, classes, enrollments: [ada!, grace!, alan!, lin] };
/** What is seen of what there is, and only that of what comes later. */
const seen = async (before?: Record<string, unknown>) => {
  const all = await rivers.seen('2025-09-01', '2025-09-12', rolls);
  return before ? Object.fromEntries(Object.keys(before).map((key) => [key, all[key]])) : all;
};
const with_ = (enrollments: NonNullable<Said['enrollments']>, more: Said = {}): Said => ({
  ...school,
  ...more,
  enrollments: [...enrollments, lin],
});

const terms = [
  { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' },
  { id: 'spring', begin: '2026-01-20', end: '2026-06-12' },
];
const changes: readonly [string, Said, kept: number][] = [
  ['begins later', with_([{ ...ada!, begin: '2025-09-12' }, grace!, alan!]), 1],
  ['begins next year', with_([{ ...ada!, begin: '2026-01-20' }, grace!, alan!]), 1],
  ['ends earlier', with_([{ ...ada!, end: '2025-09-04' }, grace!, alan!]), 1],
  ['is of other days altogether', with_([{ ...ada!, begin: '2025-08-25', end: '2025-08-30' }, grace!, alan!]), 1],
  [
    'of a whole class is of the spring',
    { ...school, sessions: terms, classes: [{ id: 'k', terms: ['spring'] }, { id: 'l' }] },
    3,
  ],
  ['is left out of a bulk file', with_([grace!, alan!]), 0],
  ['is deleted', with_([{ ...ada!, status: 'tobedeleted' }, grace!, alan!]), 0],
  ['is of another class', with_([{ ...ada!, class: 'l' }, grace!, alan!], { classes: [{ id: 'k' }, { id: 'l' }] }), 0],
  [
    'is of another student',
    with_([{ ...ada!, person: 'zoe' }, grace!, alan!], { people: [...people, { id: 'zoe' }] }),
    0,
  ],
  ['is swapped with another one', with_([{ ...ada!, person: 'grace' }, { ...grace!, person: 'ada' }, alan!]), 0],
  [
    'is of somebody who comes as well',
    with_([ada!, grace!, alan!, { id: 'zoe' }], { people: [...people, { id: 'zoe' }] }),
    0,
  ],
  [
    'is of a class that is left out',
    { ...school, classes: [{ id: 'l' }], enrollments: [{ ...ada!, class: 'l' }, lin] },
    0,
  ],
  ['is listed by another sourcedId', with_([{ id: 'ada-2', person: 'ada' }, grace!, alan!]), 0],
];

test.each(changes)(
  'an enrollment that %s leaves the days that were counted as they were',
  async (_what, said, kept) => {
    const before = await seen();
    expect((before.absence as unknown[]).length).toBe(rolls.length);
    const report = await rivers.import(said, TODAY);
    expect(report.refused).toEqual([]);
    expect(await seen(before)).toEqual(before);
    expect(report.kept.map(({ rolls }) => rolls > 0)).toEqual(Array(kept).fill(true));
    expect(await rivers.findings()).toEqual([]);
    const again = await rivers.import(said, TODAY);
    expect([again.kept, again.delayed, await seen(before)]).toEqual([[], [], before]);
  },
);

test('what was kept is said by row, with the number of rolls', async () => {
  const report = await rivers.import(
    with_([{ ...ada!, begin: '2025-09-04', end: '2025-09-05' }, grace!, alan!]),
    TODAY,
  );
  expect(report.kept).toEqual([
    { file: 'enrollments.csv', line: 2, sourcedId: 'ada', enrollment: await rivers.enrollment('ada'), rolls: 4 },
  ]);
});

test('a change takes effect from today on: who has left is not on the roll of today, who came is', async () => {
  await rivers.import(
    with_([{ ...ada!, end: '2025-09-05' }, grace!, { id: 'zoe' }], { people: [...people, { id: 'zoe' }] }),
    TODAY,
  );
  await rivers.take('k', TODAY);
  const entries = await rivers.api.world.ledger.entries({
    district: rivers.district,
    section: await rivers.section('k'),
    from: TODAY,
  });
  const names = await rivers.api.world.database
    .knex('people')
    .whereIn(
      'id',
      entries.map(({ person_id }) => person_id),
    )
    .orderBy('id')
    .pluck('given_name');
  expect(names).toEqual(['grace', 'zoe']);
});

test('a roll that was taken today has whom it had, also after the import of the evening', async () => {
  await rivers.take('k', TODAY, ['ada']);
  const zoe = { id: 'zoe' };
  const report = await rivers.import(with_([grace!, alan!, zoe], { people: [...people, zoe] }), TODAY);
  expect(report.refused).toEqual([]);
  const on = async (date: string) => {
    const section = await rivers.section('k');
    const filter = { district: rivers.district, section, from: date, to: date };
    return (await rivers.api.world.ledger.entries(filter)).length;
  };
  expect(await on(TODAY)).toBe(3); // ada, grace and alan: not Zoe
  const section = await rivers.section('k');
  const { body } = await rivers.office.get('/reports/rolls?date=2025-09-16').expect(200);
  const tomorrow = body.rolls.find((roll: { section_id: number }) => roll.section_id === section);
  expect(tomorrow.students).toBe(3); // grace, alan and Zoe
  expect(await rivers.findings()).toEqual([]);
});

describe('rows that come to be about others', () => {
  const OPEN = ['2025-08-27', '2025-09-10', '2025-09-12']; // on which nobody took a roll
  const LATER = '2025-09-16';
  /** How many students each class has on these days, and who they are by name. */
  const students = async (days: readonly string[]) => {
    const rolls = async (date: string) =>
      (await rivers.office.get(`/reports/rolls?date=${date}`).expect(200)).body.rolls.map(
        ({ section_id, students }: Record<string, unknown>) => [section_id, students],
      );
    return Promise.all(days.map(rolls));
  };
  const gone = (id: string) => `new-${id}`;
  const renamed: Said = {
    ...school,
    people: people.map(({ id }) => ({ id: gone(id) })),
    enrollments: school.enrollments!.map((row) => ({ ...row, person: gone(row.id) })),
  };

  test.each<[string, Said]>([
    ['swap two students', with_([{ ...ada!, person: 'grace' }, { ...grace!, person: 'ada' }, alan!])],
    [
      'swap students of two classes',
      { ...school, enrollments: [{ ...ada!, person: 'lin' }, grace!, alan!, { ...lin, person: 'ada' }] },
    ],
    [
      'go round',
      with_([
        { ...ada!, person: 'grace' },
        { ...grace!, person: 'alan' },
        { ...alan!, person: 'ada' },
      ]),
    ],
    ['name all students anew', renamed],
  ])('rows that %s leave the rolls of the past as they are, whether or not they were taken', async (_what, said) => {
    const days = [...rolls, ...OPEN];
    const before = await students(days);
    expect((await rivers.import(said, TODAY)).refused).toEqual([]);
    expect(await students(days)).toEqual(before);
    expect(await students([TODAY, LATER])).toEqual(await students([OPEN[1]!, OPEN[1]!]));
    const stands = await rivers.api.world.database.knex('enrollments').orderBy('id');
    await rivers.import(said, TODAY);
    expect(await rivers.api.world.database.knex('enrollments').orderBy('id')).toEqual(stands);
    expect(await rivers.findings()).toEqual([]);
  });
});

test('what the SIS takes back is as before', async () => {
  const before = await seen();
  await rivers.import(with_([{ ...ada!, begin: '2026-01-20' }, grace!, alan!]), TODAY);
  await rivers.import(school, TODAY);
  expect(await seen(before)).toEqual(before);
  expect(await rivers.api.world.database.knex('kept_days')).toEqual([]);
  const { begin_date, end_date } = await rivers.api.world.database
    .knex('enrollments')
    .where({ sourced_id: 'ada' })
    .first();
  expect([begin_date, end_date]).toEqual(['2025-08-25', '2026-06-12']);
});

describe('a latecomer', () => {
  const late = (begin = ''): Said =>
    with_([ada!, grace!, alan!, { id: 'zoe', begin }], { people: [...people, { id: 'zoe' }] });
  const days = async () => {
    const { begin_date, end_date } = await rivers.api.world.database
      .knex('enrollments')
      .where({ sourced_id: 'zoe' })
      .first();
    return [begin_date, end_date];
  };

  test('of whom nobody says when they came begins on the day of the import, and that is said', async () => {
    const report = await rivers.import(late(), TODAY);
    expect(await days()).toEqual([TODAY, '2026-06-12']);
    expect(report.delayed).toEqual([
      { file: 'enrollments.csv', line: 5, sourcedId: 'zoe', enrollment: null, said: '2025-08-25', begins: TODAY },
    ]);
    expect((await rivers.import(late(), '2025-09-18')).delayed).toEqual([]);
    expect((await days())[0]).toBe(TODAY);
  });

  test('who is said to have come earlier begins after the last roll that was taken', async () => {
    expect((await rivers.import(late('2025-09-03'), TODAY)).delayed).toMatchObject([
      { said: '2025-09-03', begins: '2025-09-09' },
    ]);
    expect((await days())[0]).toBe('2025-09-09');
  });

  test('who was to come later, and of whom nobody says when by now, begins on the day of the import, too', async () => {
    await rivers.import(late('2025-09-22'), TODAY);
    const { delayed } = await rivers.import(late(), '2025-09-16');
    expect(delayed).toMatchObject([{ sourcedId: 'zoe', said: '2025-08-25', begins: '2025-09-16' }]);
    expect((await days())[0]).toBe('2025-09-16');
    expect((await rivers.import(late(), '2025-09-18')).delayed).toEqual([]);
    expect((await days())[0]).toBe('2025-09-16');
  });

  test('in a class of which no roll was taken begins with it', async () => {
    const said = with_([ada!, grace!, alan!, { id: 'zoe', class: 'm' }], {
      people: [...people, { id: 'zoe' }],
      classes: [...classes, { id: 'm' }],
    });
    expect((await rivers.import(said, TODAY)).delayed).toEqual([]);
    expect((await days())[0]).toBe('2025-08-25');
  });
});

describe('days that were inherited follow their source', () => {
  const day = async (sourced_id: string, column: 'begin_date' | 'end_date') =>
    (await rivers.api.world.database.knex('enrollments').where({ sourced_id }).first())[column];
  const absent = { orgs: 'absent', users: 'absent', enrollments: 'absent' } as const;

  test('when a delta moves the end of a term', async () => {
    await rivers.import(with_([ada!, { ...grace!, end: '2026-05-01' }, alan!]), TODAY);
    const snow = [{ id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-19' }];
    const report = await rivers.import(
      { sessions: snow, modes: { ...absent, academicSessions: 'delta', classes: 'absent' } },
      TODAY,
    );
    expect([report.refused, report.counts.enrollments.updated]).toEqual([[], 3]);
    expect([await day('ada', 'end_date'), await day('grace', 'end_date')]).toEqual(['2026-06-19', '2026-05-01']);
  });

  test('when a delta moves a class to another term, and the past stays', async () => {
    const before = await seen();
    await rivers.import({ ...school, sessions: terms }, TODAY);
    const report = await rivers.import(
      {
        classes: [{ id: 'k', terms: ['spring'] }, { id: 'l' }],
        modes: { ...absent, academicSessions: 'absent', classes: 'delta' },
      },
      TODAY,
    );
    expect(await day('ada', 'begin_date')).toBe('2026-01-20');
    expect(report.kept.map(({ rolls }) => rolls)).toEqual([5, 5, 5]);
    expect(await seen(before)).toEqual(before);
  });
});

describe('one person is on a roll once', () => {
  const twice = (extra: object): Said => with_([ada!, grace!, alan!, { id: 'ada-semester', person: 'ada', ...extra }]);
  const rows = async () =>
    (await rivers.office.get('/reports/absence?by=day&from=2025-09-01&to=2025-09-30')).body.rows.map(
      ({ student_days }: { student_days: number }) => student_days,
    );
  const enrollments = () =>
    rivers.api.world.database
      .knex('enrollments')
      .where({ district_id: rivers.district, active: true })
      .pluck('sourced_id');

  test.each([
    ['by year and by semester', { end: '2026-01-20' }],
    ['with the same days', {}],
    ['by rows that meet in a day', { begin: '2026-06-11', end: '2026-09-01' }],
  ])('who is listed twice in a class %s', async (_how, extra) => {
    const report = await rivers.import(twice(extra), TODAY);
    expect(report.warnings).toMatchObject([{ file: 'enrollments.csv', line: 5, column: 'userSourcedId' }]);
    expect((await enrollments()).sort()).toEqual(['ada', 'alan', 'grace', 'lin']);
    await rivers.take('k', TODAY, ['ada']);
    expect(await rows()).toEqual([4, 4, 4, 4, 4, 3]);
    expect(await rivers.findings()).toEqual([]);
    const again = await rivers.import(twice(extra), TODAY);
    expect([again.counts.enrollments, again.warnings]).toEqual([{ inserted: 0, updated: 0, ended: 0, refused: 0 }, []]);
  });

  test('also where the first bundle lists them so, and where one of the two goes', async () => {
    const other = await openRivers();
    await other.import(twice({ begin: '2025-08-25', end: '2026-01-20' }), '2025-09-01');
    await other.take('k', '2025-09-02', ['ada']);
    const before = await other.seen('2025-09-01', '2025-09-12', ['2025-09-02']);
    expect(before.absence).toMatchObject([{ student_days: 3, absent_days: 1 }]);
    await other.import(with_([{ id: 'ada-semester', person: 'ada', end: '2026-01-20' }, grace!, alan!]), TODAY);
    expect(await other.seen('2025-09-01', '2025-09-12', ['2025-09-02'])).toEqual(before);
    const { end_date } = await other.api.world.database
      .knex('enrollments')
      .where({ sourced_id: 'ada-semester' })
      .first();
    expect(end_date).toBe('2026-01-20');
    await other.close();
  });

  describe.each([
    ['and is listed by two rows, of which a delta has only one', true],
    ['and was listed so before the days of single rows were kept', false],
  ])('%s', (_how, areKnown) => {
    const both = twice({ begin: '2025-08-25', end: '2026-06-11' });
    const delta = (...enrollments: NonNullable<Said['enrollments']>): Said => ({
      ...school,
      modes: { enrollments: 'delta' },
      enrollments,
    });
    /** Who but Lin is on the roll of a day, whether or not it was taken. */
    const on = async (date: string): Promise<string[]> => {
      const { knex } = rivers.api.world.database;
      const isOn = { 'enrollments.section_id': await rivers.section('k'), admin: false };
      const kept = knex('kept_days').where('begin_date', '<=', date).where('end_date', '>', date);
      return knex('enrollments')
        .join('people', 'people.id', 'enrollments.person_id')
        .where(isOn)
        .whereNot('people.sourced_id', 'lin')
        .where((either) =>
          either
            .where((own) => own.where('begin_date', '<=', date).where('end_date', '>', date))
            .orWhereIn('enrollments.id', kept.select('enrollment_id')),
        )
        .orderBy('people.sourced_id')
        .pluck('people.sourced_id');
    };
    const outlived = [
      {
        file: 'enrollments.csv',
        line: 2,
        column: 'sourcedId',
        reason:
          'The same enrollment has other rows, and the file does not have all of them: it goes on, with the days that it has.',
        rows: 1,
      },
    ];
    const all = ['ada', 'alan', 'grace'];
    beforeEach(async () => {
      await rivers.import(both, TODAY);
      if (!areKnown) await rivers.api.world.database.knex('enrollment_rows').delete();
      expect(await on(LATER)).toEqual(all);
    });
    const LATER = '2026-03-02';
    const ends: readonly [string, object][] = [
      ['is deleted', { status: 'tobedeleted' }],
      ['ends', { end: '2025-11-20' }],
      ['ends today', { end: TODAY }],
      ['is over', { end: '2025-09-10' }],
      ['is of another class', { class: 'l' }],
      ['is of another student', { person: 'lin' }],
    ];
    const names = ['ada', 'ada-semester'] as const;
    const cases = names.flatMap((id) => ends.map(([how, extra]) => [id, how, extra] as const));

    test.each(cases)('%s, which %s: the student is on the rolls by the other one', async (id, how, extra) => {
      const before = await seen();
      const said = delta({ id, person: 'ada', ...extra });
      const report = await rivers.import(said, TODAY);
      expect([report.refused, report.counts.enrollments.ended]).toEqual([[], 0]);
      expect(report.warnings).toEqual(areKnown || how.startsWith('is of another') ? [] : outlived);
      expect([await on(TODAY), await on(LATER)]).toEqual([all, all]);
      if (!how.startsWith('is of another')) expect(await seen(before)).toEqual(before);
      expect(await rivers.findings()).toEqual([]);
      const again = await rivers.import(said, TODAY);
      if (areKnown || how === 'is deleted' || how === 'ends')
        expect(again.counts.enrollments).toEqual({ inserted: 0, updated: 0, ended: 0, refused: 0 });
      expect([await on(TODAY), await on(LATER)]).toEqual([all, all]);
      expect(await rivers.findings()).toEqual([]);
    });

    test.each([
      ['ada', 'ada-semester'],
      ['ada-semester', 'ada'],
    ])('first %s is deleted, then %s: the student is in the class no longer', async (first, second) => {
      const gone = (id: string) => delta({ id, person: 'ada', status: 'tobedeleted' });
      await rivers.import(gone(first), TODAY);
      const report = await rivers.import(gone(second), TODAY);
      expect([report.counts.enrollments.ended, report.warnings]).toEqual([1, []]);
      expect([await on(rolls[0]!), await on(TODAY)]).toEqual([all, ['alan', 'grace']]);
      expect(await rivers.findings()).toEqual([]);
    });

    test('both end in one delta: so does the enrollment', async () => {
      const report = await rivers.import(
        delta(...names.map((id) => ({ id, person: 'ada', end: '2025-11-20' }))),
        TODAY,
      );
      expect(report.warnings).toEqual([]);
      expect([await on('2025-11-19'), await on('2025-11-20')]).toEqual([all, ['alan', 'grace']]);
    });

    test.each([
      ['ada', 'ada-semester'],
      ['ada-semester', 'ada'],
    ])('a bulk file that lists only %s forgets %s, so that the one row decides', async (id, other) => {
      await rivers.import(with_([{ id, person: 'ada' }, grace!, alan!]), TODAY);
      expect(await rivers.import(delta({ id: other, status: 'tobedeleted' }), TODAY)).toMatchObject({ warnings: [] });
      expect(await on(TODAY)).toEqual(all);
      await rivers.import(delta({ id, person: 'ada', end: '2025-11-20' }), TODAY);
      expect([await on('2025-11-19'), await on('2025-11-20')]).toEqual([all, ['alan', 'grace']]);
      expect(await rivers.findings()).toEqual([]);
    });

    test.each(names)('a bulk file in which the row of %s is refused does not shorten the enrollment', async (id) => {
      const [other] = names.filter((name) => name !== id);
      const wrong = { id, person: 'nobody' };
      await rivers.import(with_([wrong, { id: other!, person: 'ada', end: '2025-11-20' }, grace!, alan!]), TODAY);
      expect(await on(LATER)).toEqual(all);
    });
  });

  test('one who comes back is two enrollments, and on each roll once', async () => {
    await rivers.import(
      with_([{ ...ada!, end: '2025-09-04' }, { id: 'ada-back', person: 'ada', begin: '2025-10-01' }, grace!, alan!]),
      TODAY,
    );
    expect((await enrollments()).sort()).toEqual(['ada', 'ada-back', 'alan', 'grace', 'lin']);
    expect(await rows()).toEqual([4, 4, 4, 4, 4]);
  });
});

test('a person who teaches one class and learns in another is both', async () => {
  const said = with_([ada!, grace!, alan!, { id: 'teaching', class: 'l', person: 'ada', role: 'teacher' }], {
    classes: [{ id: 'k' }, { id: 'l' }],
    people: [{ id: 'ada', role: 'teacher' }, grace!, alan!, { id: 'lin' }],
  });
  const before = await seen();
  expect((await rivers.import(said, TODAY)).refused).toEqual([]);
  expect((await seen()).absence).toEqual(before.absence);
  const { person_id } = await rivers.api.world.database.knex('enrollments').where({ sourced_id: 'ada' }).first();
  expect(
    (await rivers.office.get(`/reports/students/${person_id}?from=2025-09-01&to=2025-09-12`)).body.absent_days,
  ).toBe(5);
});

test('a class whose terms leave a gap meets in it as well, where its roll is taken', async () => {
  const sessions = [
    { id: 'fall', begin: '2025-08-25', end: '2025-12-20' },
    { id: 'spring', begin: '2026-01-20', end: '2026-06-12' },
  ];
  await rivers.import(
    {
      ...school,
      sessions,
      classes: [
        { id: 'k', terms: ['fall', 'spring'] },
        { id: 'l', terms: ['fall'] },
      ],
    },
    TODAY,
  );
  await rivers.take('k', '2026-01-07', ['ada']);
  const shown = await rivers.seen('2026-01-01', '2026-01-31', ['2026-01-07']);
  expect(shown.absence).toMatchObject([{ key: '2026-01-07', student_days: 3, absent_days: 1 }]);
  await rivers.import(
    {
      ...school,
      sessions,
      classes: [
        { id: 'k', terms: ['spring'] },
        { id: 'l', terms: ['fall'] },
      ],
    },
    '2026-01-15',
  );
  expect(await rivers.seen('2026-01-01', '2026-01-31', ['2026-01-07'])).toEqual(shown);
});

test('a school that changes its district in the SIS is the same school', async () => {
  const before = await seen();
  const report = await rivers.import({ ...school, schools: [{ id: 's', parent: 'another' }] }, TODAY);
  expect([report.refused, report.counts.orgs.updated, await seen(before)]).toEqual([[], 0, before]);
});

test.each([
  [
    'an enrollment that begins after its end',
    with_([{ ...ada!, begin: '2025-10-01', end: '2025-09-01' }, grace!, alan!]),
    'enrollments.csv',
  ],
  [
    'a term that ends before it begins',
    { ...school, sessions: [{ id: 'year', type: 'schoolYear', begin: '2026-06-12', end: '2025-08-25' }] },
    'academicSessions.csv',
  ],
])('%s is refused, and changes nothing', async (_what, said, file) => {
  const before = await seen();
  const report = await rivers.import(said, TODAY);
  expect(report.refused).toMatchObject([{ file, line: 2, column: 'endDate' }]);
  expect(await seen(before)).toEqual(before);
});

describe('where the past was wrong', () => {
  test.each([
    ['as it was imported before', '2026-01-20'],
    ['with other days', '2026-02-01'],
  ])('an import says so also of days that were kept by an earlier one: %s', async (_what, begin) => {
    await rivers.import(with_([{ ...ada!, begin: '2026-01-20' }, grace!, alan!]), TODAY);
    const days = async () => {
      const all = await rivers.seen('2025-09-01', '2025-09-30', rolls);
      const rows = all.absence as { student_days: number }[];
      const { body } = await rivers.office.get('/reports/chronic?from=2025-09-01&to=2025-09-30&min_days=1');
      return [rows.map(({ student_days }) => student_days), body.enrolled];
    };
    expect(await days()).toEqual([[4, 4, 4, 4, 4], 4]);
    const report = await rivers.import(with_([{ ...ada!, begin }, grace!, alan!]), TODAY, { correctPast: true });
    expect(report.corrected).toMatchObject([{ sourcedId: 'ada', rolls: 5 }]);
    expect(await days()).toEqual([[3, 3, 3, 3, 3], 3]);
    expect(await rivers.api.world.database.knex('kept_days')).toEqual([]);
    const again = await rivers.import(with_([{ ...ada!, begin }, grace!, alan!]), TODAY, { correctPast: true });
    expect(again.corrected).toEqual([]);
  });

  test('an import says so with --correct-past, and the journal too', async () => {
    const report = await rivers.import(with_([{ ...ada!, begin: '2025-09-05' }, grace!, alan!]), TODAY, {
      correctPast: true,
    });
    expect(report.corrected).toMatchObject([{ sourcedId: 'ada', rolls: 3 }]);
    const rows = (await rivers.office.get('/reports/absence?by=day&from=2025-09-01&to=2025-09-30')).body.rows;
    expect(rows.map(({ student_days }: { student_days: number }) => student_days)).toEqual([3, 3, 3, 4, 4]);
    const { database } = rivers.api.world;
    expect(await openCorrections(database).read(database, { district: rivers.district, limit: 9 })).toEqual([
      {
        section_id: await rivers.section('k'),
        enrollment_id: await rivers.enrollment('ada'),
        at: expect.any(String),
        api: 'import --correct-past',
        what: 'days',
        from: '2025-08-25/2026-06-11',
        to: '2025-09-05/2026-06-11',
        on: [],
        off: ['2025-09-02', '2025-09-03', '2025-09-04'],
      },
    ]);
  });
});
