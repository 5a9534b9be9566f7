import { Status } from '../../../src/ledger/attendance';
import { DAY, openSchool, type School, told } from './school';

const { present, absent, late, excused } = Status;

let school: School;
beforeEach(async () => {
  school = await openSchool();
  await school.periods('algebra', '1, 2, 3, 4, 5, 6, 7, 8');
});
afterEach(() => school.close());

const code = (text: string) => ({ attendance_codeid: school.code(text) });
const daily = (text: string, columns = {}) => school.record({ ...code(text), ...columns });
const time = (text: string, total_minutes: number, columns = {}) =>
  school.record({ att_mode_code: 'ATT_ModeTime', total_minutes, ...code(text), ...columns });
const meeting = (text: string, periodid: string, columns = {}) =>
  school.record({
    att_mode_code: 'ATT_ModeMeeting',
    ccid: school.world.enrollments.ada,
    periodid,
    start_time: '30600',
    end_time: 33_000,
    ...code(text),
    ...columns,
  });
const interval = (text: string, att_interval: number, columns = {}) =>
  meeting(text, '1', { att_mode_code: 'ATT_ModeInterval', att_interval, start_time: '', end_time: null, ...columns });
const homeroom = async () => (await school.marks(school.homeroom)).map(([, , status, comment]) => [status, comment]);
const algebra = async () =>
  (await school.marks(school.world.sections.algebra)).map(([, , status, comment]) => [status, comment]);

