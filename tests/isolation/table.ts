import type { Scope } from '../../src/clients/client';
import { DAY, dailyOf, EPOCH, type Ids, TIME } from './fixtures';

/** A request that would do well, were the ids the caller's. */
export interface Ask {
  readonly path: string;
  readonly body?: object;
}

export interface Row {
  readonly ask: (ids: Ids) => Ask;
  /** What the client must be allowed, where `callers.test.ts` cannot tell it by the path. */
  readonly scope?: Scope;
  /** What a client bound to a teacher of another section of the district is answered. */
  readonly teacher: number;
}

const row = (teacher: number, path: (ids: Ids) => string, body?: (ids: Ids) => object, scope?: Scope): Row => ({
  teacher,
  ...(scope && { scope }),
  ask: (ids) => ({ path: path(ids), ...(body && { body: body(ids) }) }),
});

const osdi = '/osdi/api/v1';
const mark = (i: Ids) => ({ enrollment_id: i.enrollment, date: DAY, status: 3 });
const meetingOf = (i: Ids) =>
  dailyOf(i, '', { att_mode_code: 'ATT_ModeMeeting', ccid: i.enrollment, periodid: '1', start_time: 1, end_time: 2 });
const daily = (i: Ids) => dailyOf(i);
const day = (i: Ids) => ({ studentid: i.student, att_date: DAY });
const inline = (i: Ids) => ({ person: { identifiers: [i.identifier], email_addresses: [{ address: i.email }] } });
const linked = (i: Ids) => ({ _links: { 'osdi:person': { href: `${osdi}/people/${i.student}` } } });
const set = (i: Ids) => ({ attendance: { bookingId: i.booking, eventId: i.event, status: 'NOT_ATTENDED' } });
const filter = (i: Ids) => ({
  $or: [{ id: i.attendance }, { bookingId: { $in: [i.booking] } }, { eventId: i.event }, { sessionId: i.event }],
});
const query = (name: string) => `POST /ws/schema/query/com.pearson.core.${name}`;
const asked = (name: string) => () => `/ws/schema/query/com.pearson.core.${name}?count=true`;
/** A named query, and how many records it has. */
const queried = (name: string, body: (ids: Ids) => object): [string, Row][] => [
  [query(name), row(200, asked(name), body)],
  [`${query(name)}/count`, row(200, () => `/ws/schema/query/com.pearson.core.${name}/count`, body)],
];
/** A table, how many rows it has, what it is, and a row of it. */
const tabled = (name: string, q: (ids: Ids) => string, id?: (ids: Ids) => number, teacher = 404): [string, Row][] => {
  const path = `/ws/schema/table/${name}`;
  return [
    [`GET ${path}`, row(200, (i) => `${path}?q=${q(i)}`)],
    [`GET ${path}/count`, row(200, (i) => `${path}/count?q=${q(i)}`)],
    [`GET ${path}/metadata`, row(200, () => `${path}/metadata`)],
    ...(id ? ([[`GET ${path}/:id`, row(teacher, (i) => `${path}/${id(i)}`)]] as [string, Row][]) : []),
  ];
};

const wixRows = (service: string): [string, Row][] => [
  [
    `POST ${service}/query`,
    row(
      200,
      () => `${service}/query`,
      (i) => ({ query: { filter: filter(i) } }),
    ),
  ],
  [
    `POST ${service}/count`,
    row(
      200,
      () => `${service}/count`,
      (i) => ({ filter: filter(i) }),
    ),
  ],
  [`GET ${service}/:id`, row(404, (i) => `${service}/${i.attendance}`)],
  [`POST ${service}/set`, row(403, () => `${service}/set`, set)],
  [`DELETE ${service}/:id`, row(404, (i) => `${service}/${i.attendance}`)],
];
const wixBulkRows = (service: string): [string, Row][] => [
  [
    `POST ${service}/set`,
    row(
      200,
      () => `${service}/set`,
      (i) => ({ attendanceDetails: [set(i)], returnFullEntity: true }),
    ),
  ],
  [
    `POST ${service}/delete`,
    row(
      200,
      () => `${service}/delete`,
      (i) => ({ attendanceIds: [i.attendance] }),
    ),
  ],
];

