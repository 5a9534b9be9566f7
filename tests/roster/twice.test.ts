import fc from 'fast-check';
import { changes } from './bundles';
import { closeLeft, everything, play, runs, step } from './sequences';

/** Whatever was imported, taken and said before: the same bundle once more changes nothing, and breaks no promise. */
afterEach(closeLeft);

test('the same bundle twice changes nothing the second time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) =>
      play(steps, async ({ rivers, report: { refused }, again }) => {
        expect(refused).toEqual([]);
        const stands = await everything(rivers);
        const report = await again();
        expect([changes(report), report.kept, report.delayed, await everything(rivers)]).toEqual([0, [], [], stands]);
      }),
    ),
    runs,
  );
}, 240_000);
