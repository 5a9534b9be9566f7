import { idOn } from '../../../src/days';
import { DAY, errorOf, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
let event: string;
beforeAll(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi, '2025-10-07');
});
afterAll(() => osdi.api.close());

interface Attendance {
  readonly identifiers: string[];
  readonly status?: string;
  readonly attended?: boolean;
  readonly comment?: string;
  readonly _links: Record<string, { href: string }>;
}
interface Page {
  readonly page: number;
  readonly total_pages: number;
  readonly total_records: number;
  readonly _links: Record<string, { href: string }>;
  readonly _embedded: { 'osdi:attendances': Attendance[] };
}

const items = (body: Page) => body._embedded['osdi:attendances'];
const id = (enrollment: number, date = '2025-10-07') => `rollbook:${idOn(enrollment, date)}`;
const ids = (body: Page) => items(body).map(({ identifiers }) => identifiers[0]);
const day = (date: string) => `/events/${idOn(osdi.api.world.sections.algebra, date)}`;
const filtered = (path: string, filter: string) => osdi.get(`${path}?filter=${encodeURIComponent(filter)}`);

test('of a meeting that is not taken: every enrolled student, and nothing said of them', async () => {
  const { world, url } = osdi.api;
  const { ada, grace, alan, katherine } = world.enrollments;
  const { status, body } = await osdi.get(`${event}/attendances`);
  expect(status).toBe(200);
  expect(ids(body)).toEqual([ada, grace, alan, katherine].map((enrollment) => id(enrollment)));
  expect(body).toMatchObject({ total_pages: 1, per_page: 25, page: 1, total_records: 4 });
  const at = `${url}/osdi/api/v1`;
  const self = { href: `${at}${event}/attendances/${idOn(ada, '2025-10-07')}` };
  expect(items(body)[0]).toEqual({
    identifiers: [id(ada)],
    origin_system: 'rollbook',
    created_date: (await osdi.get(event)).body.created_date,
    modified_date: (await osdi.get(event)).body.created_date,
    _links: {
      self,
      'osdi:event': { href: `${at}${event}` },
      'osdi:person': { href: `${at}/people/${world.people.ada}` },
    },
  });
  expect(body._links['osdi:attendances'][0]).toEqual(self);
  // Clients take the first; some know it by the name of one.
  expect(Object.keys(body._embedded)).toEqual(['osdi:attendances', 'osdi:attendance']);
  expect(body._embedded['osdi:attendance']).toEqual(items(body));
  expect(body._links['osdi:attendance']).toEqual(body._links['osdi:attendances']);
});

test('of a meeting that is taken: the roster of that day, implied present included', async () => {
  const { ada, grace, katherine } = osdi.api.world.enrollments;
  await osdi.api.mark([grace, '2025-10-02', 4, 'dentist'], [ada, '2025-10-02', 3]);
  const { body } = await osdi.get(`${day('2025-10-02')}/attendances`);
  expect(body.total_records).toBe(3); // Alan comes on the 6th, Noether teaches
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(items(body)).toEqual([
    expect.objectContaining({
      identifiers: [id(ada, '2025-10-02')],
      status: 'late',
      attended: true,
      action_date: instant,
    }),
    expect.objectContaining({ status: 'excused', attended: false, comment: 'dentist', created_date: instant }),
    expect.objectContaining({ identifiers: [id(katherine, '2025-10-02')], status: 'accepted', attended: true }),
  ]);
  expect(items(body)[0]).not.toHaveProperty('comment');
});

test('the same attendance under its event and under its person', async () => {
  const { world } = osdi.api;
  const attendance = idOn(world.enrollments.ada, '2025-10-07');
  const one = await osdi.get(`${event}/attendances/${attendance}`);
  const other = await osdi.get(`/people/${world.people.ada}/attendances/${attendance}`);
  expect(one.body._links.self.href).toMatch(`${event}/attendances/${attendance}`);
  expect([other.status, other.body]).toEqual([200, one.body]);
  expect(one.body._links.curies).toEqual([expect.objectContaining({ name: 'osdi' })]);
});

test("a person's are those of all their sections", async () => {
  const { world } = osdi.api;
  const { ada, adaInBiology, eve } = world.enrollments;
  await scheduled(osdi, '2025-10-09', world.sections.biology);
  const { body } = await osdi.get(`/people/${world.people.ada}/attendances`);
  expect(ids(body)).toEqual([id(ada, '2025-10-02'), id(ada), id(adaInBiology, '2025-10-09')]);
  const mendel = await osdi.as({ person: world.people.mendel });
  expect(ids((await mendel.get(`/people/${world.people.ada}/attendances`)).body)).toEqual([
    id(adaInBiology, '2025-10-09'),
  ]);
  const hidden = [
    `${event}/attendances/${idOn(eve, '2025-10-07')}`,
    `${event}/attendances/${idOn(ada, '2025-10-02')}`, // of another event
    `${event}/attendances/${idOn(world.enrollments.noether, '2025-10-07')}`,
    `${event}/attendances/99999999999`,
    `${event}/attendances/x`,
    `/people/${world.people.grace}/attendances/${idOn(ada, '2025-10-07')}`, // of another person
  ];
  for (const path of hidden) expect([path, (await osdi.get(path)).status]).toEqual([path, 404]);
});

