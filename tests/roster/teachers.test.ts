import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** Who teaches changes, too: the roll of a day that is over has the teachers of that day. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const date of rolls) {
    await rivers.take('k', date, ['ada']);
    await rivers.take('l', date);
  }
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-04', '2025-09-08'];
interface Roll {
  readonly section_id: number;
}
const TODAY = '2025-09-15';
const ada = { id: 'ada' };
const lin = { id: 'lin', class: 'l' };
const teacher = (id: string, more = {}) => ({ id, role: 'teacher', ...more });
const [noether, gauss] = [teacher('noether'), teacher('gauss', { class: 'l' })];
const people = [ada, lin, noether, gauss, teacher('euler')].map(({ id, ...more }) => ({
  id,
  role: 'role' in more ? 'teacher' : 'student',
}));
const classes = [{ id: 'k' }, { id: 'l' }];
const school: Said = { people, classes, enrollments: [ada, lin, noether, gauss] };
const taughtBy = (...teachers: NonNullable<Said['enrollments']>): Said => ({
  ...school,
  enrollments: [ada, lin, ...teachers],
});
const seen = () => rivers.seen('2025-09-01', '2025-09-12', rolls);
const teachersOn = async (date: string): Promise<string[]> =>
  (await rivers.office.get(`/reports/rolls?date=${date}`)).body.rolls.map(
    (roll: { teachers: string }) => roll.teachers,
  );

