import { apis } from '../../../src/apis';
import { signerWith } from '../../../src/clients/signer';
import { createCredentials } from '../../../src/http/credentials/credentials';
import { openRoster } from '../../../src/roster/roster';
import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/**
 * Every query parameter that Schoology's pages document for an endpoint that is here is honoured, so that the answer is
 * another one, or refused with a 400 that names it. None is ignored.
 */
let api: Api;
let added: Additions;
beforeAll(async () => {
  api = await openApi();
  added = await addTo(api);
  const { ada, grace, alan } = api.world.enrollments;
  await api.mark([ada, '2025-10-06', 2], [grace, '2025-10-07', 3], [alan, '2025-10-08', 4], [ada, '2025-10-09', 1]);
});
afterAll(() => api.close());

/** What an answer shows of a list: ids, dates, codes; and the size of its page. */
type Shown = readonly (string | number)[];
interface Honoured {
  readonly query: string | (() => string);
  /** What is shown then, by what is shown without it. */
  readonly shows: (all: Shown) => Shown;
}
type Parameters = Readonly<Record<string, Honoured | string>>;

/** With this value the parameter is refused. */
const refused = { picture_size: 'sm' };
const startId = { start_id: '17' };
const start: Honoured = { query: 'start=1', shows: (all) => all.slice(1) };
const limit: Honoured = { query: 'limit=1', shows: (all) => [...all.slice(0, 1), 'page of 1'] };
const paged = { ...refused, ...startId, start, limit };
const only = (query: Honoured['query'], shows: () => Shown): Honoured => ({ query, shows });
const schools = {
  building_id: only(
    () => `building_id=${added.schools.north}`,
    () => ofNorth(),
  ),
  school_id: only(
    () => `school_id=${added.schools.north}`,
    () => ofNorth(),
  ),
};
let ofNorth: () => Shown;

const includePast = (shows: () => Shown) => ({ include_past: only('include_past=1', shows) });

interface Walk {
  readonly endpoint: string;
  readonly path: () => string;
  readonly parameters: Parameters;
  /** What belongs to the north school. */
  readonly north?: () => Shown;
}

const walk = (endpoint: string, path: () => string, parameters: Parameters, north?: () => Shown): Walk => ({
  endpoint,
  path,
  parameters,
  ...(north && { north }),
});

const person = () => api.world.people.ada;
const section = () => api.world.sections.algebra;
const course = () => added.courses.algebra;
const withPast = () => [section(), added.sections.past, added.sections.dropped];