describe('pages', () => {
  test.each(['/attendances', '/attendances/'])('of %s lead on to the end and back', async (path) => {
    const walk = async (from: string, rel: string) => {
      const pages: string[][] = [];
      for (let at: string | undefined = from; at; ) {
        const { status, body }: { status: number; body: Page } = await osdi.get(at);
        expect([status, body.total_records, body.total_pages]).toEqual([200, 4, 2]);
        pages.push(ids(body) as string[]);
        at = body._links[rel]?.href;
      }
      return pages;
    };
    const { ada, grace, alan, katherine } = osdi.api.world.enrollments;
    const [first, second] = [[ada, grace, alan], [katherine]].map((page) => page.map((enrollment) => id(enrollment)));
    expect(await walk(`${event}${path}?per_page=3`, 'next')).toEqual([first, second]);
    expect(await walk(`${event}${path}?page=2&per_page=3`, 'previous')).toEqual([second, first]);
    expect(await walk(`${event}${path}?page=2&per_page=3`, 'prev')).toEqual([second, first]);
  });

  test('keep their size and filter, and say their number', async () => {
    const { body } = await osdi.get(`${event}/attendances?per_page=1&filter=${encodeURIComponent("comment eq ''")}`);
    const query = new URL(body._links.next.href).searchParams;
    expect([query.get('page'), query.get('per_page'), query.get('filter')]).toEqual(['2', '1', "comment eq ''"]);
    const { body: next } = await osdi.get(body._links.next.href);
    expect([next.page, next.total_pages, ids(next)]).toEqual([2, 4, [id(osdi.api.world.enrollments.grace)]]);
    expect(next._links.self.href).toBe(body._links.next.href);
  });

  test('show each attendance once while others come and go', async () => {
    const { enrollments } = osdi.api.world;
    const { body } = await osdi.get(`${event}/attendances?per_page=2`);
    const { knex } = osdi.api.world.database;
    await knex('enrollments').where({ id: enrollments.ada }).update({ end_date: '2025-10-07' });
    try {
      const { body: next } = await osdi.get(body._links.next.href);
      expect(ids(next)).toEqual([id(enrollments.alan), id(enrollments.katherine)]);
      expect(next.total_records).toBe(3);
      const { body: last } = await osdi.get(`${event}/attendances?page=2&per_page=2`);
      await knex('enrollments').where({ id: enrollments.ada }).update({ end_date: '2026-06-12' });
      const { body: first } = await osdi.get(last._links.previous.href);
      expect([first.page, ids(first)]).toEqual([1, [id(enrollments.grace), id(enrollments.alan)]]);
      const { body: before } = await osdi.get(first._links.previous.href);
      expect([before.page, ids(before)]).toEqual([1, [id(enrollments.ada)]]);
      expect(before._links).not.toHaveProperty('previous');
    } finally {
      await knex('enrollments').where({ id: enrollments.ada }).update({ end_date: '2026-06-12' });
    }
  });

  test.each([
    ['page=3&per_page=2', 'page=2'],
    ['page=999999999999999&per_page=1000', 'page=1'],
  ])('past the end are empty, and lead back: %s', async (query, last) => {
    const { status, body } = await osdi.get(`${event}/attendances?${query}`);
    expect([status, items(body), body.total_records]).toEqual([200, [], 4]);
    expect(body._links).not.toHaveProperty('next');
    expect(body._links['osdi:attendances']).toEqual([]);
    expect(body._links.previous.href).toContain(`?${last}&`);
    expect(items((await osdi.get(body._links.previous.href)).body)).not.toEqual([]);
  });

  test.each([
    ['per_page=100000', 1_000],
    ['per_page=1000', 1_000],
    ['per_page=', 25],
    ['', 25],
  ])('with %s have %i items at most', async (query, size) => {
    const { status, body } = await osdi.get(`${event}/attendances?${query}`);
    expect([status, body.per_page]).toEqual([200, size]);
  });

  test.each([
    ['page=0', 'page'],
    ['page=x', 'page'],
    ['page=-1', 'page'],
    ['page=1.5', 'page'],
    ['page=1e3', 'page'],
    ['page=9999999999999999', 'page'],
    ['page=%00', 'page'],
    ['page=1&page=2', 'page'],
    ['per_page=0', 'per_page'],
    ['per_page=many', 'per_page'],
    ['after=x', 'after'],
    ['before=0', 'before'],
    ['after=1&before=2', 'before'],
  ])('with %s are refused', async (query, field) => {
    for (const path of [`${event}/attendances`, '/people', '/events']) {
      const { status, body } = await osdi.get(`${path}?${query}`);
      expect([status, errorOf(body)]).toEqual([400, expect.objectContaining({ properties: [field] })]);
    }
  });

  test('of people and of events are walked the same way', async () => {
    await scheduled(osdi, '2025-10-08');
    for (const [path, rel] of [
      ['/people', 'osdi:people'],
      ['/events', 'osdi:events'],
    ] as const) {
      const whole = (await osdi.get(path)).body._embedded[rel];
      const walked: unknown[] = [];
      let last = '';
      for (let at: string | undefined = `${path}?per_page=2`; at; ) {
        const { body }: { body: Record<string, never> } = await osdi.get(at);
        walked.push(...(body._embedded![rel] as unknown[]));
        last = at;
        at = (body._links as unknown as Page['_links']).next?.href;
      }
      expect(walked).toEqual(whole);
      const back: unknown[] = [];
      for (let at: string | undefined = last; at; ) {
        const { body }: { body: Record<string, never> } = await osdi.get(at);
        back.unshift(...(body._embedded![rel] as unknown[]));
        at = (body._links as unknown as Page['_links']).prev?.href;
      }
      expect(back).toEqual(whole);
    }
  });
});

