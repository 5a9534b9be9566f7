import fc from 'fast-check';
import { runs } from '../../runs';
import { DAY, openSchool, type School } from './school';

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

const RUNS = runs(20);
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    null,
    '0',
    '-1',
    '1e9',
    '\u0000',
    '\ud800',
    '__proto__',
    [],
    {},
    true,
    1.5,
    Number.MAX_VALUE,
    DAY,
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.integer({ min: -2, max: 12 }),
  fc.jsonValue({ maxDepth: 2 }),
);
const columns = fc.dictionary(
  fc.constantFrom(
    'studentid',
    'att_date',
    'schoolid',
    'yearid',
    'attendance_codeid',
    'att_comment',
    'programid',
    'calendar_dayid',
    'dcid',
    'total_minutes',
    'ccid',
    'periodid',
    'att_interval',
    'start_time',
    'end_time',
    'att_mode_code',
  ),
  hostile,
  { maxKeys: 4 },
);
const address = fc.constantFrom('batch_daily_time' as const, 'daily_time' as const, 'meeting_interval' as const);
const mode = fc.constantFrom('ATT_ModeDaily', 'ATT_ModeTime', 'ATT_ModeMeeting', 'ATT_ModeInterval');

test('whatever is in the columns, each record is answered, and one that is refused changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      address,
      mode,
      fc.array(columns, { minLength: 1, maxLength: 3 }),
      async (to, att_mode_code, sent) => {
        const before = await school.everything();
        const { status, body } = await school.send(
          to,
          ...sent.map((each) => school.record({ att_mode_code, ...each })),
        );
        expect([200, 400]).toContain(status);
        const results: { status: string }[] = body.result ?? [];
        const stored = results.filter((result) => result.status === 'SUCCESS').length;
        if (status === 200)
          expect([results.length, body.insert_count + body.update_count]).toEqual([sent.length, stored]);
        if (stored === 0) expect(await school.everything()).toEqual(before);
      },
    ),
    { numRuns: RUNS * 5 },
  );
});
