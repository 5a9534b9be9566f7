import fc from 'fast-check';
import { changes, exportOf } from './bundles';
import { closeLeft, everything, play, step } from './sequences';

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
    { numRuns: Number(process.env.ROSTER_RUNS ?? 12), endOnFailure: true },
  );
}, 240_000);
