import { idOn } from '../../src/days';
import type { Status } from '../../src/ledger/attendance';
import { openCodes } from '../../src/ledger/codes';
import { uuidOf } from '../../src/uuids';
import { type Api, openApi } from '../api';

/** What is written in one API reads back in every other. */
let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const DAY = '2025-10-07';
const statuses = [1, 2, 3, 4] as const;

interface Spoken {
  /** What becomes of a status that is written in this API's words. */
  readonly written: Record<Status, Status>;
  /** How it says a status. */
  readonly said: Record<Status, string>;
  write(word: string, comment?: string): Promise<{ status: number }>;
  read(): Promise<string>;
  /** Where it has comments. */
  readComment?(): Promise<string>;
}

const section = () => `/v1/sections/${api.world.sections.algebra}/attendance`;
const ids = () => {
  const { ada: id } = api.world.enrollments;
  return {
    id: uuidOf('entry', { id, date: DAY }),
    bookingId: uuidOf('enrollment', { id }),
    eventId: uuidOf('meeting', { id: api.world.sections.algebra, date: DAY }),
  };
};

const osdi = (verb: 'get' | 'post' | 'put', path: string) =>
  api[verb](`/osdi/api/v1${path}`).set('OSDI-API-Token', api.token);
const attendance = () =>
  `/events/${idOn(api.world.sections.algebra, DAY)}/attendances/${idOn(api.world.enrollments.ada, DAY)}`;

/** The record of Ada's class, if there is one. */
const record = async () => {
  const { body } = await api
    .post('/ws/schema/query/com.pearson.core.attendance.student_attendance_detail')
    .send({ students_dcid: [api.world.people.ada] });
  return body.record[0]?.tables;
};

const apis: Record<string, Spoken> = {
  schoology: {
    written: { 1: 1, 2: 2, 3: 3, 4: 4 },
    said: { 1: '1', 2: '2', 3: '3', 4: '4' },
    write: (status, comment) =>
      api.put(section()).send({
        attendances: { attendance: [{ enrollment_id: api.world.enrollments.ada, date: DAY, status, comment }] },
      }),
    read: async () => {
      const { body } = await api.get(`${section()}?taken=1&enrollment_id=${api.world.enrollments.ada}`);
      const [day] = body.date;
      // A roll that was taken and names nobody: present.
      return day.statuses.status[0]?.status_code?.toString() ?? '1';
    },
    readComment: async () => {
      const { body } = await api.get(section());
      return body.date[0].statuses.status[0].attendances.attendance[0].comment;
    },
  },
  powerschool: {
    written: { 1: 1, 2: 2, 3: 3, 4: 4 },
    said: { 1: 'P', 2: 'A', 3: 'T', 4: 'E' },
    write: async (word, att_comment) => {
      const { id: school, district_id } = await api.world.database.knex('schools').first();
      const all = await openCodes(api.world.database).of(district_id, school, 35);
      const attendance = {
        att_mode_code: 'ATT_ModeMeeting',
        att_date: DAY,
        schoolid: '200',
        yearid: '35',
        studentid: api.world.people.ada,
        ccid: api.world.enrollments.ada,
        attendance_codeid: all.find(({ code }) => code === word)!.id,
        start_time: 30_600,
        end_time: 33_300,
        att_comment,
      };
      const answer = await api.post('/ws/attendance/meeting_interval').send({ record: [{ tables: { attendance } }] });
      expect(answer.body.result[0].status).toBe('SUCCESS');
      return answer;
    },
    // No record says as much as a Present code.
    read: async () => (await record())?.attendance_code.att_code ?? 'P',
    readComment: async () => (await record()).attendance.att_comment,
  },
  osdi: {
    written: { 1: 1, 2: 2, 3: 3, 4: 4 },
    said: { 1: 'present', 2: 'absent', 3: 'late', 4: 'excused' },
    write: async (status, comment) => {
      const identifiers = [`rollbook:section:${api.world.sections.algebra}`];
      await osdi('post', '/events').send({ identifiers, all_day_date: DAY });
      return osdi('put', attendance()).send({ status, ...(comment !== undefined && { comment }) });
    },
    read: async () => {
      const { body } = await osdi('get', attendance());
      // Of who is present it shows the answer to the invitation.
      return body.status === 'accepted' && body.attended ? 'present' : body.status;
    },
    readComment: async () => (await osdi('get', attendance())).body.comment,
  },
  wix: {
    written: { 1: 1, 2: 2, 3: 1, 4: 2 },
    said: { 1: 'ATTENDED', 2: 'NOT_ATTENDED', 3: 'ATTENDED', 4: 'NOT_ATTENDED' },
    write: (status) => api.post('/bookings/v2/attendance/set').send({ attendance: { ...ids(), status } }),
    read: async () => (await api.get(`/bookings/v2/attendance/${ids().id}`)).body.attendance.status,
  },
};

const pairs = Object.keys(apis).flatMap((writer) =>
  Object.keys(apis).flatMap((reader) => statuses.map((status) => [writer, status, reader] as const)),
);

test.each(pairs)('what %s writes as %p, %s reads', async (writer, status, reader) => {
  const [from, to] = [apis[writer]!, apis[reader]!];
  expect((await from.write(from.said[status])).status).toBe(200);
  expect(await to.read()).toBe(to.said[from.written[status]]);
});

test.each(Object.keys(apis).flatMap((name) => statuses.map((status) => [name, status] as const)))(
  'a comment and a status stand when %s writes again what it reads of %p',
  async (name, status) => {
    await apis.schoology!.write(String(status), 'ill');
    const rewriting = apis[name]!;
    expect((await rewriting.write(await rewriting.read())).status).toBe(200);
    const filter = { district: api.world.districts.larkspur, section: api.world.sections.algebra };
    const expected = { enrollment_id: api.world.enrollments.ada, date: DAY, status, comment: 'ill' };
    expect(await api.world.ledger.marks(filter)).toEqual(status === 1 ? [] : [expected]);
  },
);

const commenting = Object.keys(apis).filter((name) => apis[name]!.readComment);
const comments = commenting.flatMap((writer) => commenting.map((reader): [string, string] => [writer, reader]));

test.each(comments)('the comment that %s writes, %s reads, over whatever stood', async (writer, reader) => {
  for (const status of [2, 3, 4] as const) {
    const comment = `${writer} & <co>, ${status}`;
    await apis[writer]!.write(apis[writer]!.said[status], comment);
    expect(await apis[reader]!.readComment!()).toBe(comment);
    await apis[reader]!.write(apis[reader]!.said[1], 'here after all');
    expect(await apis[writer]!.read()).toBe(apis[writer]!.said[1]);
  }
});
