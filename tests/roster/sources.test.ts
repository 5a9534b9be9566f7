import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import { rehearsed } from '../../src/roster/oneroster/report';
import { sampled } from '../sampled';
import { bundleOf, type Said } from './builder';
import { changes, openRoster, type Roster } from './bundles';

/** A file that cannot be what the SIS meant changes nothing. */
let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
});
afterEach(() => roster.close());

const knex = () => roster.database.knex;
const students = (count: number, from = 0) =>
  Array.from({ length: count }, (_none, index) => ({ id: `s${String(from + index).padStart(3, '0')}` }));
const running = async () => (await knex()('enrollments')).filter(({ active }) => active).length;
const school = (listed: Said['enrollments'], more: Said = {}): Said => ({
  people: students(100),
  enrollments: listed ?? [],
  ...more,
});

describe('a bulk file that shrank', () => {
  beforeEach(async () => {
    await roster.importFiles(bundleOf(school(students(100))));
  });

  test('by more than a fifth of a school is refused as a whole, with the figures', async () => {
    const before = await roster.everything();
    const moved = students(79).map((row) => ({ ...row, begin: '2025-09-01' }));
    const report = await roster.importFiles(bundleOf(school(moved)));
    expect(report.refused).toEqual([
      {
        file: 'enrollments.csv',
        line: 0,
        column: '',
        reason:
          'It does not list 21 of 100 of Rivers Middle (700) that run today: more than a fifth. An export may have broken off, so nothing of it was taken. --allow-ending 21 takes it.',
      },
    ]);
    expect([changes(report), await roster.everything()]).toEqual([0, before]);
  });

  test.each(
    sampled([
      ['by a fifth', students(80), {}, 80],
      ['by more, where so many may end', students(79), { allowEnding: 21 }, 79],
      ['by far more, where that many may end', students(10), { allowEnding: 90 }, 10],
      ['by more than may end', students(10), { allowEnding: 89 }, 100],
      ['to nothing', [], { allowEnding: 100 }, 100],
    ]),
  )('%s', async (_how, listed, options, left) => {
    await roster.importFiles(bundleOf(school(listed)), undefined, undefined, options);
    expect(await running()).toBe(left);
  });

  test('of a school that another school hides is refused: each is counted by itself', async () => {
    const other = { id: 'large', name: 'Large', number: '800' };
    const large = Array.from({ length: 300 }, (_none, index) => ({ id: `l${index}`, class: 'l', person: `p${index}` }));
    const both: Said = {
      people: [...students(100), ...large.map(({ person }) => ({ id: person }))],
      schools: [{ id: 's' }, other],
      classes: [{ id: 'k' }, { id: 'l', school: 'large' }],
    };
    await roster.importFiles(bundleOf(school([...students(100), ...large], both)));
    const report = await roster.importFiles(bundleOf(school([...students(70), ...large], both)));
    expect(report.refused[0]!.reason).toContain('30 of 100 of Rivers Middle (700)');
    expect(await running()).toBe(400);
  });

  test('though all rows have new sourcedIds, is believed, and nobody is in a class twice', async () => {
    const renamed = students(100).map(({ id }) => ({ id: `new-${id}`, person: id }));
    const report = await roster.importFiles(bundleOf(school(renamed)));
    expect([report.refused, await running()]).toEqual([[], 100]);
    const again = await roster.importFiles(bundleOf(school(renamed)));
    expect([again.refused, changes(again), again.warnings]).toEqual([[], 0, []]);
  });

  test('in the summer, when last year is over, is believed', async () => {
    const report = await roster.importFiles(bundleOf(school(students(5))), undefined, '2026-07-15');
    expect([report.refused, await running()]).toEqual([[], 5]);
  });

  test('of a small school is believed', async () => {
    const small = await roster.newDistrict('Small');
    await roster.importFiles(bundleOf(school(students(20))), small);
    const report = await roster.importFiles(bundleOf(school(students(1))), small);
    expect([report.refused, report.counts.enrollments.ended]).toEqual([[], 19]);
  });

  test('a delta ends what it says, however many these are', async () => {
    const gone = students(60).map((row) => ({ ...row, status: 'tobedeleted' }));
    const report = await roster.importFiles(bundleOf(school(gone, { modes: { enrollments: 'delta' } })));
    expect([report.refused, await running()]).toEqual([[], 40]);
  });
});

