import { idOn } from '../../../src/days';
import { Status } from '../../../src/ledger/attendance';
import { attendance } from '../wix/school';
import { DAY, openSchool, type School, told } from './school';

const { absent, late, excused } = Status;

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

const code = (text: string) => ({ attendance_codeid: school.code(text) });
const daily = (text: string) => school.record(code(text));
const time = (text: string, total_minutes: number, columns = {}) =>
  school.record({ att_mode_code: 'ATT_ModeTime', total_minutes, ...code(text), ...columns });

/** What each API says of Ada: the status in the roll, OSDI's `attended`, Wix's status. */
const said = async () => {
  const { body } = await school.get(`/rolls/${school.homeroom}/${DAY}`);
  const statuses = body.statuses.filter((each: { enrollment_id: number }) => each.enrollment_id === school.daily.ada);
  const entry = idOn(school.daily.ada, DAY);
  const { body: one } = await school
    .get(`/osdi/api/v1/events/${idOn(school.homeroom, DAY)}/attendances/${entry}`)
    .set('OSDI-API-Token', school.token);
  const { body: wix } = await school.get(`/bookings/v2/attendance/${attendance(school.daily.ada, DAY)}`);
  return {
    taken: body.taken_at !== null,
    roll: statuses.map(({ status, comment, api }: Record<string, unknown>) => [status, comment, api]),
    osdi: one.attended,
    wix: wix.attendance?.status,
  };
};
const unknown = { taken: false, roll: [], osdi: undefined, wix: 'NOT_SET' };
const minutes = async () => {
  const detail = await school.ask('attendance.student_attendance_detail', { students_dcid: school.world.people.ada });
  return detail.map(({ attendance, attendance_code }) => [attendance_code!.att_code, attendance!.total_minutes]);
};
const schedule = () =>
  school.world.ledger.open((transaction) =>
    transaction.schedule({ section: school.homeroom, date: DAY }, school.world.actor),
  );

describe.each(['T', 'UT', 'P'])('a void %s', (text) => {
  test('that is new says nothing, and reads back as posted', async () => {
    await schedule();
    expect(told(await school.send('daily_time', time(text, 0)))).toEqual(['INSERT']);
    expect([await said(), await minutes()]).toEqual([unknown, [[text, '0']]]);
  });

  test('takes back what the record said before', async () => {
    const { body } = await school.send('daily_time', time('T', 60, { att_comment: 'bus' }));
    const dcid = body.result[0].success_message.id;
    expect(told(await school.send('daily_time', time(text, 0, { dcid })))).toEqual(['UPDATE']);
    expect([await said(), await minutes()]).toEqual([unknown, [[text, '0']]]);
    const { body: again } = await school.get(`/ws/schema/table/attendance/${dcid}`);
    expect(again.tables.attendance).toMatchObject({ total_minutes: '0', att_comment: 'bus' });
  });

  test('takes back what it said in the same request, and each of several', async () => {
    const { body } = await school.send('batch_daily_time', time('A', 60), time('T', 60));
    const [one, other] = body.result.map((each: { success_message: { id: number } }) => each.success_message.id);
    await school.send('batch_daily_time', time(text, 0, { dcid: one }), time(text, 0, { dcid: other }));
    expect(await said()).toEqual(unknown);
    await school.send('batch_daily_time', time('T', 60, { dcid: one }), time(text, 0, { dcid: one }));
    expect(await said()).toEqual(unknown);
  });

  test('leaves a roll that is taken to imply present', async () => {
    await school.patch(`/rolls/${school.homeroom}/${DAY}`).send({ taken: true }).expect(200);
    const { body } = await school.send('daily_time', time('A', 60));
    await school.send('daily_time', time(text, 0, { dcid: body.result[0].success_message.id }));
    expect(await said()).toEqual({ taken: true, roll: [], osdi: true, wix: 'ATTENDED' });
    const [row] = await school.world.ledger.history({ district: school.world.districts.larkspur });
    expect(row).toMatchObject({ from_status: absent, to_status: null });
  });

  test('leaves what another API said, and shows it as a record of its own', async () => {
    const excuse = [{ enrollment: school.daily.ada, date: DAY, status: 'excused', comment: 'dentist' }];
    await school.post('/marks').send({ marks: excuse }).expect(200);
    await school.send('daily_time', time(text, 0));
    const expected = { taken: false, roll: [[excused, 'dentist', 'rollbook']], osdi: false, wix: 'NOT_ATTENDED' };
    expect(await said()).toEqual(expected);
    expect(await minutes()).toEqual(
      expect.arrayContaining([
        [text, '0'],
        ['E', ''],
      ]),
    );
    const sent = { studentid: school.world.people.ada, att_date: DAY };
    const [template] = await school.ask('attendance.daily_attendance_template', sent);
    expect(template!.attendance).toMatchObject({ attendance_codeid: `${school.code('E')}`, att_comment: 'dentist' });
    // Another code for the same status does not make it PowerSchool's.
    const { body } = await school.send('daily_time', time('E', 60));
    await school.send('daily_time', time(text, 0, { dcid: body.result[0].success_message.id }));
    expect(await said()).toEqual(expected);
  });

  test('says nothing of the last student of a roll, which is then not taken', async () => {
    const statuses = [{ enrollment_id: school.daily.grace, status: absent }];
    await school.patch(`/rolls/${school.homeroom}/${DAY}`).send({ statuses }).expect(200);
    await school.send('daily_time', time(text, 0)); // Alan comes later
    expect((await said()).taken).toBe(false);
    await school.send('daily_time', time(text, 30));
    expect((await said()).taken).toBe(true);
  });
});

