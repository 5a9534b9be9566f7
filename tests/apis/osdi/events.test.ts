import { idOn } from '../../../src/days';
import { DAY, errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
beforeEach(async () => {
  osdi = await openOsdi();
});
afterEach(() => osdi.api.close());

const algebra = () => osdi.api.world.sections.algebra;
const schedule = (body: unknown) => osdi.post('/events').send(body as object);
const ofSection = (section: number | string, more: object) =>
  schedule({ identifiers: ['foreign_system:1', `rollbook:section:${section}`], ...more });

test('an event is a meeting, with every field and link of it', async () => {
  const { world, url, mark } = osdi.api;
  await mark([world.enrollments.ada, DAY, 3], [world.enrollments.grace, DAY, 2]);
  const id = idOn(algebra(), DAY);
  const { status, headers, body } = await osdi.get(`/events/${id}`);
  const at = `${url}/osdi/api/v1`;
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(status).toBe(200);
  expect(headers.etag).toMatch(/^"[0-9a-f]{16}\.\d+\.hal\+json\.gzip"$/);
  expect(body).toEqual({
    identifiers: [`rollbook:${id}`],
    origin_system: 'rollbook',
    created_date: instant,
    modified_date: instant,
    name: 'ALG',
    title: 'Algebra',
    status: 'confirmed',
    all_day: true,
    all_day_date: DAY,
    total_accepted: 2, // Ada, who was late, and Katherine, who has no mark; Alan is not yet there
    _links: {
      self: { href: `${at}/events/${id}` },
      'osdi:attendances': { href: `${at}/events/${id}/attendances` },
      'osdi:attendance': { href: `${at}/events/${id}/attendances` },
      'osdi:record_attendance_helper': { href: `${at}/events/${id}/record_attendance_helper` },
      'osdi:creator': { href: `${at}/people/${world.people.noether}` },
      curies: [{ name: 'osdi', href: `${at}/docs/{rel}`, templated: true }],
    },
  });
  expect((await osdi.get(body._links['osdi:creator'].href)).body.family_name).toBe('Noether');
});

test('POST schedules a meeting whose roll is not taken, once', async () => {
  const made = await ofSection(algebra(), { all_day_date: DAY, title: 'not kept' });
  expect(made.status).toBe(201);
  expect(made.headers.location).toBe(made.body._links.self.href);
  expect(made.body).toMatchObject({ all_day_date: DAY, title: 'Algebra', total_accepted: 0 });
  expect(made.body.modified_date).toBe(made.body.created_date);
  const before = await everything(osdi);
  const again = await ofSection(algebra(), { all_day_date: DAY });
  expect([again.status, again.body]).toEqual([200, made.body]);
  expect(await everything(osdi)).toEqual(before);
  const { world } = osdi.api;
  const { district } = world.actor;
  expect(await world.ledger.meetings({ district, section: algebra() })).toEqual([
    { section_id: algebra(), date: DAY, taken_at: null },
  ]);
  expect(await world.ledger.history({ district })).toEqual([
    expect.objectContaining({
      section_id: algebra(),
      date: DAY,
      enrollment_id: null,
      api: 'osdi',
      to_comment: 'scheduled',
    }),
  ]);
});

test('a meeting whose roll is taken stays taken when it is scheduled again', async () => {
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, 2]);
  const before = await everything(osdi);
  const { status, body } = await ofSection(algebra(), { all_day_date: DAY });
  expect([status, body.total_accepted]).toEqual([200, 2]);
  expect(await everything(osdi)).toEqual(before);
});

test.each([
  ['2025-10-20', '2025-10-20'],
  ['2025-10-20T14:00:00Z', '2025-10-20'],
  ['2025-10-21T03:00:00Z', '2025-10-20'], // ten in the evening in Chicago
  ['2025-10-20T23:30:00-05:00', '2025-10-20'],
])('start_date %s is the day %s where the school is', async (start_date, day) => {
  const { status, body } = await ofSection(algebra(), { start_date });
  expect([status, body.all_day_date]).toEqual([201, day]);
});

test.each([
  ['a list', [], 400, 'BODY_INVALID'],
  ['nothing', {}, 400, 'IDENTIFIERS_MISSING'],
  [
    'identifiers that are no list',
    { identifiers: 'rollbook:section:1', all_day_date: DAY },
    400,
    'IDENTIFIERS_INVALID',
  ],
  ['no section', { identifiers: ['rollbook:1'], all_day_date: DAY }, 400, 'IDENTIFIERS_INVALID'],
  [
    'two sections',
    { identifiers: ['rollbook:section:1', 'rollbook:section:2'], all_day_date: DAY },
    400,
    'IDENTIFIERS_INVALID',
  ],
  ['a section that is not', { identifiers: ['rollbook:section:999999'], all_day_date: DAY }, 404, 'NOT_FOUND'],
  ['a section that is no id', { identifiers: ['rollbook:section:x'], all_day_date: DAY }, 404, 'NOT_FOUND'],
])('POST of %s is refused', async (_what, body, expected, code) => {
  const before = await everything(osdi);
  const answer = await schedule(body);
  expect([answer.status, errorOf(answer.body)]).toEqual([expected, expect.objectContaining({ error_code: code })]);
  expect(await everything(osdi)).toEqual(before);
});

