import type { DateGroup } from '../../schemas/schoology/attendance';
import { idOn } from '../../src/days';
import type { Status } from '../../src/ledger/attendance';
import { openSchool, type School } from './powerschool/school';
import { attendance, booking, event } from './wix/school';

/**
 * What is written in one API reads back in every other, and says nothing of anybody else. All of it is of the homeroom,
 * which has Ada, Grace and Alan.
 */
let school: School;
beforeAll(async () => {
  school = await openSchool();
});
afterAll(() => school.close());

const written = ['journal', 'marks', 'presences', 'meetings', 'powerschool_attendance', 'osdi_attendances'];
beforeEach(async () => {
  const { knex } = school.world.database;
  for (const table of written) await knex(table).delete();
  await knex('sections').increment('revision', 1); // no answer of an earlier test is remembered
});

const DAY = '2025-10-07';
/** For tests that need many; all are past, and all three are enrolled. */
const days = Array.from({ length: 31 }, (_, index) => `2025-12-${String(index + 1).padStart(2, '0')}`);
const statuses = [1, 2, 3, 4] as const;
const everybody = ['ada', 'grace', 'alan'] as const;
type Name = (typeof everybody)[number];
/** What is known of a student: a status, or null for nothing. */
type Known = Status | null;

const osdi = (verb: 'get' | 'post' | 'put', path: string) =>
  school[verb](`/osdi/api/v1${path}`).set('OSDI-API-Token', school.token);
const osdiPath = (name: Name, date: string) =>
  `/events/${idOn(school.homeroom, date)}/attendances/${idOn(school.daily[name], date)}`;
const schedule = (date: string) =>
  osdi('post', '/events').send({ identifiers: [`rollbook:section:${school.homeroom}`], all_day_date: date });
const put = (query: string) => (date: string, status: Status, comment?: string) =>
  school.put(`/v1/sections/${school.homeroom}/attendance${query}`).send({
    attendances: { attendance: [{ enrollment_id: school.daily.ada, date, status, comment }] },
  });
const words = { 1: 'present', 2: 'absent', 3: 'late', 4: 'excused' } as const;
const codes = { 1: 'P', 2: 'A', 3: 'T', 4: 'E' } as const;

const modes = ['Daily', 'Time', 'Meeting', 'Interval'] as const;
type Mode = (typeof modes)[number];

/** Posts a record of Ada's; with minutes where their number is what a code means. */
async function post(mode: Mode, date: string, status: Status, comment?: string, columns = {}) {
  const isOfDay = mode === 'Daily' || mode === 'Time';
  const record = school.record({
    att_mode_code: `ATT_Mode${mode}`,
    att_date: date,
    attendance_codeid: school.code(codes[status]),
    att_comment: comment,
    ...(mode === 'Time' && { total_minutes: status === 1 || status === 3 ? 120 : 0 }),
    ...(!isOfDay && { ccid: school.daily.ada, periodid: '1', start_time: 30_600, end_time: 33_300 }),
    ...(mode === 'Interval' && { att_interval: 1 }),
    ...columns,
  });
  const answer = await school.send(isOfDay ? 'daily_time' : 'meeting_interval', record);
  expect(answer.body.result[0].status).toBe('SUCCESS');
  return answer;
}

/** How a status of Ada is written, alone but for the first. */
const writers = {
  'schoology, which takes the roll': put(''),
  'schoology with taken=0': put('?taken=0'),
  powerschool: (date: string, status: Status, comment?: string) => post('Daily', date, status, comment),
  osdi: async (date: string, status: Status, comment?: string) => {
    await schedule(date);
    return osdi('put', osdiPath('ada', date)).send({ status: words[status], comment });
  },
  wix: (date: string, status: Status) =>
    school.post('/bookings/v2/attendance/set').send({
      attendance: {
        bookingId: booking(school.daily.ada),
        eventId: event(school.homeroom, date),
        status: status === 1 || status === 3 ? 'ATTENDED' : 'NOT_ATTENDED',
      },
    }),
  rolls: (date: string, status: Status, comment?: string) =>
    school
      .patch(`/rolls/${school.homeroom}/${date}`)
      .send({ statuses: [{ enrollment_id: school.daily.ada, status, comment }] }),
  marks: (date: string, status: Status, comment?: string) =>
    school.post('/marks').send({ marks: [{ enrollment: school.daily.ada, date, status: words[status], comment }] }),
};
type Writer = keyof typeof writers;
const names = Object.keys(writers) as Writer[];

