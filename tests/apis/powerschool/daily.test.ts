import { DAY, openSchool, type School } from './school';

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

test('a daily absence is a mark on the homeroom enrollment, and a wrong record beside it says why', async () => {
  const { body, status } = await school.send(
    'batch_daily_time',
    school.record({ att_comment: 'note' }),
    school.record({ studentid: 99999999 }),
  );
  expect([status, body]).toEqual([
    200,
    {
      insert_count: 1,
      update_count: 0,
      delete_count: 0,
      result: [
        {
          client_uid: '1',
          status: 'SUCCESS',
          action: 'INSERT',
          success_message: { id: 199999, name: 'ATTENDANCE', ref: `${school.url}/ws/schema/table/attendance/199999` },
        },
        {
          client_uid: '2',
          status: 'ERROR',
          action: 'INSERT',
          error_message: {
            error: {
              field: 'attendance/studentid',
              error_code: 'INVALID_STUDENTID',
              error_description: `No student 99999999 in school 200 on ${DAY}.`,
            },
          },
        },
      ],
    },
  ]);
  const { ada } = school.daily;
  expect((await school.get(`/v1/sections/${school.homeroom}/attendance`)).body.date).toEqual([
    {
      date: DAY,
      statuses: {
        status: [
          {
            status_code: 2,
            attendances: { attendance: [{ enrollment_id: ada, date: DAY, status: 2, comment: 'note' }] },
          },
        ],
      },
    },
  ]);
});