test.each(
  sampled([
    ['in a row', ',student'],
    ['in the last value of a row', '-29'],
    ['in the last digit of a row', '9'],
  ]),
)('a file that breaks off %s ends nothing, and what stood before goes in', async (_where, before) => {
  await roster.importFiles(bundleOf(school(students(10))));
  const files = bundleOf(school([...students(7), { id: 's007', end: '2026-05-29' }]));
  const text = String(files['enrollments.csv']);
  const report = await roster.importFiles({ ...files, 'enrollments.csv': text.slice(0, text.lastIndexOf(before)) });
  expect([await running(), report.counts.enrollments]).toEqual([10, { inserted: 0, updated: 0, ended: 0, refused: 1 }]);
  expect(report.refused).toHaveLength(2);
});

describe('a bundle that is older than the last one', () => {
  const at = (modified: string, listed = students(3)) => bundleOf(school(listed, { modified }));

  test('is refused as a whole by its dateLastModified, unless it is forced', async () => {
    await roster.importFiles(at('2025-10-02T08:00:00Z'));
    const before = await roster.everything();
    await expect(roster.importFiles(at('2025-10-01T08:00:00Z', students(2)))).rejects.toThrow(
      'The bundle is older than the last one: its newest dateLastModified is 2025-10-01T08:00:00.000Z, that of the last one was 2025-10-02T08:00:00.000Z. Nothing was done.',
    );
    expect(await roster.everything()).toEqual(before);
    await roster.importFiles(at('2025-10-01T08:00:00Z', students(2)), undefined, undefined, { force: true });
    expect(await running()).toBe(2);
    await roster.importFiles(at('2025-10-01T09:00:00Z'));
    expect(await running()).toBe(3);
  });

  test('the same one, a newer one, and one that does not say are taken', async () => {
    for (const modified of ['2025-10-02T08:00:00Z', '2025-10-02T08:00:00Z', '', '2025-10-02', '2025-10-03']) {
      if (modified === '2025-10-02') {
        await expect(roster.importFiles(at(modified))).rejects.toThrow('The bundle is older');
        continue;
      }
      expect((await roster.importFiles(at(modified))).refused).toEqual([]);
    }
  });

  test('a day to come, which some SIS writes, bars nobody', async () => {
    await roster.importFiles(at('2999-01-01T00:00:00Z'));
    expect((await roster.importFiles(at('2025-10-02T08:00:00Z'))).refused).toEqual([]);
  });
});

test('the same bundle twice changes nothing the second time', async () => {
  await roster.importFiles(bundleOf(school(students(30))));
  const before = await roster.everything();
  const again = await roster.importFiles(bundleOf(school(students(30))));
  expect([changes(again), again.refused, await roster.everything()]).toEqual([0, [], before]);
});

test('an import that is interrupted is finished by running it again', async () => {
  await roster.importFiles(bundleOf(school(students(30))));
  const next = bundleOf(school([...students(25), ...students(10, 50)]));
  roster.write(next);
  let transactions = 0;
  const broken: typeof roster.database = {
    ...roster.database,
    transaction: (work) => {
      if (++transactions === 7) throw new Error('The power went out.');
      return roster.database.transaction(work);
    },
  };
  const bundle = await openOneRoster(roster.folder);
  await expect(importOneRoster(broken, roster.district, bundle, { today: '2025-10-15' })).rejects.toThrow(
    'The power went out.',
  );
  const report = await roster.importFiles(next);
  expect(report.refused).toEqual([]);
  const listed = (await knex()('enrollments')).filter(({ active }) => active).map(({ sourced_id }) => sourced_id);
  expect(listed.sort()).toEqual([...students(25), ...students(10, 50)].map(({ id }) => id));
});

test('a dryRun answers what an import does, row by row, and changes nothing', async () => {
  await roster.importFiles(bundleOf(school(students(30))));
  const before = await roster.everything();
  const next = bundleOf(
    school([...students(25), { id: 'new', class: 'l', person: 's001' }, { id: 'wrong', person: 'nobody' }], {
      classes: [
        { id: 'k', title: 'Renamed' },
        { id: 'l', terms: ['gone'] },
      ],
    }),
  );
  roster.write(next);
  const bundle = await openOneRoster(roster.folder);
  const would = await rehearsed(roster.database, (database) =>
    importOneRoster(database, roster.district, bundle, { today: '2025-10-15' }),
  );
  expect(await roster.everything()).toEqual(before);
  const did = await roster.importFiles(next);
  expect(would).toEqual(did);
  expect(did.counts.enrollments).toEqual({ inserted: 1, updated: 0, ended: 5, refused: 1 });
});