/** What becomes of a status that is written over another: Wix keeps what it cannot say. */
const becomes = (writer: Writer, status: Status, over: Known): Status => {
  if (writer !== 'wix') return status;
  return status === 1 || status === 3 ? (over === 3 ? 3 : 1) : over === 4 ? 4 : 2;
};

async function write(writer: Writer, date: string, status: Status, comment?: string): Promise<void> {
  expect([writer, (await writers[writer](date, status, comment)).status]).toEqual([writer, 200]);
}

/** The records of a student's day. */
async function recordsOf(name: Name, date: string) {
  return (await recordsOn(date)).filter(({ attendance }) => attendance!.ccid === String(school.daily[name]));
}

const recordsOn = (date: string) =>
  school.ask('attendance.student_attendance_detail', {
    students_dcid: everybody.map((name) => school.world.people[name]),
    attendance_att_date_start: date,
    attendance_att_date_end: date,
  });

/** What each of the APIs says of each student on a day. No row of PowerSchool and a Present code say the same. */
async function read(date: string) {
  const { body: section } = await school.get(`/v1/sections/${school.homeroom}/attendance?start=${date}&end=${date}`);
  const marks: { enrollment_id: number; status: Status }[] = (section.date as DateGroup[]).flatMap(({ statuses }) =>
    statuses.status.flatMap(({ attendances }) => attendances.attendance),
  );
  const { body: osdiList } = await osdi('get', `/events/${idOn(school.homeroom, date)}/attendances`);
  const { body: wix } = await school
    .post('/bookings/v2/attendance/query')
    .send({ query: { filter: { eventId: event(school.homeroom, date) } } });
  const { body: roll } = await school.get(`/rolls/${school.homeroom}/${date}`);
  const records = await recordsOn(date);
  return everybody.map((name) => {
    const id = school.daily[name];
    const one = osdiList._embedded['osdi:attendances'].find(({ identifiers }: { identifiers: string[] }) =>
      identifiers.includes(`rollbook:${idOn(id, date)}`),
    );
    const told = roll.statuses.find(({ enrollment_id }: { enrollment_id: number }) => enrollment_id === id)?.status;
    const code = records.find(({ attendance: record }) => record!.ccid === String(id))?.attendance_code?.att_code;
    return {
      schoology: marks.find(({ enrollment_id }) => enrollment_id === id)?.status,
      powerschool: code === 'P' ? 'P or no row' : code,
      osdi: [one.attended, one.status],
      wix: wix.attendances.find((each: { id: string }) => each.id === attendance(id, date)).status,
      rolls: told ?? (roll.taken_at === null ? null : 1),
    };
  });
}

/** What they are to say. */
function said(known: Known, isRecord: boolean) {
  const attended = known === null ? undefined : known === 1 || known === 3;
  return {
    schoology: known === null || known === 1 ? undefined : known,
    powerschool: known === null || (known === 1 && !isRecord) ? undefined : known === 1 ? 'P or no row' : codes[known],
    osdi: [attended, known === null ? undefined : known === 1 ? 'accepted' : words[known]],
    wix: known === null ? 'NOT_SET' : attended ? 'ATTENDED' : 'NOT_ATTENDED',
    rolls: known,
  };
}

const isTaken = async (date: string): Promise<boolean> => {
  const { body } = await school.get(`/v1/sections/${school.homeroom}/attendance?taken=1&start=${date}&end=${date}`);
  const { body: roll } = await school.get(`/rolls/${school.homeroom}/${date}`);
  const { body: report } = await school.get(`/reports/rolls?date=${date}`);
  const reported = report.rolls.find(({ section_id }: { section_id: number }) => section_id === school.homeroom);
  expect(reported.taken_at !== null).toBe(roll.taken_at !== null);
  if (roll.taken_at !== null) expect(body.date).toHaveLength(1);
  return roll.taken_at !== null;
};

const rolls = (body: object) => school.patch(`/rolls/${school.homeroom}/${DAY}`).send(body).expect(200);
const grace = (status: Status) => ({ enrollment_id: school.daily.grace, status });