describe('Daily', () => {
  test.each([
    ['A', [[absent, '']]],
    ['E', [[excused, '']]],
    ['T', [[late, '']]],
    ['UT', [[late, '']]],
    ['P', []],
  ])('the code %s is its status on the homeroom enrollment', async (text, marks) => {
    expect(told(await school.send('daily_time', daily(text)))).toEqual(['INSERT']);
    expect(await homeroom()).toEqual(marks);
    const { body } = await school.get(`/v1/sections/${school.homeroom}/attendance?taken=1`);
    // A record of one student takes no roll: without a mark the date is not listed.
    expect(body.date.map(({ date }: { date: string }) => date)).toEqual(marks.length > 0 ? [DAY] : []);
  });

  test('is inserted once a day and then updated, what stands already included', async () => {
    const actions = [];
    for (const text of ['A', 'A', 'T', 'P', 'P', 'E'])
      actions.push(...told(await school.send('daily_time', daily(text))));
    expect(actions).toEqual(['INSERT', 'UPDATE', 'UPDATE', 'UPDATE', 'UPDATE', 'UPDATE']);
    expect(await homeroom()).toEqual([[excused, '']]);
  });

  test('a dcid is that of the record of the day, or of the mark that another API made of it; another is an error', async () => {
    const detail = async () =>
      (await school.ask('attendance.student_attendance_detail', { students_dcid: school.world.people.ada }))[0]!
        .attendance!;
    await school.mark([school.daily.ada, DAY, absent]);
    const { dcid: ofMark } = await detail();
    expect(told(await school.send('daily_time', daily('T', { dcid: ofMark })))).toEqual(['UPDATE']);
    const { dcid } = await detail();
    expect(dcid).not.toBe(ofMark);
    expect(told(await school.send('daily_time', daily('E', { dcid })))).toEqual(['UPDATE']);
    expect(told(await school.send('daily_time', daily('E', { dcid: 0 })))).toEqual(['UPDATE']);
    const time = await school.send('daily_time', school.record({ att_mode_code: 'ATT_ModeTime', total_minutes: 0 }));
    const before = await school.everything();
    for (const wrong of [ofMark, Number(dcid) + 1, time.body.result[0].success_message.id]) {
      const { status, body } = await school.send('daily_time', daily('A', { dcid: wrong }));
      expect([status, body.result[0].error_message.error]).toEqual([
        200,
        expect.objectContaining({
          field: 'attendance/dcid',
          error_description: `Student ${school.world.people.ada} has no daily record ${wrong} on ${DAY}.`,
        }),
      ]);
    }
    expect(await school.everything()).toEqual(before);
  });

  test('a Present code posted over a mark of another API removes it and counts as an update', async () => {
    await school.mark([school.daily.ada, DAY, absent]);
    expect(told(await school.send('daily_time', daily('P')))).toEqual(['UPDATE']);
    expect(await homeroom()).toEqual([]);
  });

  test.each(['', null])('keeps its comment until another is sent, and %p clears it', async (empty) => {
    await school.send('daily_time', daily('A', { att_comment: 'flu' }));
    await school.send('daily_time', daily('E'));
    expect(await homeroom()).toEqual([[excused, 'flu']]);
    await school.send('daily_time', daily('T', { att_comment: empty }));
    expect(await homeroom()).toEqual([[late, '']]);
  });

  test('keeps the comment that another API gave the mark, also where it has one of its own', async () => {
    await school.send('daily_time', daily('A', { att_comment: 'flu' }));
    await school.mark([school.daily.ada, DAY, absent, 'in hospital']);
    await school.send('daily_time', daily('E'));
    expect(await homeroom()).toEqual([[excused, 'in hospital']]);
  });

  test('a comment with Present is kept in the journal', async () => {
    await school.send('daily_time', daily('P', { att_comment: 'came after all' }));
    const [row] = await school.world.ledger.history({ district: school.world.districts.larkspur });
    expect(row).toMatchObject({ to_status: present, to_comment: 'came after all', api: 'powerschool' });
  });

  test('the code goes into the journal with the change', async () => {
    await school.send('daily_time', daily('UT'));
    const [row] = await school.world.ledger.history({ district: school.world.districts.larkspur });
    expect(row).toMatchObject({ code_id: school.code('UT'), to_status: late });
  });

  test('the same student twice in one batch: in order, the last stands', async () => {
    const answer = await school.send('batch_daily_time', daily('A'), daily('T', { att_comment: 'bus' }));
    expect(told(answer)).toEqual(['INSERT', 'UPDATE']);
    expect(answer.body).toMatchObject({ insert_count: 1, update_count: 1 });
    const [first, second] = answer.body.result;
    expect(first.success_message.id).toBe(second.success_message.id);
    expect(await homeroom()).toEqual([[late, 'bus']]);
    expect((await school.world.ledger.history({ district: school.world.districts.larkspur })).length).toBe(2);
  });

  test('of several homerooms the one with the lowest id is meant', async () => {
    const { knex } = school.world.database;
    const { id, ...section } = await knex('sections').where({ id: school.homeroom }).first();
    const [another] = await knex('sections')
      .insert({ ...section, sourced_id: 'second' })
      .returning('id');
    const { id: _, ...enrollment } = await knex('enrollments').where({ id: school.daily.ada }).first();
    await knex('enrollments').insert({ ...enrollment, section_id: another.id, sourced_id: 'second' });
    await school.send('daily_time', daily('A'));
    expect(await school.marks(school.homeroom)).toHaveLength(1);
    expect(await school.marks(another.id)).toEqual([]);
  });
});

describe('Time', () => {
  test.each([
    ['minutes with a Present code are present', [['P', 300]], []],
    [
      'the latest record with minutes decides',
      [
        ['P', 100],
        ['T', 200],
      ],
      [[late, '']],
    ],
    [
      'a later record without minutes is void',
      [
        ['T', 200],
        ['P', 0],
      ],
      [[late, '']],
    ],
    ['no minutes in all and an Absent code is absent', [['A', 0]], [[absent, '']]],
    ['no minutes in all and an excused code is excused', [['E', 0]], [[excused, '']]],
    ['no minutes in all and a tardy is void, which is no mark', [['T', 0]], []],
    [
      'a void record is none of those without minutes',
      [
        ['A', 0],
        ['T', 0],
      ],
      [[absent, '']],
    ],
    [
      'minutes outweigh an absence without any',
      [
        ['P', 120],
        ['A', 0],
      ],
      [],
    ],
  ] as const)('%s', async (_rule, records, marks) => {
    const answer = await school.send('batch_daily_time', ...records.map(([text, minutes]) => time(text, minutes)));
    expect(told(answer)).toEqual(records.map(() => 'INSERT'));
    expect(await homeroom()).toEqual(marks);
  });

  test('every record is a new one, unless its dcid says which it is', async () => {
    const first = await school.send('daily_time', time('P', 200, { dcid: 0 }));
    const second = await school.send('daily_time', time('T', 100));
    expect(await homeroom()).toEqual([[late, '']]);
    const dcid = second.body.result[0].success_message.id;
    expect(dcid).not.toBe(first.body.result[0].success_message.id);
    const voided = await school.send('daily_time', time('T', 0, { dcid }));
    expect(told(voided)).toEqual(['UPDATE']);
    expect(voided.body.result[0].success_message.id).toBe(dcid);
    expect(await homeroom()).toEqual([]);
    const detail = await school.ask('attendance.student_attendance_detail', { students_dcid: school.world.people.ada });
    expect(detail.map(({ attendance }) => [attendance!.total_minutes, attendance!.att_mode_code])).toEqual([
      ['200', 'ATT_ModeTime'],
      ['0', 'ATT_ModeTime'],
    ]);
  });

  test('without total_minutes there are none', async () => {
    await school.send('daily_time', time('A', 0, { total_minutes: '' }));
    expect(await homeroom()).toEqual([[absent, '']]);
  });
});