test.each([
  ['A', absent],
  ['E', excused],
])('an %s with 0 minutes is no void record', async (text, status) => {
  const { body } = await school.send('daily_time', time('T', 60));
  await school.send('daily_time', time(text, 0, { dcid: body.result[0].success_message.id }));
  expect((await said()).roll).toEqual([[status, '', 'powerschool']]);
});

test('a void record whose day another API takes back is shown all the same, and no other', async () => {
  await school.send('batch_daily_time', daily('A'), time('P', 0));
  await school
    .patch(`/rolls/${school.homeroom}/${DAY}`)
    .send({ statuses: [{ enrollment_id: school.daily.ada, status: null }] })
    .expect(200);
  expect([await said(), await minutes()]).toEqual([unknown, [['P', '0']]]);
});

test('a void record with a roll whose statuses are all known does not take it again', async () => {
  const all = [school.daily.ada, school.daily.grace].map((enrollment_id) => ({ enrollment_id, status: late }));
  const { body } = await school.send('daily_time', time('T', 60));
  const patch = (sent: object) => school.patch(`/rolls/${school.homeroom}/${DAY}`).send(sent).expect(200);
  await patch({ statuses: all.map((each) => ({ ...each, status: excused })) });
  await patch({ taken: false });
  await school.send('daily_time', time('T', 0, { dcid: body.result[0].success_message.id }));
  expect(await said()).toMatchObject({ taken: false, roll: [[excused, '', 'rollbook']] });
});

test('the records of Time count as one: where another API overrules them, all show what it said', async () => {
  const patch = (status: Status) =>
    school
      .patch(`/rolls/${school.homeroom}/${DAY}`)
      .send({ statuses: [{ enrollment_id: school.daily.ada, status }] })
      .expect(200);
  const asPosted = [
    ['P', '30'],
    ['A', '0'],
  ];
  await school.send('daily_time', time('P', 30));
  await school.send('daily_time', time('A', 0));
  expect([(await said()).roll, await minutes()]).toEqual([[[Status.present, '', 'powerschool']], asPosted]);
  await patch(late);
  expect(await minutes()).toEqual([
    ['T', '30'],
    ['T', '0'],
  ]);
  await patch(Status.present);
  expect(await minutes()).toEqual(asPosted);
});