const ownRows: readonly [endpoint: string, row: Row][] = [
  ...['/openapi/schoology.json', '/openapi/powerschool.json', '/openapi/osdi.json', '/openapi/wix.json'].map(
    (path): [string, Row] => [`GET ${path}`, row(200, () => path)],
  ),
  ['GET /openapi.json/', row(200, () => '/openapi.json/')],
  ['GET /.well-known/api-catalog', row(200, () => '/.well-known/api-catalog')],
  ['GET /errors/', row(200, () => '/errors/')],
  ['GET /sign-in/ways', row(200, () => '/sign-in/ways')],
  [
    'POST /sign-in/',
    row(
      401,
      () => '/sign-in/',
      () => ({ invitation: 'nobody was sent this' }),
    ),
  ],
  ['GET /session/', row(200, () => '/session/')],
  ['DELETE /session/', row(204, () => '/session/')],
  ['GET /reports/rolls', row(200, (i) => `/reports/rolls?date=${DAY}&school=${i.school}`)],
  ['GET /reports/in-session', row(200, () => `/reports/in-session?date=${DAY}`)],
  ['GET /reports/absentees', row(200, (i) => `/reports/absentees?school=${i.school}&date=${DAY}`)],
  ['GET /reports/untaken', row(200, (i) => `/reports/untaken?school=${i.school}&from=${DAY}&to=${DAY}`)],
  ['GET /reports/today', row(403, () => `/reports/today?date=${DAY}`)],
  [
    'GET /reports/sections/:section/month',
    row(403, (i) => `/reports/sections/${i.section}/month?month=${DAY.slice(0, 7)}`),
  ],
  ['GET /reports/sections/:section/changes', row(403, (i) => `/reports/sections/${i.section}/changes?date=${DAY}`)],
  ['GET /reports/students/:student', row(404, (i) => `/reports/students/${i.student}?from=${DAY}&to=${DAY}`)],
  ['GET /reports/students/:student/day', row(404, (i) => `/reports/students/${i.student}/day?date=${DAY}`)],
  ['GET /absences/', row(403, (i) => `/absences/?student=${i.student}`, undefined, 'attendance:read')],
  ['GET /absences/passes', row(403, () => `/absences/passes?date=${DAY}`, undefined, 'attendance:read')],
  ['GET /absences/:absence', row(403, (i) => `/absences/${i.absence}`, undefined, 'attendance:read')],
  [
    'POST /absences/',
    row(
      403,
      () => '/absences/?dry_run=yes',
      (i) => ({ students: [i.student], from: DAY, status: 4, overrule: true }),
      'attendance:write',
    ),
  ],
  ['DELETE /absences/:absence', row(403, (i) => `/absences/${i.absence}`, undefined, 'attendance:write')],
  [
    'POST /reminders/',
    row(
      403,
      () => '/reminders/',
      (i) => ({ school: i.school, date: DAY }),
      'attendance:write',
    ),
  ],
  ['GET /schools/:school/chronic-letter', row(200, (i) => `/schools/${i.school}/chronic-letter`)],
  [
    'PUT /schools/:school/chronic-letter',
    row(
      403,
      (i) => `/schools/${i.school}/chronic-letter`,
      () => ({ text: 'Dear family of {name}' }),
      'roster:write',
    ),
  ],
  ['GET /students/', row(403, (i) => `/students/?search=${i.personCode}`, undefined, 'attendance:read')],
  ['GET /reports/absence', row(403, (i) => `/reports/absence?from=${DAY}&to=${DAY}&by=school&school=${i.school}`)],
  ['GET /reports/chronic', row(403, (i) => `/reports/chronic?from=${DAY}&to=${DAY}&school=${i.school}`)],
  ['GET /calendars/:school', row(200, (i) => `/calendars/${i.school}`)],
  [
    'PUT /calendars/:school',
    row(
      403,
      (i) => `/calendars/${i.school}`,
      () => ({ days: [{ date: '2030-01-01', school_day: false }] }),
    ),
  ],
  [
    'PUT /calendars/',
    row(
      403,
      () => '/calendars/',
      (i) => ({ schools: [i.school], weekdays: ['monday'] }),
    ),
  ],
  ['GET /rolls/:section/:date', row(403, (i) => `/rolls/${i.section}/${DAY}`)],
  [
    'PATCH /rolls/:section/:date',
    row(
      403,
      (i) => `/rolls/${i.section}/${DAY}`,
      (i) => ({ statuses: [{ enrollment_id: i.enrollment, status: 2 }] }),
    ),
  ],
  ['GET /schools/:school', row(200, (i) => `/schools/${i.school}`)],
  [
    'PATCH /schools/:school',
    row(
      403,
      (i) => `/schools/${i.school}`,
      () => ({ untaken: 'present' }),
    ),
  ],
  ['GET /changes/', row(403, (i) => `/changes/?section=${i.section}`, undefined, 'attendance:read')],
  ['GET /lti/jwks', row(200, () => '/lti/jwks')],
  ['GET /lti/login', row(303, () => '/lti/login')],
  [
    'POST /lti/login',
    row(
      303,
      () => '/lti/login',
      () => ({}),
    ),
  ],
  ['GET /lti/again', row(303, () => '/lti/again')],
  ['GET /lti/register/:invitation', row(303, (i) => `/lti/register/${i.cursor}`)],
  [
    'POST /lti/launch',
    row(
      303,
      () => '/lti/launch',
      () => ({}),
    ),
  ],
  [
    'POST /lti/storage',
    row(
      404,
      () => '/lti/storage',
      () => ({ handle: 'x' }),
    ),
  ],
  [
    'POST /lti/finish',
    row(
      404,
      () => '/lti/finish',
      () => ({ handle: 'x', value: 'x' }),
    ),
  ],
  [
    'PUT /lti/section/',
    row(
      404,
      () => '/lti/section/',
      (i) => ({ handle: 'x', section: i.section }),
      'attendance:write',
    ),
  ],
  [
    'POST /lti/link/',
    row(
      404,
      () => '/lti/link/',
      () => ({ handle: 'x', page: 'roll' }),
      'attendance:read',
    ),
  ],
  ['GET /lti/attendance/', row(401, () => '/lti/attendance/')],
  ['GET /webhooks/', row(200, () => '/webhooks/', undefined, 'attendance:read')],
  [
    'POST /webhooks/',
    row(
      403,
      () => '/webhooks/',
      (i) => ({ url: 'https://sis.example.org/', section: i.section }),
      'attendance:read',
    ),
  ],
  ['GET /webhooks/disabled', row(403, () => '/webhooks/disabled', undefined, 'roster:write')],
  ['GET /webhooks/:webhook', row(404, (i) => `/webhooks/${i.webhook}`, undefined, 'attendance:read')],
  [
    'PATCH /webhooks/:webhook',
    row(
      404,
      (i) => `/webhooks/${i.webhook}`,
      () => ({ description: 'the SIS' }),
      'attendance:read',
    ),
  ],
  ['DELETE /webhooks/:webhook', row(404, (i) => `/webhooks/${i.formerWebhook}`, undefined, 'attendance:read')],
  [
    'POST /webhooks/:webhook/rotate',
    row(
      404,
      (i) => `/webhooks/${i.webhook}/rotate`,
      () => ({ grace: 60 }),
      'attendance:read',
    ),
  ],
  [
    'POST /webhooks/:webhook/replay',
    row(
      404,
      (i) => `/webhooks/${i.webhook}/replay`,
      () => ({ after: 'start' }),
      'attendance:read',
    ),
  ],
  ['GET /access/people', row(403, (i) => `/access/people?school=${i.school}`, undefined, 'access')],
  [
    'POST /access/invitations',
    row(
      403,
      () => '/access/invitations',
      (i) => ({ people: [i.teacher] }),
      'access',
    ),
  ],
  [
    'DELETE /access/people/:person/sessions',
    row(403, (i) => `/access/people/${i.teacher}/sessions`, undefined, 'access'),
  ],
  [
    'PUT /access/people/:person/role',
    row(
      403,
      (i) => `/access/people/${i.teacher}/role`,
      (i) => ({ role: 'counselor', school: i.school }),
      'access',
    ),
  ],
  ['DELETE /access/people/:person/role', row(403, (i) => `/access/people/${i.teacher}/role`, undefined, 'access')],
  ['DELETE /access/people/:person', row(403, (i) => `/access/people/${i.teacher}`, undefined, 'access')],
  ['GET /access/changes', row(403, () => '/access/changes', undefined, 'access')],
  ['GET /substitutions/', row(403, (i) => `/substitutions/?section=${i.section}`, undefined, 'attendance:read')],
  [
    'GET /substitutions/people',
    row(403, (i) => `/substitutions/people?section=${i.section}`, undefined, 'attendance:write'),
  ],
  [
    'POST /substitutions/',
    row(
      403,
      () => '/substitutions/',
      (i) => ({ section: i.section, person: i.substitute, from: '2099-05-04' }),
      'attendance:write',
    ),
  ],
  [
    'DELETE /substitutions/:substitution',
    row(403, (i) => `/substitutions/${i.substitution}`, undefined, 'attendance:write'),
  ],
  ['GET /access/clients', row(403, () => '/access/clients', undefined, 'access')],
  [
    'POST /access/clients',
    row(
      403,
      () => '/access/clients',
      (i) => ({ name: 'one more', scopes: ['attendance:read'], person: i.teacher }),
      'access',
    ),
  ],
  [
    'POST /access/clients/:client/rotate',
    row(
      403,
      (i) => `/access/clients/${i.client}/rotate`,
      () => ({ grace: 60 }),
      'access',
    ),
  ],
  ['DELETE /access/clients/:client', row(403, (i) => `/access/clients/${i.client}`, undefined, 'access')],
  ['GET /district/', row(200, () => '/district/', undefined, 'roster:read')],
  [
    'PATCH /district/',
    row(
      403,
      () => '/district/',
      () => ({ sis_takes_attendance: false }),
      'roster:write',
    ),
  ],
  ['GET /district/changes', row(403, () => '/district/changes', undefined, 'access')],
  ['GET /schools/:school/codes', row(200, (i) => `/schools/${i.school}/codes?year=2025`)],
  [
    'PUT /schools/:school/codes/:code',
    row(
      403,
      (i) => `/schools/${i.school}/codes/FT?year=2030`,
      () => ({ status: 4 }),
      'roster:write',
    ),
  ],
  ['GET /marks/', row(403, (i) => `/marks/?from=${DAY}&to=${DAY}&section=${i.section}`)],
  [
    'POST /marks/',
    row(
      200,
      () => '/marks/',
      (i) => ({
        marks: [
          { enrollment: i.enrollment, date: DAY, status: 3 },
          { section: i.sectionCode, student: i.personCode, date: DAY, status: 'late' },
        ],
      }),
    ),
  ],
];

