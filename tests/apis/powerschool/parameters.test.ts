import { powerschool } from '../../../src/apis/powerschool';
import { signerWith } from '../../../src/clients/signer';
import { createCredentials } from '../../../src/http/credentials/credentials';
import type { Endpoint } from '../../../src/http/endpoint';
import { openRoster } from '../../../src/roster/roster';
import { openSchool, type School } from './school';

/**
 * Every parameter that PowerSchool's pages document, of whatever address, sent to every address: honoured, so that the answer
 * is another one, or refused in PowerSchool's words. Addresses without a row here fail.
 */
let school: School;
let section: number;
let student: number;
let schoolId: number;
let courseId: number;
let recordId: number;
beforeAll(async () => {
  school = await openSchool();
  section = school.world.sections.algebra;
  student = school.world.people.ada;
  const { knex } = school.world.database;
  schoolId = (await knex('schools').where({ number: '200' }).first()).id;
  const district_id = school.world.districts.larkspur;
  await knex('schools').insert({ district_id, sourced_id: 'annex', name: 'Annex', type: 'school', number: '201' });
  const course = { district_id, school_id: schoolId, subjects: '', grades: '' };
  const courses = [
    { ...course, sourced_id: 'a', title: 'Algebra', course_code: 'MA' },
    { ...course, sourced_id: 'b', title: 'Biology', course_code: 'BI' },
  ];
  courseId = (await knex('courses').insert(courses).returning('id'))[0].id;
  const year = await knex('terms').where({ sourced_id: 'year' }).first();
  const { id: _id, ...half } = { ...year, sourced_id: 's1', title: 'S1', type: 'semester', parent_sourced_id: 'year' };
  const [semester] = await knex('terms').insert(half).returning('id');
  await knex('section_terms').insert({ district_id, section_id: section, term_id: semester.id });
  await knex('sections').where({ id: section }).update({ periods: '1,2' });
  const { body } = await school.send('batch_daily_time', school.record({}), school.record({ att_date: '2025-10-02' }));
  recordId = body.result[0].success_message.id;
});
afterAll(() => school.close());

/** The parameters of PowerSchool's pages, each with a value that would say something. */
const values: Record<string, string> = {
  q: 'id=gt=999999999999',
  $q: 'studentid==0',
  page: '2',
  pagesize: '1',
  count: 'true',
  order: 'id;desc',
  sort: 'id',
  sortdescending: 'true',
  projection: 'id',
  expansions: 'contact_info',
  extensions: 'u_students_extension',
  dofor: 'selection:selectedstudents',
  $dofor: 'selection:selectedstudents',
  students_to_include: 'selected',
  teachers_to_include: 'selected',
  $dataversion: '1',
  $dataversion_applicationname: 'rollbook',
};

interface Address {
  readonly method: 'get' | 'post';
  readonly path: () => string;
  readonly body?: () => object;
  /** What it honours, with other values than above where those say nothing here. */
  readonly honours: Record<string, string | undefined>;
  /** What it takes without saying anything else by it. */
  readonly takes?: Record<string, string>;
  /** What has to be said anyway. */
  readonly beside?: string;
}

const list = { q: undefined, page: undefined, pagesize: undefined };
const v1 = (path: () => string, honours: Address['honours'] = {}, takes: Address['takes'] = {}): Address => ({
  method: 'get',
  path: () => `/ws/v1/${path()}`,
  honours,
  takes,
});
const counted = { q: undefined };
const table = (
  name: string,
  { beside = '', honours = {} }: { beside?: string; honours?: Address['honours'] } = {},
  hasRows = true,
): [string, Address][] => [
  [
    `GET table/${name}`,
    {
      method: 'get',
      path: () => `/ws/schema/table/${name}`,
      beside,
      honours: hasRows ? { ...list, order: undefined, projection: undefined, ...honours } : {},
      takes: hasRows
        ? { sort: 'id' }
        : { q: 'id=gt=0', page: '1', pagesize: '1', order: 'id', sort: 'id', projection: 'id' },
    },
  ],
  [
    `GET table/${name}/count`,
    {
      method: 'get',
      path: () => `/ws/schema/table/${name}/count`,
      beside,
      honours: hasRows ? { q: honours.q } : {},
      takes: hasRows ? {} : { q: 'id=gt=0' },
    },
  ],
  [
    `GET table/${name}/metadata`,
    { method: 'get', path: () => `/ws/schema/table/${name}/metadata`, honours: { expansions: 'access' } },
  ],
];
const row = (name: string, of: () => number | string): [string, Address] => [
  `GET table/${name}/{id}`,
  { method: 'get', path: () => `/ws/schema/table/${name}/${of()}`, honours: { projection: undefined } },
];
const query = (
  name: string,
  body: () => object,
  honours: Address['honours'],
  takes: Record<string, string> = {},
): [string, Address][] => {
  const path = `/ws/schema/query/com.pearson.core.${name}`;
  const { $q, q } = honours;
  const filters = 'q' in honours ? { $q, q } : {};
  const { $q: one, q: other } = takes;
  return [
    [`POST ${name}`, { method: 'post', path: () => path, body, honours, takes: { sort: 'yearid', ...takes } }],
    [
      `POST ${name}/count`,
      {
        method: 'post',
        path: () => `${path}/count`,
        body,
        honours: filters,
        takes: one !== undefined && other !== undefined ? { $q: one, q: other } : {},
      },
    ],
  ];
};
const template = { count: undefined, page: undefined, projection: 'studentid', $q: undefined, q: 'studentid==0' };
const day = () => ({ studentid: student, att_date: '2025-10-01' });