describe('filters', () => {
  beforeAll(async () => {
    const { ada, grace, alan, katherine } = osdi.api.world.enrollments;
    await osdi.api.mark([ada, DAY, 2, "it's flu"], [grace, DAY, 3, 'bus'], [katherine, DAY, 1]);
    await osdi.api.mark([alan, '2025-10-06', 4]);
    const { body } = await osdi.get(`${day(DAY)}/attendances`);
    await osdi.put(items(body)[2]!._links.self!.href).send({
      status: 'tentative',
      action_date: '2025-09-30T23:30:00-05:00',
      origin_system: 'OpenSupporter',
      identifiers: ['foreign_system:9', 'quoted:"\\'],
    });
  });

  test.each([
    ["status eq 'absent'", ['ada']],
    ["status ne 'absent'", ['grace', 'katherine']],
    ["status eq 'tentative'", ['katherine']],
    ['attended eq true', ['grace', 'katherine']],
    ['attended ne true', ['ada']],
    ['attended eq false', ['ada']],
    ["comment eq 'it''s flu'", ['ada']],
    ["comment gt ''", ['ada', 'grace']],
    ["status eq 'late' or status eq 'absent' and comment eq 'none'", ['grace']],
    ["(status eq 'late' or status eq 'absent') and comment eq 'none'", []],
    ["((status eq 'late'))or(attended eq false)", ['ada', 'grace']],
    ["action_date eq '2025-10-01T04:30:00Z'", ['katherine']],
    ["action_date lt '2025-10-01'", []],
    ["action_date ge '2025-10-02'", ['ada', 'grace']],
    ["created_date ge '2025-10-02' and modified_date ge '2025-10-02'", ['ada', 'grace', 'katherine']],
    ["origin_system eq 'OpenSupporter'", ['katherine']],
    ["identifier eq 'foreign_system:9'", ['katherine']],
    ["identifiers eq 'foreign_system:9' or status eq 'late'", ['grace', 'katherine']],
    ["identifier ne 'foreign_system:9'", ['ada', 'grace']],
    ["identifier eq 'foreign_system:' or identifier eq '%'", []],
    ["  origin_system   le 'rollbook' ", ['ada', 'grace', 'katherine']],
  ] as const)('%s', async (filter, expected) => {
    const { status, body } = await filtered(`${day(DAY)}/attendances`, filter);
    const { enrollments } = osdi.api.world;
    expect([status, ids(body)]).toEqual([200, expected.map((name) => id(enrollments[name], DAY))]);
    expect(body.total_records).toBe(expected.length);
  });

  test('by identifier find an attendance of a person too, and by our own', async () => {
    const { people, enrollments } = osdi.api.world;
    const found = async (filter: string) =>
      ids((await filtered(`/people/${people.katherine}/attendances`, filter)).body);
    const katherine = id(enrollments.katherine, DAY);
    for (const identifier of ['foreign_system:9', 'quoted:"\\', katherine])
      expect(await found(`identifier eq '${identifier}'`)).toEqual([katherine]);
    expect(await found(`identifier eq '${id(enrollments.ada, DAY)}'`)).toEqual([]);
  });

  test('of a person go through all their meetings', async () => {
    const { body } = await filtered(`/people/${osdi.api.world.people.ada}/attendances`, 'attended eq false');
    expect(ids(body)).toEqual([id(osdi.api.world.enrollments.ada, DAY)]);
  });
});

test('a client of another district sees none of it', async () => {
  const theirs = await osdi.as({ district: osdi.api.world.districts.elsewhere });
  const { body } = await osdi.get(`${event}/attendances`);
  const paths = [
    event,
    `${event}/attendances`,
    new URL(items(body)[0]!._links.self!.href).pathname.slice('/osdi/api/v1'.length),
  ];
  for (const path of paths) expect([path, (await theirs.get(path)).status]).toEqual([path, 404]);
});
