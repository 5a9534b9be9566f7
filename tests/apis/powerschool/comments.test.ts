import { Status } from '../../../src/ledger/attendance';
import { DAY, openSchool, type School } from './school';

const { absent, late } = Status;

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

const code = (text: string) => ({ attendance_codeid: school.code(text) });
const daily = (text: string, columns = {}) => school.record({ ...code(text), ...columns });
const time = (text: string, total_minutes: number, columns = {}) =>
  school.record({ att_mode_code: 'ATT_ModeTime', total_minutes, ...code(text), ...columns });
const ofClass = (mode: string, text: string, columns = {}) =>
  school.record({ att_mode_code: mode, ccid: school.daily.ada, periodid: '1', ...code(text), ...columns });
const meeting = (text: string, columns = {}) =>
  ofClass('ATT_ModeMeeting', text, { start_time: 30_600, end_time: 33_000, ...columns });
const interval = (text: string) => ofClass('ATT_ModeInterval', text, { att_interval: 1 });
const homeroom = async () => (await school.marks(school.homeroom)).map(([, , status, comment]) => [status, comment]);

describe('a comment that is not sent', () => {
  const office = (status: string, comment: string) =>
    school.post('/marks').send({ marks: [{ enrollment: school.daily.ada, date: DAY, status, comment }] });
  const author = async () =>
    (await school.get(`/rolls/${school.homeroom}/${DAY}`)).body.statuses.map(({ api }: { api: string }) => api);
  const shown = async () =>
    (await school.ask('attendance.student_attendance_detail', { students_dcid: [school.world.people.ada] })).map(
      ({ attendance, attendance_code }) => `${attendance_code!.att_code}(${attendance!.att_comment})`,
    );

  test('leaves that of another API, where a record of another key decides', async () => {
    await school.send('meeting_interval', meeting('T', { att_comment: 'bus' }));
    await office('excused', 'dentist');
    await school.send('daily_time', daily('A'));
    expect(await homeroom()).toEqual([[absent, 'dentist']]);
    expect((await shown()).sort()).toEqual(['A()', 'T(bus)']);
  });

  test.each(['daily', 'interval'])('leaves that of another API with the status that it said: %s', async (kind) => {
    await school.send('meeting_interval', meeting('T', { att_comment: 'bus' }));
    await office('absent', 'mother rang');
    if (kind === 'daily') await school.send('daily_time', daily('A'));
    else await school.send('meeting_interval', interval('A'));
    expect([await homeroom(), await author()]).toEqual([[[absent, 'mother rang']], ['rollbook']]);
  });

  test('leaves that of a record of another key, which still stands', async () => {
    await school.send('meeting_interval', meeting('T', { att_comment: 'bus' }));
    await school.send('daily_time', daily('A'));
    expect(await homeroom()).toEqual([[absent, 'bus']]);
  });

  test('leaves that of another API where the record that decided says less, but not that of the record', async () => {
    const less = async () => {
      await school.send('meeting_interval', meeting('A', { att_comment: 'left' }));
      await school.send('daily_time', daily('T'));
    };
    await less();
    await school.send('meeting_interval', meeting('P'));
    expect(await homeroom()).toEqual([[late, '']]);
    await less();
    await office('absent', 'mother rang');
    await school.send('meeting_interval', meeting('P'));
    expect(await homeroom()).toEqual([[late, 'mother rang']]);
    await school.send('meeting_interval', meeting('A'));
    expect(await homeroom()).toEqual([[absent, 'left']]);
    await school.send('meeting_interval', meeting('P', { att_comment: '' }));
    expect(await homeroom()).toEqual([[late, '']]);
  });

  test('leaves a comment that another API has cleared', async () => {
    await school.send('daily_time', daily('A', { att_comment: 'ill' }));
    await school.send('meeting_interval', meeting('T'));
    await office('absent', '');
    await school.send('meeting_interval', meeting('P'));
    expect(await homeroom()).toEqual([[absent, '']]);
  });

  test.each([undefined, ''])('is none of the record, whatever comment the mark has: %p', async (att_comment) => {
    await school.send('daily_time', daily('A', { att_comment }));
    await office('absent', 'osdi again');
    expect(await shown()).toEqual(['A()']);
    await school.send('daily_time', daily('A'));
    expect([await shown(), await homeroom()]).toEqual([['A()'], [[absent, 'osdi again']]]);
  });

  test('is none of a record of Time either, posted once or again', async () => {
    await office('excused', 'dentist');
    const { body } = await school.send('daily_time', time('T', 60));
    expect([await shown(), await homeroom()]).toEqual([['T()'], [[late, 'dentist']]]);
    await school.send('daily_time', time('T', 60, { dcid: body.result[0].success_message.id }));
    expect([await shown(), await homeroom()]).toEqual([['T()'], [[late, 'dentist']]]);
  });

  test.each(['absent', 'excused'])(
    'is in the template that of the mark, which a client posts back: %s',
    async (status) => {
      await school.send('daily_time', daily('A'));
      await office(status, 'dentist');
      const sent = { studentid: school.world.people.ada, att_date: DAY };
      const [template] = await school.ask('attendance.daily_attendance_template', sent);
      const before = await homeroom();
      await school.send('daily_time', { tables: { attendance: template!.attendance } });
      expect(await homeroom()).toEqual(before);
      expect(before[0]![1]).toBe('dentist');
    },
  );
});
