import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** The terms of classes change, and say so. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
});
afterEach(() => rivers.close());

const TODAY = '2025-09-15';
const said = (terms: Record<string, string[]>, fall = '2026-01-20', title?: string): Said => ({
  sessions: [
    { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' },
    { id: 'fall', begin: '2025-08-25', end: fall },
    { id: 'spring', begin: '2026-01-20', end: '2026-06-12' },
  ],
  classes: Object.entries(terms).map(([id, terms]) => ({ id, terms, ...(title && { title }) })),
  people: [{ id: 'ada' }],
  enrollments: [{ id: 'ada' }],
});

test.each<[string, string[], string[], number]>([
  ['more', ['fall'], ['fall', 'spring'], 1],
  ['fewer', ['fall', 'spring'], ['fall'], 1],
  ['others', ['fall'], ['spring'], 1],
  ['none', ['fall'], [], 1],
  ['the same in another order', ['fall', 'spring'], ['spring', 'fall'], 0],
])('a class of which only the terms change is counted as updated: %s', async (_what, before, after, updated) => {
  const classes = (k: string[]) => ({ k, l: ['year'] });
  await rivers.import(said(classes(before)), TODAY);
  expect((await rivers.import(said(classes(after)), TODAY)).counts.classes).toMatchObject({ inserted: 0, updated });
  const { knex } = rivers.api.world.database;
  const terms = knex('section_terms')
    .join('terms', 'terms.id', 'term_id')
    .where({ section_id: await rivers.section('k') });
  expect((await terms.pluck('sourced_id')).sort()).toEqual([...after].sort());
  expect((await rivers.import(said(classes(after)), TODAY)).counts.classes.updated).toBe(0);
});

test('a class is counted once, whatever changes of it; one that is new is no update', async () => {
  await rivers.import(said({ k: ['fall'] }), TODAY);
  const report = await rivers.import(said({ k: ['year'], l: ['fall'] }, '2026-01-20', 'Chess'), TODAY);
  expect(report.counts.classes).toMatchObject({ inserted: 1, updated: 1 });
});

test('where days of enrollments follow their terms, the row is named that has moved these', async () => {
  await rivers.import(said({ k: ['fall'] }), '2025-09-01');
  for (const date of ['2025-09-02', '2025-09-04']) await rivers.take('k', date);
  const shorter = await rivers.import(said({ k: ['fall'] }, '2025-09-03'), TODAY);
  const ofAda = { sourcedId: 'ada', enrollment: await rivers.enrollment('ada'), rolls: 1 };
  expect(shorter.kept).toEqual([{ ...ofAda, file: 'academicSessions.csv', line: 3 }]);
  const moved = await rivers.import(said({ k: ['spring'] }, '2025-09-03'), TODAY);
  expect(moved.kept).toEqual([{ ...ofAda, rolls: 2, file: 'classes.csv', line: 2 }]);
});