describe('Meeting and Interval', () => {
  test.each([
    [['P', 'P'], []],
    [['P', 'T'], [[late, '']]],
    [['T', 'E'], [[excused, '']]],
    [['E', 'A'], [[absent, '']]],
    [['A', 'P'], [[absent, '']]],
    [['A', 'E', 'T', 'P'], [[absent, '']]],
  ] as const)('of %p the most severe is the mark of the day', async (texts, marks) => {
    const answer = await school.send(
      'meeting_interval',
      ...texts.map((text, index) => meeting(text, String(index + 1))),
    );
    expect(told(answer)).toEqual(texts.map(() => 'INSERT'));
    expect(await algebra()).toEqual(marks);
  });

  test('a part is updated by its period, and the mark follows what is left', async () => {
    await school.send('meeting_interval', meeting('A', '1', { att_comment: 'left' }), meeting('T', '2'));
    expect(await algebra()).toEqual([[absent, 'left']]);
    expect(told(await school.send('meeting_interval', meeting('P', '1')))).toEqual(['UPDATE']);
    expect(await algebra()).toEqual([[late, '']]);
    expect(told(await school.send('meeting_interval', meeting('P', '2')))).toEqual(['UPDATE']);
    expect(await algebra()).toEqual([]);
  });

  test('without a period its start tells a meeting from the others', async () => {
    const at = (text: string, start_time: number) => meeting(text, '', { start_time, end_time: start_time });
    expect(told(await school.send('meeting_interval', at('A', 30_600), at('T', 36_000)))).toEqual(['INSERT', 'INSERT']);
    expect(told(await school.send('meeting_interval', at('P', 30_600)))).toEqual(['UPDATE']);
    expect(await algebra()).toEqual([[late, '']]);
  });

  test('intervals are parts beside the meetings of the same day', async () => {
    const answer = await school.send('meeting_interval', meeting('T', '1'), interval('A', 1), interval('P', 2));
    expect(told(answer)).toEqual(['INSERT', 'INSERT', 'INSERT']);
    expect(await algebra()).toEqual([[absent, '']]);
    expect(told(await school.send('meeting_interval', interval('P', 1)))).toEqual(['UPDATE']);
    expect(await algebra()).toEqual([[late, '']]);
  });

  test('without a ccid the only class of that period is meant', async () => {
    const { sections } = school.world;
    await school.periods('biology', '8, 9');
    const answer = await school.send('meeting_interval', meeting('A', '9', { ccid: '' }));
    expect(told(answer)).toEqual(['INSERT']);
    expect(await school.marks(sections.biology)).toEqual([[school.world.enrollments.adaInBiology, DAY, absent, '']]);
  });

  test('parts that several clients post at once all count', async () => {
    const texts = ['T', 'P', 'E', 'T', 'A', 'P', 'T', 'E'];
    const answers = await Promise.all(
      texts.map((text, index) => school.send('meeting_interval', meeting(text, String(index + 1)))),
    );
    expect(answers.flatMap(told)).toEqual(texts.map(() => 'INSERT'));
    expect(await algebra()).toEqual([[absent, '']]);
    expect(told(await school.send('meeting_interval', meeting('P', '5')))).toEqual(['UPDATE']);
    expect(await algebra()).toEqual([[excused, '']]);
  });

  test('parts of the homeroom as a class do not disturb the daily record, nor it them', async () => {
    await school.send('daily_time', daily('A'));
    await school.send('meeting_interval', meeting('T', '1', { ccid: school.daily.ada }));
    expect(await homeroom()).toEqual([[absent, '']]);
    await school.send('daily_time', daily('P'));
    expect(await homeroom()).toEqual([[late, '']]);
    const records = await school.ask('attendance.student_attendance_detail', {
      students_dcid: [school.world.people.ada],
    });
    expect(records.map(({ attendance_code }) => attendance_code!.att_code)).toEqual(['P', 'T']);
  });
});