const walks: readonly Walk[] = [
  walk(
    'GET /users',
    () => '/v1/users',
    {
      ...paged,
      ...schools,
      role_ids: only('role_ids=2', () => [api.world.people.noether, api.world.people.mendel]),
      school_uids: only('school_uids=ada,grace', () => [api.world.people.ada, api.world.people.grace]),
      parent_access_codes: '1',
    },
    () => [added.people.emil],
  ),
  walk('GET /users/me', () => '/v1/users/me', refused),
  walk('GET /app-user-info', () => '/v1/app-user-info', refused),
  walk('GET /users/inactive', () => '/v1/users/inactive', paged),
  walk('GET /users/inactive/:id', () => `/v1/users/inactive/${added.people.sophie}`, refused),
  walk('GET /users/ext/:code', () => '/v1/users/ext/ada', refused),
  walk('GET /users/:id', () => `/v1/users/${person()}`, refused),
  walk('GET /users/:id/sections', () => `/v1/users/${person()}/sections`, {
    ...paged,
    ...includePast(() => [section(), api.world.sections.biology, added.sections.past, added.sections.dropped]),
  }),
  walk('GET /roles', () => '/v1/roles', paged),
  walk('GET /roles/:id', () => '/v1/roles/1', refused),
  walk('GET /schools', () => '/v1/schools', paged),
  walk('GET /schools/:id', () => `/v1/schools/${added.schools.north}`, refused),
  walk('GET /schools/:id/buildings', () => `/v1/schools/${added.schools.north}/buildings`, paged),
  walk(
    'GET /courses',
    () => '/v1/courses',
    { ...paged, ...schools, fetch_district_course_name: '1' },
    () => [added.courses.geometry],
  ),
  walk('GET /courses/:id', () => `/v1/courses/${course()}`, { ...refused, fetch_district_course_name: '1' }),
  walk('GET /courses/:id/sections', () => `/v1/courses/${course()}/sections`, { ...paged, ...includePast(withPast) }),
  walk('GET /sections', () => '/v1/sections?section_school_codes=algebra,biology,past,dropped', {
    ...paged,
    ...includePast(() => [section(), api.world.sections.biology, added.sections.past, added.sections.dropped]),
    section_school_codes: only('section_school_codes=biology', () => [api.world.sections.biology]),
  }),
  walk('GET /sections/ext/:code', () => '/v1/sections/ext/algebra', refused),
  walk('GET /sections/:id', () => `/v1/sections/${section()}`, refused),
  walk('GET /sections/:section/enrollments', () => `/v1/sections/${section()}/enrollments`, {
    ...paged,
    uid: only(
      () => `uid=${person()}`,
      () => [api.world.enrollments.ada],
    ),
    enrollment_status: only('enrollment_status=1', () => [api.world.enrollments.noether]),
    type: only('type=admin', () => [api.world.enrollments.noether]),
  }),
  walk(
    'GET /sections/:section/enrollments/:id',
    () => `/v1/sections/${section()}/enrollments/${api.world.enrollments.ada}`,
    refused,
  ),
  walk('GET /sections/:section/grading_periods', () => `/v1/sections/${section()}/grading_periods`, refused),
  walk('GET /gradingperiods', () => '/v1/gradingperiods', {
    ...paged,
    title: only('title=Fall', () => [added.terms.fall]),
    startswith: only('title=Fall&startswith=1', () => [added.terms.last, added.terms.fall]),
  }),
  walk('GET /gradingperiods/:id', () => `/v1/gradingperiods/${added.terms.fall}`, refused),
  walk('POST /multiget', () => '/v1/multiget', refused),
  walk('GET /sections/:section/attendance', () => `/v1/sections/${section()}/attendance`, {
    ...refused,
    ...startId,
    start: { query: 'start=2025-10-07', shows: (all) => all.slice(1) },
    end: { query: 'end=2025-10-07', shows: (all) => all.slice(0, 2) },
    enrollment_id: {
      query: () => `enrollment_id=${api.world.enrollments.ada}`,
      shows: (all) => all.slice(0, 1),
    },
    limit,
    // Extensions of ours.
    after: {
      query: () => `after=2025-10-06.${api.world.enrollments.ada}.${epoch}`,
      shows: (all) => all.slice(1),
    },
    taken: { query: 'taken=1', shows: (all) => [...all, '2025-10-09'] },
  }),
  walk('PUT /sections/:section/attendance', () => `/v1/sections/${section()}/attendance`, { ...refused, taken: 'x' }),
  walk('GET /triggers/targets', () => '/v1/triggers/targets', refused),
  walk('POST /triggers/targets', () => '/v1/triggers/targets', refused),
  walk('PUT /triggers/targets/:target', () => '/v1/triggers/targets/99', refused),
  walk('DELETE /triggers/targets/:target', () => '/v1/triggers/targets/99', refused),
  walk('GET /triggers/subscriptions', () => '/v1/triggers/subscriptions', refused),
  walk('PUT /triggers/subscriptions', () => '/v1/triggers/subscriptions', refused),
];

let epoch: string;
beforeAll(async () => {
  const { headers } = await api.get(`/v1/sections/${section()}/attendance`);
  epoch = headers.etag!.slice(1, 17);
});

/** Ids of a list; dates of attendance. Of a page that is not of the usual size, that too. */
async function shown(path: string): Promise<Shown> {
  const { body } = await api.get(path).expect(200);
  const [list] = Object.values(body).filter(Array.isArray) as [{ id?: string; uid?: number; date?: string }[]];
  const ids = list.map(({ id, uid, date }) => date ?? Number(id ?? uid));
  const size = /[?&]limit=(\d+)/.exec(body.links?.self ?? '')?.[1];
  return size === undefined || ['20', '1000'].includes(size) ? ids : [...ids, `page of ${size}`];
}

const withQuery = (path: string, query: string) => {
  const name = query.split('=')[0]!;
  const [bare, own = ''] = path.split('?') as [string, string?];
  const kept = own.split('&').filter((each) => each && !each.startsWith(`${name}=`));
  return `${bare}?${[...kept, query].join('&')}`;
};

const send = (endpoint: string, path: string) => {
  const target = { target: 'https://sis.example.org/events' };
  if (endpoint.startsWith('DELETE')) return api.delete(path);
  if (endpoint.startsWith('POST /triggers')) return api.post(path).send(target);
  if (endpoint.startsWith('POST')) return api.post(path).send({ request: ['/v1/users/1'] });
  if (!endpoint.startsWith('PUT')) return api.get(path).redirects(0);
  if (endpoint.startsWith('PUT /triggers/targets')) return api.put(path).send(target);
  const subscription = [{ target_id: 99, trigger: 'attendance', subscribed: 1 }];
  if (endpoint.startsWith('PUT /triggers')) return api.put(path).send({ subscription });
  const attendance = [{ enrollment_id: api.world.enrollments.ada, date: '2025-10-06', status: 2 }]; // as it stands
  return api.put(path).send({ attendances: { attendance } });
};

const asked = walks.flatMap(({ endpoint, path, parameters, north }) =>
  Object.entries(parameters).map(([name, how]) => ({ endpoint, path, name, how, north })),
);

