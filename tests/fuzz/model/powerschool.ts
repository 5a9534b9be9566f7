import fc from 'fast-check';
import type { Command, Model, School } from './command';
import { Write } from './ledger';
import { codes, type Post, type Standing } from './records';
import { anyDay, type Day, isEnrolled, isRarely, type Seat, type Student, seatId, seats, seatsOf } from './roster';

const code = fc.constantFrom(...(Object.keys(codes) as (keyof typeof codes)[]));
const period = fc.constantFrom('1', '2');
const comment = fc.option(fc.constantFrom('', 'note', 'left'), { nil: undefined });
const daily = fc.record({ mode: fc.constant('Daily' as const), code, comment });
const time = fc.record({
  mode: fc.constant('Time' as const),
  code,
  comment,
  minutes: fc.constantFrom(0, 30, 200),
  again: fc.boolean(),
});
const meeting = fc.record({ mode: fc.constant('Meeting' as const), code, comment, period });
const interval = fc.record({ mode: fc.constant('Interval' as const), code, comment, period, interval: fc.nat(1) });
const student = fc.constantFrom<Student>('ada', 'ada', 'ada', 'grace', 'alan', 'katherine');
const dayRecord = fc.record({ student, date: anyDay, post: fc.oneof(daily, time), isUnknown: isRarely });

/** A record of a post; the seat is undefined where a daily record has no homeroom to be of. */
interface Sent {
  readonly student: Student;
  readonly date: Day;
  readonly seat: Seat | undefined;
  readonly post: Post;
  readonly isUnknown: boolean;
}

const atHome = (student: Student) => seatsOf(student).find((seat) => seats[seat].section === 'homeroom');
const seated = (record: Omit<Sent, 'seat'>): Sent => ({ ...record, seat: atHome(record.student) });
const inClass = (student: Student) =>
  fc.record({ seat: fc.constantFrom(...seatsOf(student)), post: fc.oneof(meeting, interval), isUnknown: isRarely });

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

function posted(address: Parameters<School['send']>[0], records: readonly Sent[]): Command {
  let made: (Standing | undefined)[] = [];
  return {
    expected: (model) => {
      const write = new Write(model.ledger, 'powerschool', 'complete');
      const taken = records.map((record) => take(model, write, record));
      made = taken.map(({ record }) => record);
      write.end();
      return { status: 200, items: taken.map(({ action }) => action) };
    },
    send: async (school, model) => school.send(address, ...records.map((record) => columnsOf(school, model, record))),
    told: ({ status, body }) => ({
      status,
      items: body.result?.map((result: Result) => (result.status === 'SUCCESS' ? result.action : 'ERROR')),
    }),
    learn: ({ body }) => {
      for (const [index, { success_message }] of (body.result as Result[]).entries())
        if (success_message && made[index]) made[index].id = success_message.id;
    },
  };
}

interface Result {
  readonly status: string;
  readonly action: string;
  readonly success_message?: { readonly id: number };
}

/** The record as it then stands, and what is answered of it: '*' where the texts do not say which. */
function take({ ledger, records }: Model, write: Write, { seat, date, post, isUnknown }: Sent) {
  if (!seat || isUnknown || !isEnrolled(seat, date)) return { record: undefined, action: 'ERROR' };
  const known = ledger.known(seat, date);
  const found = records.find(seat, date, post);
  const isNew = known === null && records.of(seat, date).length === 0;
  const { record, wish } = records.post(seat, date, post, known);
  // What another API said is not the SIS's to take back.
  if (wish && (wish.status !== null || ledger.authorOf(seat, date) === 'powerschool')) write.say(seat, date, wish);
  return { record, action: found ? 'UPDATE' : isNew ? 'INSERT' : '*' };
}

function columnsOf(school: School, { records }: Model, { student, date, seat, post, isUnknown }: Sent): object {
  const { mode, code, comment, minutes, period, interval, again } = post;
  const isOfClass = mode === 'Meeting' || mode === 'Interval';
  return school.record({
    att_mode_code: `ATT_Mode${mode}`,
    att_date: date,
    studentid: school.world.people[student],
    attendance_codeid: isUnknown ? 999_999 : school.code(code),
    att_comment: comment,
    ...(minutes !== undefined && { total_minutes: minutes }),
    ...(again && seat && { dcid: records.find(seat, date, post)?.id ?? 0 }),
    ...(isOfClass && { ccid: seatId(school, seat!), periodid: period, start_time: 0, end_time: 60 }),
    ...(interval !== undefined && { att_interval: interval }),
  });
}