const addresses: Record<string, Address> = {
  'GET metadata': v1(() => 'metadata'),
  'GET district': v1(() => 'district'),
  'GET district/school': v1(() => 'district/school', list),
  'GET district/school/count': v1(() => 'district/school/count', counted),
  'GET district/student': v1(() => 'district/student', { ...list, expansions: undefined }),
  'GET district/student/count': v1(() => 'district/student/count', counted, { expansions: 'contact_info' }),
  'GET school': v1(() => `school/${schoolId}`),
  'GET school/student': v1(() => `school/${schoolId}/student`, { ...list, expansions: undefined }),
  'GET school/student/count': v1(() => `school/${schoolId}/student/count`, counted, { expansions: 'contact_info' }),
  'GET school/student/{id}': v1(() => `school/${schoolId}/student/${student}`, { expansions: undefined }),
  'GET school/section': v1(() => `school/${schoolId}/section`, list),
  'GET school/section/count': v1(() => `school/${schoolId}/section/count`, counted),
  'GET school/staff': v1(() => `school/${schoolId}/staff`, { ...list, expansions: 'emails' }),
  'GET school/staff/count': v1(() => `school/${schoolId}/staff/count`, counted, { expansions: 'emails' }),
  'GET school/course': v1(() => `school/${schoolId}/course`, list),
  'GET school/course/count': v1(() => `school/${schoolId}/course/count`, counted),
  'GET school/term': v1(() => `school/${schoolId}/term`, list),
  'GET school/term/count': v1(() => `school/${schoolId}/term/count`, counted),
  'GET section': v1(() => `section/${section}`),
  'GET section/section_enrollment': v1(() => `section/${section}/section_enrollment`, list),
  'GET section/section_enrollment/count': v1(() => `section/${section}/section_enrollment/count`, counted),
  'GET student': v1(() => `student/${student}`, { expansions: undefined }),
  'GET staff': v1(() => `staff/${school.world.people.noether}`, { expansions: 'emails' }),
  'GET course': v1(() => `course/${courseId}`),
  ...Object.fromEntries([
    ...table('attendance', {
      beside: 'att_date=ge=2025-10-01;att_date=le=2025-10-02',
      honours: { order: 'att_date;desc' },
    }),
    row('attendance', () => recordId),
    ...table('attendance_code', { beside: 'yearid==35' }),
    row('attendance_code', () => school.code('A')),
    ...table('calendar_day', { beside: 'date_value=le=2025-08-26' }),
    ...table('period', { honours: { q: 'id==9' } }),
    ...table('cc'),
    row('cc', () => school.daily.ada),
    ...table('special_program', {}, false),
    ...query(
      'attendance.student_attendance_detail',
      () => ({ students_dcid: student }),
      { ...template, pagesize: '1', order: 'att_date;desc' },
      { sort: 'att_date' },
    ),
    ...query(
      'attendance.attendance_code_by_school_date',
      () => ({ schoolid: 200, att_date: '2025-10-01' }),
      {
        ...template,
        $q: 'att_code==A',
        q: 'att_code==A',
        projection: 'att_code',
        pagesize: '1',
        order: 'att_code',
      },
      { sort: 'att_code' },
    ),
    ...query('attendance.daily_attendance_template', day, template, { pagesize: '1', order: 'studentid' }),
    ...query('attendance.time_attendance_template', () => ({ ...day(), dcid: 0 }), template, {
      pagesize: '1',
      order: 'studentid',
    }),
    ...query('attendance.meeting_interval_attendance_template', () => ({ ...day(), schoolid: 200 }), {
      ...template,
      pagesize: '1',
      order: 'ccid;desc',
    }),
    ...query(
      'student.student_dcid_id_map',
      () => ({ students_dcid: [student, school.world.people.grace] }),
      { ...template, $q: 'id==0', q: 'id==0', projection: 'id', pagesize: '1', order: 'id;desc' },
      { sort: 'id' },
    ),
    ...query(
      'attendance.special_program',
      () => ({}),
      { count: undefined },
      { $q: 'id==1', q: 'id==1', page: '1', pagesize: '1', order: 'id', sort: 'id', projection: 'id' },
    ),
    ...['batch_daily_time', 'daily_time', 'meeting_interval'].map((name): [string, Address] => [
      `POST attendance/${name}`,
      { method: 'post', path: () => `/ws/attendance/${name}`, body: () => ({ record: [] }), honours: {} },
    ]),
  ]),
};

