import fc from 'fast-check';
import type { School } from '../../dialects/powerschool/school';
import type { Command, Model } from './command';
import { type Code, codes, Parts, type Post } from './parts';
import { anyDay, type Day, isEnrolled, type Seat, type Student, seatId, seats, seatsOf } from './roster';

const code = fc.constantFrom(...(Object.keys(codes) as Code[]));
const period = fc.constantFrom('1', '2', '3');
const daily = fc.record({
  mode: fc.constant('Daily' as const),
  code,
  comment: fc.option(fc.constantFrom('', 'note'), { nil: undefined }),
});
const time = fc.record({ mode: fc.constant('Time' as const), code, minutes: fc.constantFrom(0, 30, 200) });
const meeting = fc.record({ mode: fc.constant('Meeting' as const), code, period });
const interval = fc.record({ mode: fc.constant('Interval' as const), code, period, interval: fc.nat(2) });
const student = fc.constantFrom<Student>('ada', 'ada', 'ada', 'grace', 'alan', 'katherine');
const dayRecord = fc.record({ student, date: anyDay, post: fc.oneof(daily, time), isUnknown: isRarely() });

/** A record of a post; the seat is undefined where a daily record has no homeroom to be of. */
interface Sent {
  readonly student: Student;
  readonly date: Day;
  readonly seat: Seat | undefined;
  readonly post: Post;
  readonly isUnknown: boolean;
}

function isRarely(): fc.Arbitrary<boolean> {
  return fc.constantFrom(false, false, false, false, false, true);
}

const atHome = (student: Student) => seatsOf(student).find((seat) => seats[seat].section === 'homeroom');

/** The three addresses that attendance is posted to, in all four modes; some records are wrong. */
export const powerschoolCommands: fc.Arbitrary<Command> = fc.oneof(
  fc.array(dayRecord, { minLength: 1, maxLength: 4 }).map((records) => posted('batch_daily_time', records.map(seated))),
  dayRecord.map((record) => posted('daily_time', [seated(record)])),
  student.chain((student) =>
    fc
      .record({ date: anyDay, posts: fc.array(inClass(student), { minLength: 1, maxLength: 4 }) })
      .map(({ date, posts }) =>
        posted(
          'meeting_interval',
          posts.map((each) => ({ ...each, student, date })),
        ),
      ),
  ),
);

const seated = (record: Omit<Sent, 'seat'>): Sent => ({ ...record, seat: atHome(record.student) });
const inClass = (student: Student) =>
  fc.record({ seat: fc.constantFrom(...seatsOf(student)), post: fc.oneof(meeting, interval), isUnknown: isRarely() });

const posted = (address: Parameters<School['send']>[0], records: readonly Sent[]): Command => ({
  expected: (model) => ({ status: 200, items: records.map((record) => take(model, record)) }),
  send: async (school) => school.send(address, ...records.map((record) => columnsOf(school, record))),
  told: ({ status, body }) => ({
    status,
    items: body.result?.map((result: { status: string }) => result.status === 'SUCCESS'),
  }),
});

function take({ ledger, parts }: Model, { seat, date, post, isUnknown }: Sent): boolean {
  if (!seat || isUnknown || !isEnrolled(seat, date)) return false;
  const key = `${seat} ${date}`;
  if (!parts.has(key)) parts.set(key, new Parts());
  return ledger.write(seat, date, parts.get(key)!.take(post));
}

function columnsOf(school: School, { student, date, seat, post, isUnknown }: Sent): object {
  const { mode, code, comment, minutes, period, interval } = post;
  const isOfClass = mode === 'Meeting' || mode === 'Interval';
  return school.record({
    att_mode_code: `ATT_Mode${mode}`,
    att_date: date,
    studentid: school.world.people[student],
    attendance_codeid: isUnknown ? 999_999 : school.code(code),
    att_comment: comment,
    ...(minutes !== undefined && { total_minutes: minutes }),
    ...(isOfClass && { ccid: seatId(school, seat!), periodid: period, start_time: 0, end_time: 60 }),
    ...(interval !== undefined && { att_interval: interval }),
  });
}
