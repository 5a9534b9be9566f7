import type { TSchema } from '@sinclair/typebox';
import { AttendanceBody } from '../../../schemas/osdi/attendances';
import { EventBody } from '../../../schemas/osdi/events';
import { BatchDailyTimeBody, DailyTimeBody, MeetingIntervalBody } from '../../../schemas/powerschool/attendance';
import {
  CodesBody,
  DailyTemplateBody,
  DetailBody,
  MeetingTemplateBody,
  StudentMapBody,
  TimeTemplateBody,
} from '../../../schemas/powerschool/queries';
import { TokenBody } from '../../../schemas/powerschool/token';
import { AttendancePutBody } from '../../../schemas/schoology/attendance';
import { MultigetBody } from '../../../schemas/schoology/multiget';
import { BulkDeleteBody, BulkSetBody, SetBody } from '../../../schemas/wix/attendance';
import { CountBody, QueryBody } from '../../../schemas/wix/query';
import { uuidOf } from '../../../src/apis/wix/attendance';
import { DAY } from '../../apis/powerschool/school';

const attendance = {
  bookingId: uuidOf('enrollment', { id: 2 }),
  eventId: uuidOf('meeting', { id: 1, date: DAY }),
  status: 'NOT_ATTENDED',
  numberOfAttendees: 2,
};
const columns = { att_date: DAY, schoolid: '200', yearid: '35', studentid: '1', attendance_codeid: '2' };
const record = (more: object) => ({ tables: { attendance: { ...columns, att_comment: 'ill', ...more } } });
const person = { href: '/osdi/api/v1/people/1' };

/**
 * Good bodies, by their schema, for what the schema leaves open. One that has none here is grown from its schema.
 * Their ids are those of the small school.
 */
export const samples: ReadonlyMap<TSchema, readonly unknown[]> = new Map<TSchema, readonly unknown[]>([
  [
    AttendancePutBody,
    [
      { attendances: { attendance: [{ enrollment_id: 2, date: DAY, status: 2, comment: 'ill' }] } },
      {
        attendances: {
          attendance: [
            { enrollment_id: 2, date: DAY, status: 3 },
            { enrollment_id: '3', date: DAY, status: '1' },
          ],
        },
      },
      { attendances: { attendance: { enrollment_id: 4, date: '2025-10-06', status: 4, comment: 'x' } } },
    ],
  ],
  [
    MultigetBody,
    [
      {
        request: [
          '/v1/users/1',
          '/v1/users/1/sections?limit=1',
          '/v1/sections/1/enrollments',
          '/v1/sections/ext/algebra',
        ],
      },
      { request: ['users/ext/ada', '/v1/%E0', '/v1/sections/1?picture_size=sm', '//v1//courses//1/', '?'] },
    ],
  ],
  [
    BatchDailyTimeBody,
    [
      { name: 'ATTENDANCE', record: [record({ att_mode_code: 'ATT_ModeDaily' })] },
      { record: [record({ att_mode_code: 'ATT_ModeTime', total_minutes: '30', dcid: '' })] },
    ],
  ],
  [DailyTimeBody, [{ name: 'ATTENDANCE', record: [record({ att_mode_code: 'ATT_ModeDaily' })] }]],
  [
    MeetingIntervalBody,
    [
      { record: [record({ att_mode_code: 'ATT_ModeMeeting', ccid: '2', periodid: '1', start_time: 0, end_time: 60 })] },
      { record: [record({ att_mode_code: 'ATT_ModeInterval', ccid: '2', periodid: '1', att_interval: 1 })] },
    ],
  ],
  [CodesBody, [{ schoolid: '200', att_date: DAY }]],
  [DailyTemplateBody, [{ studentid: '1', att_date: DAY }]],
  [TimeTemplateBody, [{ studentid: '1', att_date: DAY, dcid: 0 }]],
  [MeetingTemplateBody, [{ studentid: '1', att_date: DAY, schoolid: '200' }]],
  [
    DetailBody,
    [
      { students_dcid: [1, 2], attendance_att_date_start: DAY, attendance_att_date_end: '2025-10-10' },
      { students_dcid: [1], attendance_att_mode_code: ['ATT_ModeDaily'] },
    ],
  ],
  [StudentMapBody, [{ students_dcid: [1, 2] }]],
  [TokenBody, [{ grant_type: 'client_credentials', client_id: 'key', client_secret: 'secret' }]],
  [EventBody, [{ identifiers: ['rollbook:section:1'], all_day_date: DAY }]],
  [
    AttendanceBody,
    [
      { status: 'late', comment: 'bus', action_date: `${DAY}T08:00:00Z`, identifiers: ['other:1'] },
      { attended: false, _links: { 'osdi:person': person, 'osdi:event': { href: '/osdi/api/v1/events/120362' } } },
      {
        status: 'accepted',
        person: { identifiers: ['rollbook:1'], email_addresses: [{ address: 'ada@example.org' }] },
      },
      { person: { given_name: 'New', family_name: 'Comer', email_addresses: [{ address: 'new@example.org' }] } },
    ],
  ],
  [SetBody, [{ attendance }]],
  [BulkSetBody, [{ attendanceDetails: [{ attendance }], returnFullEntity: true }]],
  [BulkDeleteBody, [{ attendanceIds: [uuidOf('entry', { id: 2, date: DAY })] }]],
  [CountBody, [{ filter: { status: 'ATTENDED', bookingId: { $in: [attendance.bookingId] } } }]],
  [
    QueryBody,
    [
      {
        query: {
          filter: { $or: [{ status: { $ne: 'ATTENDED' } }, { $not: { numberOfAttendees: { $gte: 2 } } }] },
          sort: [{ fieldName: 'eventId', order: 'DESC' }],
          cursorPaging: { limit: 2 },
        },
      },
      { query: { paging: { limit: 2, offset: 1 } } },
    ],
  ],
]);