test('the first record of a mode is new, whatever records of other modes stand', async () => {
  expect(told(await school.send('meeting_interval', meeting('T', '1', { ccid: school.daily.ada })))).toEqual([
    'INSERT',
  ]);
  expect(told(await school.send('daily_time', daily('A')))).toEqual(['INSERT']);
  expect(told(await school.send('daily_time', daily('E')))).toEqual(['UPDATE']);
});

describe('what another API did in between', () => {
  test('stands, and is shown, until the parts are posted again', async () => {
    const { ada } = school.world.enrollments;
    const put = (status: number, comment: string) =>
      school
        .put(`/v1/sections/${school.world.sections.algebra}/attendance`)
        .send({ attendances: { attendance: [{ enrollment_id: ada, date: DAY, status, comment }] } });
    const shown = async () =>
      (await school.ask('attendance.student_attendance_detail', { students_dcid: [school.world.people.ada] })).map(
        ({ attendance, attendance_code }) => [attendance!.periodid, attendance_code!.att_code, attendance!.att_comment],
      );
    await school.send('meeting_interval', meeting('A', '1', { att_comment: 'gone' }), meeting('T', '2'));
    expect(await shown()).toEqual([
      ['1', 'A', 'gone'],
      ['2', 'T', ''],
    ]);

    await put(excused, 'dentist');
    expect(await algebra()).toEqual([[excused, 'dentist']]);
    expect(await shown()).toEqual([
      ['1', 'E', 'gone'],
      ['2', 'T', ''],
    ]);
    await put(present, '');
    expect(await shown()).toEqual([
      ['1', 'P', 'gone'],
      ['2', 'P', ''],
    ]);

    await school.send('meeting_interval', meeting('UT', '2'));
    expect(await algebra()).toEqual([[absent, 'gone']]);
    expect(await shown()).toEqual([
      ['1', 'A', 'gone'],
      ['2', 'UT', ''],
    ]);
  });

  test('leaves the comment of a record as it was posted, whatever another API says of the mark', async () => {
    await school.send('daily_time', daily('A', { att_comment: 'ill' }));
    await school.mark([school.daily.ada, DAY, absent, 'at the doctor']);
    const [template] = await school.ask('attendance.daily_attendance_template', {
      studentid: school.world.people.ada,
      att_date: DAY,
    });
    expect(template!.attendance).toMatchObject({
      att_comment: 'ill',
      attendance_codeid: `${school.code('A')}`,
    });
  });

  test('does not reach the parts of another day or class', async () => {
    await school.send('daily_time', daily('A'));
    await school.mark([school.world.enrollments.ada, DAY, late], [school.daily.ada, '2025-10-02', excused]);
    const detail = await school.ask('attendance.student_attendance_detail', { students_dcid: school.world.people.ada });
    expect(
      detail.map(({ attendance, attendance_code }) => [
        attendance!.att_date,
        attendance!.att_mode_code,
        attendance_code!.att_code,
      ]),
    ).toEqual([
      [DAY, 'ATT_ModeMeeting', 'T'],
      [DAY, 'ATT_ModeDaily', 'A'],
      ['2025-10-02', 'ATT_ModeDaily', 'E'],
    ]);
  });
});