/** Every endpoint of every API, with every kind of id that it takes. */
export const table: Readonly<Record<string, Row>> = {
  'GET /v1/sections/:section/attendance': row(
    403,
    (i) => `/v1/sections/${i.section}/attendance?limit=1&start=&enrollment_id=${i.enrollment}&taken=1`,
  ),
  'PUT /v1/sections/:section/attendance': row(
    403,
    (i) => `/v1/sections/${i.section}/attendance`,
    (i) => ({ attendances: { attendance: [mark(i)] } }),
  ),
  'GET /v1/users': row(200, (i) => `/v1/users?school_uids=${i.personCode}`),
  'GET /v1/users/me': row(303, () => '/v1/users/me'),
  'GET /v1/app-user-info': row(200, () => '/v1/app-user-info'),
  'GET /v1/users/inactive': row(200, () => '/v1/users/inactive'),
  'GET /v1/users/inactive/:id': row(404, (i) => `/v1/users/inactive/${i.former}`),
  'GET /v1/users/ext/:code': row(404, (i) => `/v1/users/ext/${i.personCode}`),
  'GET /v1/users/:id': row(404, (i) => `/v1/users/${i.student}`),
  'GET /v1/users/:id/sections': row(404, (i) => `/v1/users/${i.student}/sections`),
  'GET /v1/roles': row(200, () => '/v1/roles'),
  'GET /v1/roles/:id': row(200, () => '/v1/roles/1'),
  'GET /v1/schools': row(200, () => '/v1/schools'),
  'GET /v1/schools/:id': row(200, (i) => `/v1/schools/${i.school}`),
  'GET /v1/schools/:id/buildings': row(200, (i) => `/v1/schools/${i.school}/buildings`),
  'GET /v1/courses': row(200, (i) => `/v1/courses?building_id=${i.school}`),
  'GET /v1/courses/:id': row(404, (i) => `/v1/courses/${i.course}`),
  'GET /v1/courses/:id/sections': row(404, (i) => `/v1/courses/${i.course}/sections`),
  'GET /v1/sections': row(200, (i) => `/v1/sections?section_school_codes=${i.sectionCode}`),
  'GET /v1/sections/ext/:code': row(404, (i) => `/v1/sections/ext/${i.sectionCode}`),
  'GET /v1/sections/:id': row(403, (i) => `/v1/sections/${i.section}`),
  'GET /v1/sections/:section/enrollments': row(403, (i) => `/v1/sections/${i.section}/enrollments?uid=${i.student}`),
  'GET /v1/sections/:section/enrollments/:id': row(403, (i) => `/v1/sections/${i.section}/enrollments/${i.enrollment}`),

  'GET /v1/sections/:section/grading_periods': row(403, (i) => `/v1/sections/${i.section}/grading_periods`),
  'GET /v1/gradingperiods': row(200, () => '/v1/gradingperiods?title=Fall'),
  'GET /v1/gradingperiods/:id': row(200, (i) => `/v1/gradingperiods/${i.term}`),
  'POST /v1/multiget': row(
    200,
    () => '/v1/multiget',
    (i) => ({
      request: [
        `/v1/users/${i.student}`,
        `/v1/users/${i.student}/sections?include_past=1`,
        `/v1/users/ext/${i.personCode}`,
        `/v1/sections/${i.section}`,
        `/v1/sections/${i.section}/enrollments?uid=${i.student}`,
        `/v1/sections/ext/${i.sectionCode}`,
        `/v1/courses/${i.course}`,
        `/v1/courses/${i.course}/sections`,
      ],
    }),
  ),

  'GET /v1/triggers/targets': row(200, () => '/v1/triggers/targets', undefined, 'attendance:read'),
  'POST /v1/triggers/targets': row(
    201,
    () => '/v1/triggers/targets',
    () => ({ target: 'https://sis.example.org/' }),
    'attendance:read',
  ),
  'PUT /v1/triggers/targets/:target': row(
    404,
    (i) => `/v1/triggers/targets/${i.target}`,
    () => ({ target: 'https://sis.example.org/' }),
    'attendance:read',
  ),
  'DELETE /v1/triggers/targets/:target': row(
    404,
    (i) => `/v1/triggers/targets/${i.formerTarget}`,
    undefined,
    'attendance:read',
  ),
  'GET /v1/triggers/subscriptions': row(200, () => '/v1/triggers/subscriptions', undefined, 'attendance:read'),
  'PUT /v1/triggers/subscriptions': row(
    200,
    () => '/v1/triggers/subscriptions',
    (i) => ({ subscription: [{ target_id: i.target, trigger: 'attendance', subscribed: 1 }] }),
    'attendance:read',
  ),

  ...Object.fromEntries(ownRows),

  'POST /oauth/access_token': row(
    401,
    () => '/oauth/access_token',
    () => ({ grant_type: 'client_credentials' }),
  ),
  'POST /ws/attendance/batch_daily_time': row(200, () => '/ws/attendance/batch_daily_time', daily),
  'POST /ws/attendance/daily_time': row(
    200,
    () => '/ws/attendance/daily_time',
    (i) => dailyOf(i),
  ),
  'POST /ws/attendance/meeting_interval': row(200, () => '/ws/attendance/meeting_interval', meetingOf),
  ...Object.fromEntries([
    ...queried('attendance.attendance_code_by_school_date', (i) => ({ schoolid: i.schoolNumber, att_date: DAY })),
    ...queried('attendance.daily_attendance_template', day),
    ...queried('attendance.time_attendance_template', (i) => ({ ...day(i), dcid: i.record })),
    ...queried('attendance.meeting_interval_attendance_template', (i) => ({ ...day(i), schoolid: i.schoolNumber })),
    ...queried('attendance.student_attendance_detail', (i) => ({ students_dcid: [i.student] })),
    ...queried('attendance.special_program', (i) => ({ schoolid: i.schoolNumber })),
    ...queried('student.student_dcid_id_map', (i) => ({ students_dcid: [i.student] })),
    ...tabled(
      'attendance',
      (i) => `studentid==${i.student}`,
      (i) => i.record,
    ),
    ...tabled(
      'attendance_code',
      (i) => `schoolid==${i.schoolNumber};yearid==35`,
      (i) => i.code,
      200,
    ),
    ...tabled('calendar_day', (i) => `schoolid==${i.schoolNumber}`),
    ...tabled('period', (i) => `schoolid==${i.schoolNumber}`),
    ...tabled(
      'cc',
      (i) => `studentid==${i.student};sectionid==${i.section}`,
      (i) => i.enrollment,
    ),
    ...tabled('special_program', () => 'id=gt=0'),
  ]),
  'GET /ws/v1/metadata': row(200, () => '/ws/v1/metadata'),
  'GET /ws/v1/district': row(200, () => '/ws/v1/district'),
  'GET /ws/v1/district/school': row(200, () => '/ws/v1/district/school'),
  'GET /ws/v1/district/school/count': row(200, () => '/ws/v1/district/school/count'),
  'GET /ws/v1/district/student': row(200, (i) => `/ws/v1/district/student?q=local_id==${i.personCode}`),
  'GET /ws/v1/district/student/count': row(200, (i) => `/ws/v1/district/student/count?q=id==${i.student}`),
  'GET /ws/v1/school/:id': row(200, (i) => `/ws/v1/school/${i.school}`),
  'GET /ws/v1/school/:id/student': row(200, (i) => `/ws/v1/school/${i.school}/student`),
  'GET /ws/v1/school/:id/student/count': row(200, (i) => `/ws/v1/school/${i.school}/student/count`),
  'GET /ws/v1/school/:id/student/:student': row(404, (i) => `/ws/v1/school/${i.school}/student/${i.student}`),
  'GET /ws/v1/school/:id/staff': row(200, (i) => `/ws/v1/school/${i.school}/staff?expansions=emails`),
  'GET /ws/v1/school/:id/staff/count': row(200, (i) => `/ws/v1/school/${i.school}/staff/count?q=id==${i.teacher}`),
  'GET /ws/v1/school/:id/course': row(200, (i) => `/ws/v1/school/${i.school}/course`),
  'GET /ws/v1/school/:id/course/count': row(200, (i) => `/ws/v1/school/${i.school}/course/count?q=id==${i.course}`),
  'GET /ws/v1/school/:id/term': row(200, (i) => `/ws/v1/school/${i.school}/term`),
  'GET /ws/v1/school/:id/term/count': row(200, (i) => `/ws/v1/school/${i.school}/term/count`),
  'GET /ws/v1/school/:id/section': row(200, (i) => `/ws/v1/school/${i.school}/section`),
  'GET /ws/v1/school/:id/section/count': row(200, (i) => `/ws/v1/school/${i.school}/section/count`),
  'GET /ws/v1/section/:id': row(403, (i) => `/ws/v1/section/${i.section}`),
  'GET /ws/v1/section/:id/section_enrollment': row(403, (i) => `/ws/v1/section/${i.section}/section_enrollment`),
  'GET /ws/v1/section/:id/section_enrollment/count': row(
    403,
    (i) => `/ws/v1/section/${i.section}/section_enrollment/count`,
  ),
  'GET /ws/v1/student/:id': row(404, (i) => `/ws/v1/student/${i.student}?expansions=school_enrollment,contact_info`),
  'GET /ws/v1/staff/:id': row(404, (i) => `/ws/v1/staff/${i.teacher}`),
  'GET /ws/v1/course/:id': row(404, (i) => `/ws/v1/course/${i.course}`),

  [`GET ${osdi}/`]: row(200, () => `${osdi}/`),
  [`GET ${osdi}/docs`]: row(200, () => `${osdi}/docs`),
  [`GET ${osdi}/docs/:rel`]: row(200, () => `${osdi}/docs/person`),
  [`GET ${osdi}/people`]: row(
    200,
    (i) => `${osdi}/people?filter=email_address%20eq%20'${i.email}'&before=${i.student + 1}.${EPOCH}`,
  ),
  [`GET ${osdi}/people/:person`]: row(404, (i) => `${osdi}/people/${i.student}`),
  [`GET ${osdi}/events`]: row(200, (i) => `${osdi}/events?before=${i.meeting + 1}.${EPOCH}`),
  [`GET ${osdi}/events/:event`]: row(404, (i) => `${osdi}/events/${i.meeting}`),
  [`POST ${osdi}/events`]: row(
    403,
    () => `${osdi}/events`,
    (i) => ({ identifiers: [`rollbook:section:${i.section}`], all_day_date: DAY }),
  ),
  ...Object.fromEntries(
    (
      [
        [`${osdi}/events/:event/attendances`, (i: Ids) => `${osdi}/events/${i.meeting}/attendances`, 403],
        [`${osdi}/people/:person/attendances`, (i: Ids) => `${osdi}/people/${i.student}/attendances`, 404],
      ] as const
    ).flatMap(([pattern, path, teacher]): [string, Row][] => [
      [`GET ${pattern}`, row(teacher, (i) => `${path(i)}?after=${i.entry - 1}.${EPOCH}`)],
      [`GET ${pattern}/:attendance`, row(teacher, (i) => `${path(i)}/${i.entry}`)],
      [
        `PUT ${pattern}/:attendance`,
        row(
          teacher,
          (i) => `${path(i)}/${i.entry}`,
          () => ({ status: 'late' }),
        ),
      ],
      [
        `PATCH ${pattern}/:attendance`,
        row(
          teacher,
          (i) => `${path(i)}/${i.entry}`,
          () => ({ comment: 'said' }),
        ),
      ],
      [`DELETE ${pattern}/:attendance`, row(teacher, (i) => `${path(i)}/${i.entry}`)],
    ]),
  ),
  [`POST ${osdi}/events/:event/attendances`]: row(
    403,
    (i) => `${osdi}/events/${i.meeting}/attendances`,
    (i) => ({ ...linked(i), status: 'late' }),
  ),
  [`POST ${osdi}/people/:person/attendances`]: row(
    404,
    (i) => `${osdi}/people/${i.student}/attendances`,
    (i) => ({ _links: { 'osdi:event': { href: `${osdi}/events/${i.meeting}` } } }),
  ),
  [`POST ${osdi}/events/:event/record_attendance_helper`]: row(
    403,
    (i) => `${osdi}/events/${i.meeting}/record_attendance_helper`,
    inline,
  ),

  ...Object.fromEntries(
    ['/bookings-attendance', '/v2/attendance', '/attendance/v2/attendance'].flatMap((service) =>
      wixRows(`/bookings${service}`),
    ),
  ),
  ...Object.fromEntries(
    ['/v2/bulk/attendance', '/attendance/v2/bulk/attendance'].flatMap((service) => wixBulkRows(`/bookings${service}`)),
  ),
};