const spring = [
  { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' },
  { id: 'spring', begin: '2026-01-20', end: '2026-06-12' },
];
const changes: readonly [string, Said, today: string[]][] = [
  [
    'another one comes as well',
    taughtBy(noether, gauss, teacher('euler')),
    ['noether Rivers, euler Rivers', 'gauss Rivers'],
  ],
  ['another one takes over', taughtBy(teacher('euler'), gauss), ['euler Rivers', 'gauss Rivers']],
  [
    'another one takes over by the same sourcedId',
    taughtBy(teacher('noether', { person: 'euler' }), gauss),
    ['euler Rivers', 'gauss Rivers'],
  ],
  ['one is left out', taughtBy(gauss), ['', 'gauss Rivers']],
  ['one is deleted', taughtBy(teacher('noether', { status: 'tobedeleted' }), gauss), ['', 'gauss Rivers']],
  ['one begins next year', taughtBy(teacher('noether', { begin: '2026-01-20' }), gauss), ['', 'gauss Rivers']],
  ['one has ended before', taughtBy(teacher('noether', { end: '2025-09-03' }), gauss), ['', 'gauss Rivers']],
  [
    'one comes who is said to have been there from the first day',
    taughtBy(noether, gauss, teacher('euler', { begin: '2025-09-01' })),
    ['noether Rivers, euler Rivers', 'gauss Rivers'],
  ],
  [
    'one comes who is said to have left before',
    taughtBy(noether, gauss, teacher('euler', { end: '2025-09-05' })),
    ['noether Rivers', 'gauss Rivers'],
  ],
  [
    'both change classes',
    taughtBy(teacher('noether', { class: 'l' }), teacher('gauss')),
    ['gauss Rivers', 'noether Rivers'],
  ],
  [
    'one is listed by another sourcedId',
    taughtBy(teacher('noether-2', { person: 'noether' }), gauss),
    ['noether Rivers', 'gauss Rivers'],
  ],
  [
    'their class is of the spring',
    { ...school, sessions: spring, classes: [{ id: 'k', terms: ['spring'] }, { id: 'l' }] },
    ['gauss Rivers'],
  ],
];

test.each(changes)('rolls that were taken have the teachers of the day: %s', async (_what, said, today) => {
  const before = await seen();
  expect(await teachersOn(rolls[0]!)).toEqual(['noether Rivers', 'gauss Rivers']);
  const report = await rivers.import(said, TODAY);
  expect(report.refused).toEqual([]);
  expect(await seen()).toEqual(before);
  expect(await teachersOn(TODAY)).toEqual(today);
  expect(await rivers.findings()).toEqual([]);
  const again = await rivers.import(said, TODAY);
  expect([again.kept, again.delayed, again.counts.enrollments, await seen()]).toEqual([
    [],
    [],
    { inserted: 0, updated: 0, ended: 0, refused: 0 },
    before,
  ]);
});

test('the import says of teachers, too, that they are kept, and begin later', async () => {
  const euler = teacher('euler');
  const report = await rivers.import(taughtBy(teacher('noether', { begin: '2025-09-04' }), gauss, euler), TODAY);
  expect(report.kept).toMatchObject([{ sourcedId: 'noether', rolls: 1 }]);
  expect(report.delayed).toMatchObject([{ sourcedId: 'euler', said: '2025-08-25', begins: TODAY }]);
});

test.each([
  ['2025-09-03', 'from 2025-08-25 until before 2025-09-03 and from 2025-09-04 until before 2025-09-09'],
  ['2025-09-04', 'from 2025-08-25 until before 2025-09-09'],
])(
  'one who has ended on %s reads the rolls on which they were kept, as the office does, and writes none',
  async (end, taught) => {
    const { kept } = await rivers.import(taughtBy(teacher('noether', { end }), gauss), TODAY);
    expect(kept).toMatchObject([{ sourcedId: 'noether', rolls: 2 }]);
    const { district, office, api } = rivers;
    const id = async (table: string, sourced_id: string): Promise<number> =>
      (await api.world.database.knex(table).where({ district_id: district, sourced_id }).first()).id;
    const [section, student] = [await rivers.section('k'), await id('people', 'ada')];
    const client = await api.as({ district, person: await id('people', 'noether') });
    const history = `/reports/students/${student}?from=2025-09-01&to=2025-09-12`;
    const attendance = (to: string) => `/v1/sections/${section}/attendance?start=2025-09-04&end=${to}`;
    for (const path of [
      history,
      '/marks/',
      attendance('2025-09-08'),
      ...rolls.map((date) => `/rolls/${section}/${date}`),
    ])
      expect([path, (await client.get(path).expect(200)).body]).toEqual([
        path,
        (await office.get(path).expect(200)).body,
      ]);
    for (const date of rolls) {
      const listed = async (by: typeof client) =>
        (await by.get(`/reports/rolls?date=${date}`)).body.rolls.filter((roll: Roll) => roll.section_id === section);
      expect(await listed(client)).toMatchObject([{ teachers: 'noether Rivers' }]);
      expect(await listed(client)).toEqual(await listed(office));
      await client.patch(`/rolls/${section}/${date}`).send({ taken: false }).expect(403);
      expect((await office.get(`/rolls/${section}/${date}`)).body.taken_at).not.toBeNull();
    }
    for (const refused of [attendance('2025-09-09'), attendance(TODAY), `/rolls/${section}/${TODAY}`])
      expect((await client.get(refused).expect(403)).body.detail).toContain(`taught this section ${taught}, and`);
  },
);

test('where the past was wrong, so are the teachers of its rolls', async () => {
  const said = taughtBy(teacher('euler'), gauss, teacher('noether', { begin: '2025-09-04' }));
  await rivers.import(said, TODAY);
  expect(await teachersOn('2025-09-02')).toEqual(['noether Rivers', 'gauss Rivers']);
  await rivers.import(said, TODAY, { correctPast: true });
  expect(await teachersOn('2025-09-02')).toEqual(['euler Rivers', 'gauss Rivers']);
  expect(await teachersOn('2025-09-04')).toEqual(['noether Rivers, euler Rivers', 'gauss Rivers']);
  expect(await rivers.findings()).toEqual([]);
});

test('a teacher of whom an import says that they have left already does not come back by it', async () => {
  await rivers.import(taughtBy(noether, gauss, teacher('euler', { end: '2025-09-05' })), TODAY);
  const row = await rivers.api.world.database.knex('enrollments').where({ sourced_id: 'euler' }).first();
  expect(row).toMatchObject({ begin_date: '2025-09-05', end_date: '2025-09-05' });
});
