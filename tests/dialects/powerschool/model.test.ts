import fc from 'fast-check';
import { Status } from '../../../src/ledger/attendance';
import { DAY, openSchool, type School, told } from './school';

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

const RUNS = process.env.ENGINE === 'sqlite' ? 60 : 25;
const statuses: Record<string, Status> = { P: 1, A: 2, E: 4, T: 3, UT: 3 };
const code = fc.constantFrom(...Object.keys(statuses));
const step = fc.oneof(
  fc.record({ kind: fc.constant('daily' as const), code }),
  fc.record({ kind: fc.constant('time' as const), code, minutes: fc.constantFrom(0, 30, 200) }),
  fc.record({ kind: fc.constant('meeting' as const), code, period: fc.constantFrom('1', '2', '3') }),
  fc.record({ kind: fc.constant('interval' as const), code, period: fc.constantFrom('1', '2'), interval: fc.nat(2) }),
  fc.record({ kind: fc.constant('mark' as const), status: fc.constantFrom<Status>(1, 2, 3, 4) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** What one day of Ada in her homeroom comes to, written as plainly as the reference says it. */
class Model {
  status: Status = Status.present;
  time: { code: Status; minutes: number }[] = [];
  parts = new Map<string, Status>();

  take(step: Step): void {
    if (step.kind === 'mark') this.status = step.status;
    else if (step.kind === 'daily') this.status = statuses[step.code]!;
    else if (step.kind === 'time') {
      this.time.push({ code: statuses[step.code]!, minutes: step.minutes });
      this.status = this.byTime();
    } else {
      this.parts.set(step.kind === 'meeting' ? step.period : `${step.period}/${step.interval}`, statuses[step.code]!);
      const all = [...this.parts.values()];
      this.status =
        ([Status.absent, Status.excused, Status.late] as const).find((each) => all.includes(each)) ?? Status.present;
    }
  }

  byTime(): Status {
    const total = this.time.reduce((sum, { minutes }) => sum + minutes, 0);
    if (total > 0) return this.time.filter(({ minutes }) => minutes > 0).at(-1)!.code;
    const { code } = this.time.at(-1)!;
    return code === Status.absent || code === Status.excused ? code : Status.present;
  }
}

test('any sequence of posts in any modes, and of marks of another API, comes to what the reference says', async () => {
  let day = Date.parse('2025-09-01');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      day += 86_400_000;
      const att_date = new Date(day).toISOString().slice(0, 10);
      const model = new Model();
      for (const each of steps) {
        model.take(each);
        await take(each, att_date);
        const found = (await school.marks(school.homeroom)).find(([, date]) => date === att_date);
        expect(found?.[2] ?? Status.present).toBe(model.status);
      }
    }),
    { numRuns: RUNS },
  );
});

async function take(step: Step, att_date: string): Promise<void> {
  if (step.kind === 'mark') return school.mark([school.daily.ada, att_date, step.status]);
  const { kind, code, period, minutes, interval } = { period: '', minutes: '', interval: '', ...step };
  const common = { att_date, attendance_codeid: school.code(code) };
  const inClass = { ...common, ccid: school.daily.ada, periodid: period, start_time: 0, end_time: 60 };
  const answer =
    kind === 'daily'
      ? await school.send('daily_time', school.record(common))
      : kind === 'time'
        ? await school.send(
            'daily_time',
            school.record({ ...common, att_mode_code: 'ATT_ModeTime', total_minutes: minutes }),
          )
        : kind === 'meeting'
          ? await school.send('meeting_interval', school.record({ ...inClass, att_mode_code: 'ATT_ModeMeeting' }))
          : await school.send(
              'meeting_interval',
              school.record({ ...inClass, att_mode_code: 'ATT_ModeInterval', att_interval: interval }),
            );
  expect(told(answer)).not.toContainEqual(expect.stringMatching(/_/));
}

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

test('whatever a query is asked with, it is answered or refused', async () => {
  const query = fc.constantFrom(
    'attendance.attendance_code_by_school_date',
    'attendance.daily_attendance_template',
    'attendance.time_attendance_template',
    'attendance.meeting_interval_attendance_template',
    'attendance.student_attendance_detail',
    'student.student_dcid_id_map',
  );
  const names = ['schoolid', 'att_date', 'studentid', 'dcid', 'students_dcid', 'attendance_att_date_start'];
  const sent = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(hostile, fc.constantFrom<unknown>('200', DAY, 1, [1, 2])),
  );
  await fc.assert(
    fc.asyncProperty(query, sent, async (name, body) => {
      const { status } = await school.post(`/ws/schema/query/com.pearson.core.${name}`).send(body);
      expect([200, 400]).toContain(status);
    }),
    { numRuns: RUNS * 3 },
  );
});