/** The same endpoints asked in other words: by ids that exclude each other in one request. */
export const others: readonly (readonly [endpoint: string, row: Row])[] = [
  [`POST ${osdi}/events/:event/attendances`, row(403, (i) => `${osdi}/events/${i.meeting}/attendances`, inline)],
  [
    `POST ${osdi}/events/:event/attendances`,
    row(
      403,
      (i) => `${osdi}/events/${i.meeting}/attendances`,
      (i) => ({ person: { identifiers: [`rollbook:${i.student}`] } }),
    ),
  ],
  [
    `POST ${osdi}/events/:event/attendances`,
    row(
      403,
      (i) => `${osdi}/events/${i.meeting}/attendances`,
      (i) => ({ person: { identifiers: [`oneroster:${i.personCode}`] } }),
    ),
  ],
  [
    `POST ${osdi}/events/:event/attendances`,
    row(
      403,
      (i) => `${osdi}/events/${i.meeting}/attendances`,
      (i) => ({ person: { email_addresses: [{ address: i.email }] } }),
    ),
  ],
  [
    `POST ${osdi}/events/:event/attendances`,
    row(
      403,
      (i) => `${osdi}/events/${i.meeting}/attendances`,
      (i) => ({ _links: { 'osdi:person': { href: `http://other.example/${i.identifier.slice(4)}` } } }),
    ),
  ],
  [
    'POST /bookings/v2/attendance/query',
    row(
      200,
      () => '/bookings/v2/attendance/query',
      (i) => ({ query: { cursorPaging: { cursor: i.cursor } } }),
    ),
  ],
  [
    'GET /v1/sections/:section/attendance',
    row(403, (i) => `/v1/sections/${i.section}/attendance?limit=1&after=${i.place}`),
  ],
  ['GET /v1/users', row(200, () => '/v1/users')],
  ['GET /v1/users', row(200, (i) => `/v1/users?building_id=${i.school}&role_ids=1`)],
  [
    'POST /ws/attendance/batch_daily_time',
    row(
      200,
      () => '/ws/attendance/batch_daily_time',
      (i) => dailyOf(i, '', { ...TIME, dcid: i.record }),
    ),
  ],
  [
    'POST /ws/attendance/meeting_interval',
    row(
      200,
      () => '/ws/attendance/meeting_interval',
      (i) => dailyOf(i, '', { att_mode_code: 'ATT_ModeMeeting', periodid: '1', start_time: 1, end_time: 2 }),
    ),
  ],
  [
    'POST /ws/attendance/meeting_interval',
    row(
      200,
      () => '/ws/attendance/meeting_interval',
      (i) => dailyOf(i, '', { att_mode_code: 'ATT_ModeMeeting', ccid: i.enrollment, periodid: '1' }),
    ),
  ],
];