/** Each with what is known of Grace and Alan in it, and of Ada before anything is said of her. */
const states = {
  untaken: { begin: async () => undefined, grace: null, alan: null, ada: null, isTaken: false },
  'partly told': { begin: () => rolls({ statuses: [grace(1)] }), grace: 1, alan: null, ada: null, isTaken: false },
  taken: { begin: () => rolls({ taken: true, statuses: [grace(4)] }), grace: 4, alan: 1, ada: 1, isTaken: true },
} as const;
type State = keyof typeof states;

const table = (Object.keys(states) as State[]).flatMap((state) =>
  statuses.flatMap((status) => names.map((writer) => [state, status, writer] as const)),
);

test.each(table)('of a roll that is %s, what is written as %p through %s reads back in all', async (...row) => {
  const [state, status, writer] = row;
  const before = states[state];
  await before.begin();
  await write(writer, DAY, status);
  const takes = writer === 'schoology, which takes the roll';
  expect(await isTaken(DAY)).toBe(before.isTaken || takes);
  expect(await read(DAY)).toEqual([
    said(becomes(writer, status, before.ada), writer === 'powerschool'),
    // Nobody else's status changes, but that a roll which is taken makes present whoever was unknown.
    ...(['grace', 'alan'] as const).map((name) => said(before[name] ?? (takes ? 1 : null), false)),
  ]);
});

test.each(names)('a roll whose last status is told through %s is taken, and nobody else changes', async (writer) => {
  for (const [index, status] of statuses.entries()) {
    const date = days[index]!;
    const others = [grace(1), { enrollment_id: school.daily.alan, status: 2 }];
    await school.patch(`/rolls/${school.homeroom}/${date}`).send({ statuses: others }).expect(200);
    expect(await isTaken(date)).toBe(false);
    await write(writer, date, status);
    expect(await isTaken(date)).toBe(true);
    expect(await read(date)).toEqual([
      said(becomes(writer, status, null), writer === 'powerschool'),
      said(1, false),
      said(2, false),
    ]);
  }
});

const readers = {
  schoology: async (date: string) => {
    const { body } = await school.get(`/v1/sections/${school.homeroom}/attendance?start=${date}&end=${date}`);
    return body.date[0].statuses.status[0].attendances.attendance[0].comment;
  },
  powerschool: async (date: string) => (await recordsOf('ada', date))[0]!.attendance!.att_comment,
  osdi: async (date: string) => (await osdi('get', osdiPath('ada', date))).body.comment ?? '',
  rolls: async (date: string) => (await school.get(`/rolls/${school.homeroom}/${date}`)).body.statuses[0].comment,
  marks: async (date: string) => (await school.get(`/marks?from=${date}&to=${date}`)).body.marks[0].comment,
};
const comments = async (date: string) => {
  const all = new Set<string>();
  for (const read of Object.values(readers)) all.add(await read(date));
  return [...all];
};
const exceptions = [2, 3, 4] as const;
const commenting = names.filter((name) => name !== 'wix');

test.each(commenting)('the comment that %s writes, all others read, over whatever stood', async (writer) => {
  let date = 0;
  for (const before of statuses)
    for (const status of exceptions) {
      const comment = `${writer} & <co>, ${status}`;
      await write('marks', days[date]!, before, 'before');
      await write(writer, days[date]!, status, comment);
      expect(await comments(days[date]!)).toEqual([comment]);
      date++;
    }
});

test.each(names)('a comment that %s does not send stays, whatever becomes of the absence', async (writer) => {
  const isSchoology = writer.startsWith('schoology');
  let date = 0;
  for (const before of exceptions)
    for (const status of exceptions) {
      await write('marks', days[date]!, before, 'ill');
      await write(writer, days[date]!, status);
      const after = becomes(writer, status, before);
      // ATTENDED over what is no lateness is present, which has no comment.
      const kept = isSchoology && status !== before ? '' : 'ill';
      const expected = writer === 'powerschool' ? [kept, ''] : [kept]; // its own record reads back as posted, without one
      if (after !== 1) expect(await comments(days[date]!)).toEqual(expected);
      date++;
    }
});

