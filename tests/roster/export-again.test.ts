import fc from 'fast-check';
import { bundle, changes, exportOf, openRoster } from './bundles';
import { closeLeft, everything, play, runs, step } from './sequences';

/** Whatever was imported, taken and said before: what is exported imports back to the same, latecomers and kept days too. */
afterEach(closeLeft);

test('an export of the roster changes nothing when it is imported again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) =>
      play(steps, async ({ rivers, today }) => {
        const { database } = rivers.api.world;
        const stands = await everything(rivers);
        const terms = await database.knex('section_terms').orderBy(['section_id', 'term_id']);
        const out = await exportOf(database, rivers.district);
        const report = await rivers.importFiles(out, today, { allowEnding: 99 });
        expect([report.refused, report.kept, report.delayed, changes(report)]).toEqual([[], [], [], 0]);
        expect(await everything(rivers)).toEqual(stands);
        expect(await database.knex('section_terms').orderBy(['section_id', 'term_id'])).toEqual(terms);
        expect(await exportOf(database, rivers.district)).toEqual(out);
      }),
    ),
    runs,
  );
}, 240_000);

/** As an import keeps it: without spaces around it, and no quote opens a cell of several lines. */
const name = fc
  .string({ unit: fc.constantFrom(...'=+-@\uFF1D;,\t|\r\n "\'a'), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() === text && !/^"[\s\S]*[\r\n]/.test(text));

test('so it is whatever people and classes are called; no cell of it is a formula', async () => {
  const roster = await openRoster();
  try {
    const { knex } = roster.database;
    await roster.importFiles(bundle);
    await fc.assert(
      fc.asyncProperty(name, name, name, async (given_name, family_name, title) => {
        await knex('people').update({ given_name, family_name });
        await knex('sections').update({ title, section_code: title });
        const before = await roster.everything();
        const out = await exportOf(roster.database, roster.district);
        for (const text of Object.values(out)) expect(text).not.toMatch(/(^|[;,\t|\r\n])[\s"']*(?<!')[=+\-@\uFF1D]/);
        const report = await roster.importFiles(out);
        expect([report.refused, changes(report)]).toEqual([[], 0]);
        expect(await roster.everything()).toEqual(before);
      }),
      { numRuns: 20 },
    );
  } finally {
    await roster.close();
  }
}, 120_000);