test.each(asked.filter(({ how }) => typeof how === 'string'))(
  '$endpoint refuses $name, and says so',
  async ({ endpoint, path, name, how }) => {
    const held = async () => [
      await api.world.database.knex('journal').select(),
      await api.world.database.knex('webhook_targets').select(),
    ];
    const before = await held();
    const query = `${name}=${how}`;
    const { body } = await send(endpoint, withQuery(path(), query));
    expect(body).toMatchObject({ status: 400, code: 'QUERY_INVALID', errors: [{ field: name }] });
    expect(body.detail).toContain(name);
    expect(await held()).toEqual(before);
    const empty = await send(endpoint, withQuery(path(), `${name}=`));
    expect([200, 201, 303, 404]).toContain(empty.status); // users/me of a client without a person is not found
  },
);

test.each(asked.filter(({ how }) => typeof how !== 'string'))(
  '$endpoint honours $name: another answer than without it',
  async ({ path, how, north }) => {
    ofNorth = north ?? (() => []);
    const { query, shows } = how as Honoured;
    const text = typeof query === 'string' ? query : query();
    const all = await shown(path());
    const then = await shown(withQuery(path(), text));
    expect(then).toEqual(shows(all));
    expect(then).not.toEqual(all);
    const name = text.split('=')[0]!;
    // An empty value is an absent one.
    if (name !== 'section_school_codes') expect(await shown(withQuery(path(), `${name}=`))).toEqual(all);
  },
);

test('the walk goes by every endpoint, and by every parameter that its schema has', () => {
  const { database, ledger } = api.world;
  const all = apis({
    database,
    ledger,
    clients: api.clients,
    credentials: createCredentials(database, api.clients, {}),
    roster: openRoster(database),
    signer: signerWith(['']),
    secrets: api.secrets,
    webhooks: api.webhooks,
    prefix: '',
    networks: [],
    onFault: () => undefined,
    log: { warn: () => undefined },
  });
  const { endpoints } = all.find(({ name }) => name === 'schoology')!;
  const has = endpoints.map(({ method, path, schemas }) => [
    `${method} ${path}`,
    Object.keys(schemas?.query?.properties ?? {}).sort(),
  ]);
  const walked = walks.map(({ endpoint, parameters }) => [endpoint, Object.keys(parameters).sort()]);
  expect(walked.sort()).toEqual(has.sort());
});

test('a refusal in XML names the parameter, too', async () => {
  const { status, text } = await api.get('/v1/users?picture_size=sm').set('Accept', 'text/xml');
  expect(status).toBe(400);
  expect(text).toContain(
    '<errors><i><field>picture_size</field><message>must be left out (there are no pictures here)',
  );
});

test('a parameter that comes twice is refused where it is documented', async () => {
  for (const query of ['start=1&start=2', 'include_past=1&include_past=0', 'picture_size=&picture_size='])
    expect((await api.get(`/v1/users/${person()}/sections?${query}`)).status).toBe(400);
});

test('filters of users go together', async () => {
  const ids = async (query: string) =>
    (await api.get(`/v1/users?${query}`).expect(200)).body.user.map(({ id }: { id: number }) => id);
  const { north, middle } = added.schools;
  expect(await ids(`building_id=${north}&role_ids=2`)).toEqual([]);
  expect(await ids(`building_id=${north}&school_id=${middle}`)).toEqual([]);
  expect(await ids(`school_id=${north}&role_ids=1,5`)).toEqual([added.people.emil]);
  expect(await ids(`school_uids=ada,emil&building_id=${north}`)).toEqual([added.people.emil]);
  expect(await ids('role_ids=99')).toEqual([]);
  expect(await ids('building_id=99999999999999999999')).toEqual([]);
  for (const query of ['role_ids=x', 'role_ids=1,,2', 'building_id=x', 'school_id=1.5'])
    expect((await api.get(`/v1/users?${query}`)).body).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
});

test('a value that a parameter cannot have is refused, and the parameter named', async () => {
  const attendance = `/v1/sections/${section()}/attendance`;
  const enrollments = `/v1/sections/${section()}/enrollments`;
  const wrong = {
    [attendance]: ['taken=2', 'taken=true', 'taken=false', 'limit=x', 'start=x', 'end=1', 'enrollment_id=x'],
    [enrollments]: [
      'uid=x',
      'uid=1,x',
      'enrollment_status=9',
      'enrollment_status=1,active',
      'type=teacher',
      'type=admin,',
    ],
    [`/v1/users/${person()}/sections`]: ['include_past=true', 'start=x', 'limit=0'],
    '/v1/gradingperiods': ['startswith=true', 'limit=x'],
  };
  for (const [path, queries] of Object.entries(wrong))
    for (const query of queries) {
      const { status, body } = await api.get(`${path}?${query}`);
      const [field] = query.split('=');
      expect([query, status, body]).toMatchObject([query, 400, { code: 'QUERY_INVALID', errors: [{ field }] }]);
    }
});