test.each(commenting)('an empty comment that %s sends clears the one that stands', async (writer) => {
  for (const [index, status] of exceptions.entries()) {
    await write('rolls', days[index]!, 2, 'ill');
    await write(writer, days[index]!, status, '');
    expect(await comments(days[index]!)).toEqual(['']);
  }
});

describe('PowerSchool', () => {
  /** Mode, code and comment of each of Ada's records, in the order of the modes. */
  const records = async (date: string) =>
    (await recordsOf('ada', date))
      .map(({ attendance, attendance_code }) => [
        attendance!.att_mode_code!.slice('ATT_Mode'.length),
        attendance_code!.att_code,
        attendance!.att_comment,
      ])
      .sort(([one], [other]) => modes.indexOf(one as Mode) - modes.indexOf(other as Mode));
  const mark = async (date: string) =>
    (await school.get(`/rolls/${school.homeroom}/${date}`)).body.statuses[0]?.status ?? null;
  const severity = [1, 3, 4, 2];
  const worse = (one: Status, other: Status) => (severity.indexOf(one) > severity.indexOf(other) ? one : other);
  const different = modes.flatMap((one) => modes.filter((mode) => mode !== one).map((other) => [one, other] as const));
  const pairs = statuses.flatMap((one) => statuses.map((other) => [one, other] as const));

  test.each(different)('a %s and then a %s read back as posted; the mark is the worse', async (one, other) => {
    for (const [index, [first, second]] of pairs.entries()) {
      const date = days[index]!;
      await post(one, date, first, 'first');
      await post(other, date, second, 'second');
      const expected = [
        [one, codes[first], 'first'],
        [other, codes[second], 'second'],
      ].sort(([a], [b]) => modes.indexOf(a as Mode) - modes.indexOf(b as Mode));
      expect(await records(date)).toEqual(expected);
      expect(await mark(date)).toBe(worse(first, second));
    }
  });

  const changes = statuses.map((status) => [status, statuses[status % statuses.length]!] as const);

  test.each(modes)('a %s again changes that record alone, and keeps its comment', async (mode) => {
    const other = mode === 'Daily' ? 'Meeting' : 'Daily';
    for (const [index, [first, second]] of changes.entries()) {
      const date = days[index]!;
      await post(other, date, 3, 'of its own');
      const { body } = await post(mode, date, first, 'first');
      const dcid = mode === 'Time' ? { dcid: body.result[0].success_message.id } : {};
      const again = await post(mode, date, second, undefined, dcid);
      expect(again.body.result[0].action).toBe('UPDATE');
      const all = await records(date);
      expect(all.find(([each]) => each === mode)).toEqual([mode, codes[second], 'first']);
      expect(all.find(([each]) => each === other)).toEqual([other, 'T', 'of its own']);
      expect(await mark(date)).toBe(worse(3, second));
    }
  });

  /** A record of Time without minutes: the one that was posted before, or a new one. */
  const postVoid = (date: string, before?: Awaited<ReturnType<typeof post>>) =>
    post('Time', date, 3, 'void', { total_minutes: 0, dcid: before?.body.result[0].success_message.id ?? 0 });
  const known = async (date: string) => {
    const [told] = (await school.get(`/rolls/${school.homeroom}/${date}`)).body.statuses;
    return told ? [told.status, told.comment] : null;
  };
  const commentOf = (writer: Writer, status: Status) => (writer === 'wix' || status === 1 ? '' : 'said');
  /** The same mark and records, and one more that is void. */
  const expectVoidToSayNothing = async (date: string, status: Status, record: readonly string[]) => {
    await postVoid(date);
    const [mark, all] = [await known(date), await records(date)];
    expect([mark, all]).toEqual([[status, ''], expect.arrayContaining([record, ['Time', 'T', 'void']])]);
    expect(all).toHaveLength(2);
  };

  const beside = names.filter((name) => name !== 'powerschool' && name !== 'schoology, which takes the roll');
  const both = modes.flatMap((mode) => beside.map((writer) => [mode, writer] as const));
  /** Each status of a record with one of the other API; which one goes round, so that all meet. */
  const met = (mode: Mode, writer: Writer) =>
    statuses.map((posted) => {
      const turn = posted + modes.indexOf(mode) + names.indexOf(writer);
      return [posted, statuses[turn % statuses.length]!] as const;
    });

  test.each(both)('a %s over which %s writes shows what that says, until one is posted again', async (mode, writer) => {
    for (const [index, [posted, status]] of met(mode, writer).entries()) {
      const date = days[index]!;
      await post(mode, date, posted);
      await write(writer, date, status);
      const after = becomes(writer, status, posted);
      expect([await mark(date), await records(date)]).toEqual([after, [[mode, codes[after], '']]]);
      if (index === 0) await expectVoidToSayNothing(date, after, [mode, codes[after], '']);
      const other = mode === 'Interval' ? 'Meeting' : 'Interval';
      await post(other, date, 1);
      expect(await mark(date)).toBe(posted);
      expect((await records(date)).find(([each]) => each === mode)).toEqual([mode, codes[posted], '']);
    }
  });

  test.each(both)('a %s over what %s wrote is the mark', async (mode, writer) => {
    for (const [index, [posted, status]] of met(mode, writer).entries()) {
      const date = days[index]!;
      await write(writer, date, status);
      await post(mode, date, posted);
      expect([await mark(date), await records(date)]).toEqual([posted, [[mode, codes[posted], '']]]);
      if (index === 0) await expectVoidToSayNothing(date, posted, [mode, codes[posted], '']);
    }
  });

  test.each(beside)('a void Time record says nothing, before or after what %s says', async (writer) => {
    const turn = names.indexOf(writer);
    const exception = exceptions[turn % exceptions.length]!;
    for (const [index, status] of ([1, exception] as const).entries()) {
      const [before, after] = days.slice(2 * index) as [string, string];
      const value = [becomes(writer, status, null), commentOf(writer, status)] as const;
      await postVoid(before);
      await write(writer, before, status, 'said');
      await write(writer, after, status, 'said');
      await postVoid(after);
      const shown = value[0] === 1 ? [] : [['Daily', codes[value[0]], value[1]]];
      for (const date of [before, after])
        expect([await known(date), await records(date)]).toEqual([value, [...shown, ['Time', 'T', 'void']]]);
    }
    // Of a record that had minutes, what PowerSchool said is taken back; what another API has said since stays.
    const [changed, replaced] = days.slice(4) as [string, string];
    const posted = writer === 'wix' ? 4 : 2;
    const first = await post('Time', changed, posted, undefined, { total_minutes: 60 });
    await write(writer, changed, writer === 'wix' ? 1 : exception, 'said');
    await postVoid(changed, first);
    expect(await known(changed)).toEqual(writer === 'wix' ? [1, ''] : [exception, 'said']);
    await write(writer, replaced, exception, 'said');
    const other = becomes(writer, exception, null) === 2 ? 3 : 2;
    await postVoid(replaced, await post('Time', replaced, other, undefined, { total_minutes: 60 }));
    expect([await known(replaced), await records(replaced)]).toEqual([null, [['Time', 'T', 'void']]]);
  });

  const others = beside.filter((writer) => writer !== 'wix');
  const kinds = ['sent', 'empty', 'missing'] as const;
  const commented = kinds.flatMap((kind) => others.map((writer) => [kind, writer] as const));

  test.each(commented)('a comment that is %s is of its record, and what %s says is of the mark', async (...row) => {
    const [kind, writer] = row;
    const comment = { sent: 'of its own', empty: '', missing: undefined }[kind];
    const turn = others.indexOf(writer) + kinds.indexOf(kind);
    // A record of another key stands, and the other API has said more of the mark since: half of the modes each.
    for (const [index, mode] of modes.filter((_, each) => each % 2 === turn % 2).entries()) {
      const date = days[index]!;
      const other = mode === 'Meeting' ? 'Interval' : 'Meeting';
      await post(other, date, 3, 'bus');
      await write(writer, date, 4, 'said');
      await post(mode, date, 2, comment);
      expect(await known(date)).toEqual([2, comment ?? 'said']);
      const all = [`${mode},A,${comment ?? ''}`, `${other},T,bus`];
      expect((await records(date)).map(String).sort()).toEqual(all.sort());
    }
    const mode = modes[turn % modes.length]!;
    await post(mode, days[2]!, 2, comment);
    await write(writer, days[2]!, 2, 'said');
    expect([await known(days[2]!), await records(days[2]!)]).toEqual([[2, 'said'], [[mode, 'A', comment ?? '']]]);
  });
});
