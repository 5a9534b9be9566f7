import type { Counts } from '../../src/roster/oneroster/report';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** How a day counts goes by which classes are homerooms: it stays so for days that are over. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
});
afterEach(() => rivers.close());

const people = ['ada', 'grace'].map((id) => ({ id }));
const classes = ['k', 'l', 'm'];
const school = (homeroom: string | undefined, of = classes): Said => ({
  people,
  classes: of.map((id) => ({ id, homeroom: id === homeroom })),
  enrollments: of.flatMap((id) => people.map((person) => ({ id: `${person.id} ${id}`, person: person.id, class: id }))),
});
const FIRST = '2025-09-01';
const TODAY = '2025-09-15';
const DAYS = ['2025-09-02', '2025-09-04'];
const seen = () => rivers.seen(FIRST, '2025-09-14', DAYS);
const types = async () => {
  const rows = await rivers.api.world.database.knex('sections').where({ district_id: rivers.district });
  return Object.fromEntries(rows.map(({ sourced_id, class_type }) => [sourced_id, class_type]));
};
const counts = ({ inserted, updated, ended }: Counts) => [inserted, updated, ended];
/** Ada is absent in k alone, on a day on which nobody says anything of other classes. */
const absentInK = async () => {
  const { ledger, actor } = rivers.api.world;
  const enrollment = await rivers.enrollment('ada k');
  const marks = [{ enrollment, date: DAYS[0]!, status: 2 as const }];
  const outcomes = await ledger.record(marks, { ...actor, district: rivers.district });
  expect(outcomes).toEqual([expect.objectContaining({ ok: true })]);
};

test.each([
  ['a homeroom', 'k', undefined, 'homeroom', 'scheduled'],
  ['another class', undefined, 'k', 'scheduled', 'homeroom'],
] as const)(
  '%s of which something is known keeps its type, and the import says so each time',
  async (_title, was, is, stays, asked) => {
    await rivers.import(school(was), FIRST);
    await rivers.api.world.database
      .knex('schools')
      .where({ district_id: rivers.district })
      .update({ untaken: 'present' });
    await absentInK();
    await rivers.take('l', DAYS[1]!);
    const before = await seen();
    for (const _twice of [1, 2]) {
      const report = await rivers.import(school(is), TODAY);
      expect(report.warnings).toEqual([
        {
          file: 'classes.csv',
          line: 2,
          column: 'classType',
          reason: expect.stringContaining(`The class stays ${stays}`),
          rows: 1,
        },
      ]);
      expect(report.warnings[0]!.reason).toContain(`--correct-past that it was ${asked} all along`);
      expect(counts(report.counts.classes)).toEqual([0, 0, 0]);
      expect(await seen()).toEqual(before);
    }
    expect((await types()).k).toBe(stays);
  },
);

test('where untaken days count as present, also a class of which nothing was said keeps its type', async () => {
  await rivers.import(school('k'), FIRST);
  await rivers.api.world.database
    .knex('schools')
    .where({ district_id: rivers.district })
    .update({ untaken: 'present' });
  const before = await seen();
  const report = await rivers.import(school(undefined), TODAY);
  expect(report.warnings).toHaveLength(1);
  expect((await types()).k).toBe('homeroom');
  expect(await seen()).toEqual(before);
});

test('a class of which nothing is known, where nothing counts, becomes what it is listed as', async () => {
  await rivers.import(school('k'), FIRST);
  const report = await rivers.import(school('l'), TODAY);
  expect(report.warnings).toEqual([]);
  expect(counts(report.counts.classes)).toEqual([0, 2, 0]);
  expect(await types()).toMatchObject({ k: 'scheduled', l: 'homeroom' });
});

test('with --correct-past it was of that type all along: reports follow together, and the journal says so', async () => {
  await rivers.import(school('k'), FIRST);
  await rivers.api.world.database
    .knex('schools')
    .where({ district_id: rivers.district })
    .update({ untaken: 'present' });
  await absentInK();
  const day = async () => {
    const student = (
      await rivers.api.world.database.knex('enrollments').where({ id: await rivers.enrollment('ada k') })
    )[0];
    const span = `from=${DAYS[0]}&to=${DAYS[0]}`;
    const [absence] = (await rivers.office.get(`/reports/absence?by=day&${span}`).expect(200)).body.rows;
    const history = (await rivers.office.get(`/reports/students/${student.person_id}?${span}`).expect(200)).body;
    return [absence.absent_days, absence.partial_days, history.absent_days, history.partial_days];
  };
  expect(await day()).toEqual([1, 0, 1, 0]);
  const report = await rivers.import(school(undefined), TODAY, { correctPast: true });
  expect(report.corrected).toEqual([expect.objectContaining({ file: 'classes.csv', line: 2, sourcedId: 'k' })]);
  expect((await types()).k).toBe('scheduled');
  expect(await day()).toEqual([0, 1, 0, 1]); // away from one of three classes
  const journaled = await rivers.api.world.database.knex('corrections').where({ district_id: rivers.district });
  expect(journaled.map(({ what, from_value, to_value }) => [what, from_value, to_value])).toEqual([
    ['type', 'homeroom', 'scheduled'],
  ]);
  expect(await rivers.findings()).toEqual([]);
});