const ask = (address: Address, parameters: Record<string, string>) => {
  const { beside } = address;
  const all = { ...(beside && { q: beside }), ...parameters };
  if (beside && parameters.q) all.q = `${beside};${parameters.q}`;
  const path = `${address.path()}?${new URLSearchParams(all)}`;
  return address.method === 'get' ? school.get(path) : school.post(path).send(address.body!());
};

test.each(Object.entries(addresses))('%s honours or refuses each documented parameter', async (_name, address) => {
  const { honours, takes = {} } = address;
  const usual = await ask(address, {});
  if (!address.path().includes('/ws/attendance')) expect(usual.status).toBe(200);
  for (const [name, value] of Object.entries(values)) {
    if (name === 'sortdescending' && ('order' in honours || 'sort' in takes)) {
      const sort = honours.order?.split(';')[0] ?? takes.sort ?? 'id';
      const [up, down] = [await ask(address, { sort }), await ask(address, { sort, sortdescending: 'true' })];
      expect([name, up.status, down.status]).toEqual([name, 200, 200]);
      if ('order' in honours) expect(up.body).not.toEqual(down.body);
      continue;
    }
    const sent = honours[name] ?? takes[name] ?? value;
    const { status, body } = await ask(address, { [name]: sent });
    if (name in honours) {
      expect([name, status]).toEqual([name, 200]);
      expect({ name, body }).not.toEqual({ name, body: usual.body });
    } else if (name in takes) {
      expect([name, status]).toEqual([name, 200]);
    } else {
      expect([name, status, body.message]).toEqual([name, 400, 'Validation Failed']);
      expect(body.errors).toContainEqual(expect.objectContaining({ field: name, code: 'Unsupported' }));
      // Nothing is said by an empty one, nor by one that PowerSchool does not know.
      expect((await ask(address, { [name]: '', _: '1' })).status).toBe(usual.status);
    }
  }
});

test('every address of PowerSchool is among them', () => {
  const { database, ledger } = school.world;
  const [, ws] = powerschool({
    database,
    ledger,
    clients: school.clients,
    credentials: createCredentials(database, school.clients, {}),
    signer: signerWith(['']),
    secrets: school.secrets,
    webhooks: school.webhooks,
    roster: openRoster(database),
    prefix: '',
    networks: [],
    onFault: () => undefined,
    log: { warn: () => undefined },
  });
  const asked = Object.values(addresses).map(({ method, path }) => `${method} ${path()}`);
  const fits = ({ method, path }: Endpoint) =>
    new RegExp(`^${method.toLowerCase()} /ws${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '\\d+')}$`);
  expect(ws!.endpoints.filter((endpoint) => !asked.some((one) => fits(endpoint).test(one)))).toEqual([]);
  expect(asked).toHaveLength(ws!.endpoints.length);
});

test('a documented parameter in other letters is none that is heeded', async () => {
  for (const name of ['Q', 'PageSize', 'Expansions']) {
    const { status, body } = await school.get(`/ws/v1/district/student?${name}=1`);
    expect([status, body.errors[0].field]).toEqual([400, name]);
  }
});