test.each([
  ['no day', {}, 'ALL_DAY_DATE_MISSING_OR_INVALID'],
  ['a day that is not', { all_day_date: '2025-02-30' }, 'ALL_DAY_DATE_INVALID'],
  ['a day beyond the ids', { all_day_date: '2300-01-01' }, 'ALL_DAY_DATE_INVALID'],
  ['a day with an hour', { all_day_date: '2025-10-20T00:00:00Z' }, 'ALL_DAY_DATE_INVALID'],
  ['a number', { all_day_date: 20251020 }, 'ALL_DAY_DATE_INVALID'],
  ['an instant that is not', { start_date: '2025-10-20T25:00:00Z' }, 'START_DATE_INVALID'],
  ['an instant before all ids', { start_date: '1969-01-01T00:00:00Z' }, 'START_DATE_INVALID'],
  ['a NUL character', { start_date: '2025-10-20\0' }, 'START_DATE_INVALID'],
])('POST with %s is 400, and says which field', async (_what, more, code) => {
  const before = await everything(osdi);
  const { status, body } = await ofSection(algebra(), more);
  const named = code.replace('_MISSING_OR', '');
  expect([status, errorOf(body)]).toEqual([
    400,
    expect.objectContaining({ error_code: named, hint: expect.any(String) }),
  ]);
  expect(body['osdi:error'].resource_status[0].resource).toBe('osdi:event');
  expect(await everything(osdi)).toEqual(before);
});

test('a start_date without a time zone is 400, and says so', async () => {
  const before = await everything(osdi);
  const { status, body } = await ofSection(algebra(), { start_date: '2025-10-20T10:00:00' });
  const right = 'must say its time zone, like Z for UTC or -05:00';
  expect([status, errorOf(body)]).toEqual([
    400,
    expect.objectContaining({
      description: `start_date ${right}, not "2025-10-20T10:00:00"`,
      properties: ['start_date'],
    }),
  ]);
  expect(await everything(osdi)).toEqual(before);
});

test('events of another district, and meetings that are not, are not found', async () => {
  const { sections } = osdi.api.world;
  await osdi.api.world.ledger.schedule(sections.elsewhere, DAY, {
    ...osdi.api.world.actor,
    district: osdi.api.world.districts.elsewhere,
  });
  for (const id of [idOn(sections.elsewhere, DAY), idOn(algebra(), DAY), 0, -1, 1, 'x', '1e3', '99999999999999999999'])
    for (const path of [`/events/${id}`, `/events/${id}/attendances`])
      expect([path, (await osdi.get(path)).status]).toEqual([path, 404]);
  expect((await osdi.get('/events')).body.total_records).toBe(0);
  expect((await ofSection(sections.elsewhere, { all_day_date: DAY })).status).toBe(404);
});

test('a client bound to a teacher sees and schedules the meetings of their sections alone', async () => {
  const { sections, people } = osdi.api.world;
  await scheduled(osdi);
  await scheduled(osdi, DAY, sections.biology);
  const mendel = await osdi.as({ person: people.mendel });
  const { body } = await mendel.get('/events');
  expect(body._embedded['osdi:events'].map(({ title }: { title: string }) => title)).toEqual(['Biology']);
  expect((await mendel.get(`/events/${idOn(sections.algebra, DAY)}`)).status).toBe(404);
  expect((await mendel.get(`/events/${idOn(sections.algebra, DAY)}/attendances`)).status).toBe(403);
  const before = await everything(osdi);
  const refused = await mendel
    .post('/events')
    .send({ identifiers: [`rollbook:section:${sections.algebra}`], all_day_date: '2025-10-02' });
  expect(refused.status).toBe(403);
  expect(await everything(osdi)).toEqual(before);
});

test('events are listed by section and day, and filtered by their fields', async () => {
  const { sections } = osdi.api.world;
  for (const day of ['2025-10-03', '2025-10-01', '2025-10-02']) {
    await scheduled(osdi, day);
    await scheduled(osdi, day, sections.biology);
  }
  await osdi.api.mark([osdi.api.world.enrollments.ada, '2025-10-02', 1]);
  const days = async (filter: string) => {
    const { status, body } = await osdi.get(`/events?filter=${encodeURIComponent(filter)}`);
    expect(status).toBe(200);
    expect(body.total_records).toBe(body._embedded['osdi:events'].length);
    return body._embedded['osdi:events'].map((event: Record<string, string>) => `${event.name} ${event.all_day_date}`);
  };
  expect(await days("title eq 'Algebra'")).toEqual(['ALG 2025-10-01', 'ALG 2025-10-02', 'ALG 2025-10-03']);
  expect(await days("all_day_date ge '2025-10-02' and name ne 'ALG'")).toEqual(['BIO 2025-10-02', 'BIO 2025-10-03']);
  expect(await days('total_accepted gt 0')).toEqual(['ALG 2025-10-02']);
  expect(await days("created_date lt '2020-01-01T00:00:00Z'")).toEqual([]);
  const id = idOn(sections.algebra, '2025-10-02');
  expect(await days(`identifiers eq 'rollbook:${id}' or identifier eq 'foreign:1'`)).toEqual(['ALG 2025-10-02']);
  expect(await days(`identifier ne 'rollbook:${id}' and name eq 'ALG'`)).toEqual(['ALG 2025-10-01', 'ALG 2025-10-03']);
  expect(await days("all_day eq false or status ne 'confirmed' or origin_system eq 'x' or description eq 'x'")).toEqual(
    [],
  );
});
