import type { TSchema } from '@sinclair/typebox';
import { AttendanceBody } from '../../../schemas/osdi/attendances';
import { EventBody } from '../../../schemas/osdi/events';
import { AttendancesQuery, EventsQuery, PeopleQuery, ResourceQuery } from '../../../schemas/osdi/parts';
import { InlinePerson } from '../../../schemas/osdi/people';
import { idOn } from '../../../src/days';
import { BASE, DAY, errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

/*
 * The walk through what OSDI's pages document, at each endpoint that has it. Each parameter of a query and each field of a
 * filter is honoured, which an answer shows, or refused with a 400 that names it. So is each field of a body; or it is taken,
 * and not kept: nothing is changed but what is said beside it.
 */

let osdi: Osdi;
let event: string;
/** Ada's attendance of the event, under the event and under herself. */
let ada: readonly [ofEvent: string, ofPerson: string];
let paths: Record<'person' | 'attendances' | 'ofPerson', string>;
beforeAll(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
  const { people, enrollments, districts, database } = osdi.api.world;
  const own = idOn(enrollments.ada, DAY);
  paths = {
    person: `/people/${people.ada}`,
    attendances: `${event}/attendances`,
    ofPerson: `/people/${people.ada}/attendances`,
  };
  ada = [`${paths.attendances}/${own}`, `${paths.ofPerson}/${own}`];
  await database.knex('osdi_identifiers').insert({
    district_id: districts.larkspur,
    identifier: 'foreign_system:1',
    local_part: '1',
    person_id: people.ada,
  });
  await database.knex('people').where({ id: people.ada }).update({ modified_at: '2026-01-02T03:04:05.000Z' });
});
afterAll(() => osdi.api.close());

/** What README.md and the pages of resources document, in the order of this file. */
const queryParameters = ['page', 'per_page', 'filter', '$expand'];
/** Of OData, which README.md points to. */
const odata = ['$filter', '$orderby', '$select', '$top', '$skip', '$count', '$search', '$format'];
/** Our own, which stand in links. */
const places = ['after', 'before'];
const readOnly = ['created_date', 'modified_date'];

const propertiesOf = (schema: TSchema) => Object.keys(schema.properties);
const refusedBy = (name: string) => expect.objectContaining({ properties: [name] });

/** All that is kept, but for when. */
const kept = async (): Promise<unknown> =>
  JSON.parse(
    JSON.stringify(await everything(osdi), (name, value: unknown) => (name.endsWith('_at') ? undefined : value)),
  );
/** What a field that is not kept may be. */
const whatever = [['x'], { x: [1] }, 'x', 7, true, null];

describe('parameters of a query', () => {
  test('are those that the schemas have', () => {
    const all = [...queryParameters, ...odata, ...places].sort();
    for (const query of [PeopleQuery, EventsQuery, AttendancesQuery, ResourceQuery])
      expect(propertiesOf(query).sort()).toEqual(all);
  });

  const collections = ['people', 'events', 'attendances', 'ofPerson'] as const;
  const at = (name: (typeof collections)[number] | 'event' | 'person' | 'one' | 'entry' | 'docs') =>
    ({
      people: '/people',
      events: '/events',
      event,
      one: ada[0],
      entry: '/',
      docs: '/docs/person',
      ...paths,
    })[name];

  test.each(collections)('page, per_page and filter change what %s answers', async (name) => {
    for (const date of ['2025-10-02', '2025-10-03']) await scheduled(osdi, date);
    const whole = (await osdi.get(at(name))).body;
    expect(whole.total_records).toBeGreaterThan(1);
    const page = (await osdi.get(`${at(name)}?page=2&per_page=1`)).body;
    expect([page.page, page.per_page, page.total_pages]).toEqual([2, 1, whole.total_records]);
    expect(Object.values<object[]>(page._embedded)[0]).toEqual([Object.values<object[]>(whole._embedded)[0]![1]]);
    const none = (await osdi.get(`${at(name)}?filter=identifier%20eq%20'rollbook:999'`)).body;
    expect([none.total_records, Object.values(none._embedded)[0]]).toEqual([0, []]);
  });

  test.each([...collections, 'event', 'person', 'one', 'entry', 'docs'] as const)(
    'those that are not honoured are refused by %s, each by its name',
    async (name) => {
      const isCollection = (collections as readonly string[]).includes(name);
      const refused = [...odata, '$expand', ...(isCollection ? [] : ['page', 'per_page', 'filter', ...places])];
      for (const parameter of refused) {
        const { status, body } = await osdi.get(`${at(name)}?${parameter}=osdi:attendances`);
        expect([parameter, status, errorOf(body)]).toEqual([parameter, 400, refusedBy(parameter)]);
        const empty = await osdi.get(`${at(name)}?${parameter}=`);
        expect([parameter, empty.status]).toEqual([parameter, 200]);
      }
    },
  );

  test.each([...collections, 'event', 'person', 'one', 'entry', 'docs'] as const)(
    'those that are written in other letters, capital or small, are refused by %s',
    async (name) => {
      const capital = (parameter: string) => parameter.replace(/[a-z]/, (letter) => letter.toUpperCase());
      for (const parameter of [...queryParameters, ...odata, ...places])
        for (const other of [capital(parameter), parameter.toUpperCase()]) {
          const { status, body } = await osdi.get(`${at(name)}?${other}=1`);
          expect([other, status, errorOf(body)]).toEqual([
            other,
            400,
            expect.objectContaining({ properties: [other], description: `${other} is called ${parameter} here` }),
          ]);
          expect([other, (await osdi.get(`${at(name)}?${other}=`)).status]).toEqual([other, 200]);
        }
      // What OSDI does not have is ignored.
      expect((await osdi.get(`${at(name)}?utm_source=x&filters=x`)).status).toBe(200);
    },
  );
});

describe('parameters of a query of a write', () => {
  const said = { status: 'late', comment: 'by a write' };
  /** Each would change something, were its query another one. */
  const writes: Record<string, (query: string) => Promise<{ status: number; body: never }>> = {
    'POST of an event': (query) =>
      osdi.post(`/events${query}`).send({
        identifiers: [`rollbook:section:${osdi.api.world.sections.algebra}`],
        all_day_date: '2025-10-20',
      }) as never,
    'POST to an event': (query) => osdi.post(paths.attendances + query).send({ ...linked(), ...said }) as never,
    'POST to a person': (query) => osdi.post(paths.ofPerson + query).send({ ...toEvent(), ...said }) as never,
    'POST to the helper': (query) =>
      osdi
        .post(`${event}/record_attendance_helper${query}`)
        .send({ person: { identifiers: ['foreign_system:1'] }, attended: true, comment: 'by a write' }) as never,
    'PUT under an event': (query) => osdi.put(ada[0] + query).send(said) as never,
    'PATCH under a person': (query) => osdi.patch(ada[1] + query).send(said) as never,
    'DELETE under a person': (query) => osdi.delete(ada[1] + query) as never,
    'DELETE under an event': (query) => osdi.delete(ada[0] + query) as never,
  };
  beforeEach(async () => {
    await osdi.put(ada[0]).send({ status: 'tentative', comment: 'before' }).expect(200);
  });

  test.each(Object.keys(writes))('are refused by a %s, each by its name, and nothing is changed', async (name) => {
    const before = await everything(osdi);
    for (const parameter of [...queryParameters, ...odata, ...places, 'Filter', '$EXPAND']) {
      const { status, body } = await writes[name]!(`?${parameter}=x`);
      expect([parameter, status, errorOf(body)]).toEqual([parameter, 400, refusedBy(parameter)]);
      expect(await everything(osdi)).toEqual(before);
    }
    expect([200, 201]).toContain((await writes[name]!('?filter=&utm_source=mail')).status);
    expect(await everything(osdi)).not.toEqual(before);
  });
});

/** Of each documented field: a comparison that Ada, her attendance or its event meets, and one that it does not. */
const met: Record<string, Record<string, readonly [yes: () => string, no: string]>> = {
  '/people': {
    identifier: [() => "eq 'foreign_system:1'", "eq 'foreign_system:2'"],
    identifiers: [() => `eq 'rollbook:${osdi.api.world.people.ada}'`, "eq 'rollbook:999'"],
    given_name: [() => "eq 'Ada'", "eq 'Bob'"],
    family_name: [() => "eq 'Lovelace'", "eq 'Bob'"],
    additional_name: [() => "eq ''", "eq 'Bob'"],
    email_address: [() => "eq 'ADA@example.org'", "eq 'bob@example.org'"],
    email: [() => "eq 'ada@example.org'", "eq 'bob@example.org'"],
    'email_addresses/address': [() => "eq 'ada@example.org'", "eq 'bob@example.org'"],
    modified_date: [() => 'eq 2026-01-02T03:04:05Z', "gt '2026-01-02T03:04:05Z'"],
    'custom_fields.role': [() => "eq 'student'", "eq 'bob'"],
    'custom_fields.active': [() => 'eq true', 'ne true'],
  },
  '/events': {
    identifier: [() => `eq 'rollbook:${idOn(osdi.api.world.sections.algebra, DAY)}'`, "eq 'rollbook:999'"],
    identifiers: [() => `eq 'rollbook:${idOn(osdi.api.world.sections.algebra, DAY)}'`, "eq 'foreign_system:1'"],
    origin_system: [() => "eq 'rollbook'", "eq 'x'"],
    created_date: [() => 'gt 2020-01-01T00:00:00Z', "lt '2020-01-01T00:00:00Z'"],
    modified_date: [() => "gt '2020-01-01T00:00:00Z'", 'lt 2020-01-01'],
    name: [() => "eq 'ALG'", "eq 'x'"],
    title: [() => "eq 'Algebra'", "eq 'x'"],
    description: [() => "eq ''", "eq 'x'"],
    status: [() => "eq 'confirmed'", "eq 'tentative'"],
    all_day: [() => 'eq true', 'eq false'],
    all_day_date: [() => `eq ${DAY}`, "eq '2025-09-30'"],
    total_accepted: [() => 'ge 0', 'gt 4'],
  },
  attendances: {
    identifier: [() => `eq 'rollbook:${idOn(osdi.api.world.enrollments.ada, DAY)}'`, "eq 'rollbook:999'"],
    identifiers: [() => "eq 'walk:1'", "eq 'walk:2'"],
    origin_system: [() => "eq 'Walk'", "eq 'x'"],
    created_date: [() => 'gt 2020-01-01T00:00:00Z', "lt '2020-01-01T00:00:00Z'"],
    modified_date: [() => "gt '2020-01-01T00:00:00Z'", 'lt 2020-01-01'],
    action_date: [() => 'eq 2014-03-18T11:02:15Z', "gt '2014-03-18T11:02:15Z'"],
    status: [() => "eq 'late'", "eq 'accepted'"],
    attended: [() => 'eq true', 'eq false'],
    comment: [() => "eq 'bus'", "eq 'x'"],
  },
};

/** Documented, and nothing here has it: it cannot be filtered by. */
const unmet: Record<string, readonly string[]> = {
  '/people': [
    ...['phone_number', 'postal_code', 'region', 'created_date', 'honorific_prefix', 'gender', 'birthdate/month'],
    ...['party_identification', 'parties/identification', 'source', 'ethnicities', 'languages_spoken', 'employer'],
    ...['phone_numbers/number', 'postal_addresses/region', 'profiles/id', 'occupation', 'preferred_language'],
  ],
  '/events': [
    ...['summary', 'browser_url', 'type', 'total_tickets', 'total_amount', 'instructions', 'start_date', 'end_date'],
    ...['capacity', 'transparence', 'visibility', 'location/region', 'contact/name', 'timezone_identifier'],
  ],
  attendances: ['referrer_data/source', 'tickets/title', 'person/family_name'],
};

describe.each(Object.keys(met))('fields of a filter of %s', (collection) => {
  const path = () => (collection === 'attendances' ? paths.attendances : collection);
  const found = async (filter: string) => {
    const { status, body } = await osdi.get(`${path()}?filter=${encodeURIComponent(filter)}`);
    return status === 200 ? (body.total_records as number) : errorOf(body);
  };
  beforeAll(async () => {
    const sent = { identifiers: ['walk:1'], origin_system: 'Walk', action_date: '2014-03-18T11:02:15Z' };
    await osdi
      .put(ada[0])
      .send({ ...sent, status: 'late', comment: 'bus' })
      .expect(200);
  });

  test.each(Object.entries(met[collection]!))('%s finds what has it, and nothing else', async (field, [yes, no]) => {
    expect([await found(`${field} ${yes()}`), await found(`${field} ${no}`)]).toEqual([expect.any(Number), 0]);
    expect(await found(`${field} ${yes()}`)).toBeGreaterThan(0);
  });

  test.each(unmet[collection]!)('%s is refused by its name', async (field) => {
    expect(await found(`${field} eq 'x'`)).toMatchObject({
      error_code: 'FILTER_INVALID',
      description: expect.stringContaining(field.replaceAll('/', '.')),
    });
  });

  test.each(["comment like 'x'", "given_name re '/[Rr]ob/'", "near('10011', '5 miles')"])(
    'the optional %s is refused',
    async (filter) => {
      expect(await found(filter)).toMatchObject({ error_code: 'FILTER_INVALID' });
    },
  );
});

/** What a body can say, and what it comes to. */
const honoured: Record<string, readonly [sent: unknown, shown: object]> = {
  identifiers: [['walk:7'], { identifiers: ['...', 'walk:7'] }],
  origin_system: ['OpenSupporter', { origin_system: 'OpenSupporter' }],
  action_date: ['2014-03-18T11:02:15-05', { action_date: '2014-03-18T16:02:15Z' }],
  status: ['tentative', { status: 'tentative' }],
  attended: [true, { attended: true }],
  comment: ['Looking forward to it!', { comment: 'Looking forward to it!' }],
  invited_by: [null, { identifiers: expect.anything() }],
  'osdi:invited_by': [null, { identifiers: expect.anything() }],
  'osdi:control': [{ return_response: false }, { identifiers: expect.anything() }],
};
/** What is taken, and not kept. */
const functions = [
  ...['add_tags', 'add_tags_uri', 'add_lists', 'add_lists_uri', 'add_questions_responses_uri', 'triggers'],
  ...['referrer_data', 'tickets'],
];
const details = propertiesOf(InlinePerson).filter(
  (name) => !['identifiers', 'given_name', 'additional_name', 'family_name', 'email_addresses'].includes(name),
);

const endpoints: Record<string, (body: object) => Promise<{ status: number; body: never }>> = {
  'POST to an event': (body) => osdi.post(paths.attendances).send({ ...linked(), ...body }) as never,
  'POST to a person': (body) => osdi.post(paths.ofPerson).send({ ...toEvent(), ...body }) as never,
  'POST to the helper': (body) =>
    osdi
      .post(`${event}/record_attendance_helper`)
      .send({ person: { identifiers: ['foreign_system:1'] }, ...body }) as never,
  'PUT under an event': (body) => osdi.put(ada[0]).send(body) as never,
  'PATCH under an event': (body) => osdi.patch(ada[0]).send(body) as never,
  'PUT under a person': (body) => osdi.put(ada[1]).send(body) as never,
  'PATCH under a person': (body) => osdi.patch(ada[1]).send(body) as never,
};
const linked = () => ({ _links: { 'osdi:person': { href: BASE + paths.person } } });
const toEvent = () => ({ _links: { 'osdi:event': { href: BASE + event } } });

describe('fields of an attendance', () => {
  test('are those that the schema has', () => {
    expect(propertiesOf(AttendanceBody).sort()).toEqual(
      [...Object.keys(honoured), ...functions, 'person', '_links'].sort(),
    );
  });

  describe.each(Object.keys(endpoints))('of a %s', (name) => {
    const send = (body: object) => endpoints[name]!(body);
    beforeEach(async () => {
      await osdi.delete(ada[0]).expect(200);
    });

    test.each(Object.entries(honoured))('%s is honoured', async (field, [sent, shown]) => {
      const answer = await send({ [field]: sent });
      expect([field, [200, 201].includes(answer.status), answer.body]).toEqual([field, true, expect.anything()]);
      const { body } = await osdi.get(ada[0]);
      expect(body).toMatchObject(field === 'identifiers' ? { identifiers: [expect.any(String), 'walk:7'] } : shown);
    });

    test.each(functions)('%s is taken, and not kept; what is beside it is', async (field) => {
      const beside = { comment: 'beside it' };
      expect([200, 201]).toContain((await send(beside)).status);
      const without = await kept();
      for (const sent of whatever) {
        await osdi.delete(ada[0]).expect(200);
        const { status, body } = await send({ ...beside, [field]: sent });
        expect([[200, 201].includes(status), body]).toEqual([true, expect.objectContaining(beside)]);
        expect(body).not.toHaveProperty(field);
        expect(await kept()).toEqual(without);
      }
    });

    test('what is read-only may be sent back, and stays', async () => {
      const { body: before } = await osdi.get(ada[0]);
      const sent = Object.fromEntries(readOnly.map((field) => [field, '2001-01-01T00:00:00Z']));
      expect([200, 201]).toContain((await send(sent)).status);
      expect((await osdi.get(ada[0])).body.created_date).toBe(before.created_date);
    });

    test('a person or an event that is not the one of the attendance is refused', async () => {
      const { people, sections } = osdi.api.world;
      const before = await everything(osdi);
      const elsewhere = `${BASE}/events/${idOn(sections.biology, DAY)}`;
      const links: [string, object][] = [
        ['_links.osdi:event', { _links: { ...linked()._links, 'osdi:event': { href: elsewhere } } }],
      ];
      if (name !== 'POST to an event')
        links.push([
          '_links.osdi:person',
          { _links: { ...toEvent()._links, 'osdi:person': { href: `${BASE}/people/${people.grace}` } } },
        ]);
      if (name !== 'POST to the helper')
        links.push(['person', { person: { email_addresses: [{ address: 'grace@example.org' }] } }]);
      for (const [field, body] of links) {
        const answer = await send(body);
        // The event of a POST to a person is the one that it links to; there is none of Biology.
        const expected = name === 'POST to a person' && field === '_links.osdi:event' ? 404 : 400;
        expect([field, answer.status]).toEqual([field, expected]);
        if (expected === 400) expect(errorOf(answer.body)).toEqual(refusedBy(field));
      }
      expect(await everything(osdi)).toEqual(before);
    });
  });

  test('an inviter is set by a link and cleared by null, as a link or as a field', async () => {
    const href = 'https://osdi-sample-system.org/api/v1/person/8a625981';
    for (const nothing of [
      { invited_by: null },
      { 'osdi:invited_by': null },
      { _links: { 'osdi:invited_by': null } },
      { _links: { invited_by: null } },
    ])
      for (const send of [endpoints['PUT under an event']!, endpoints['PATCH under a person']!]) {
        expect((await osdi.put(ada[0]).send({ _links: { 'osdi:invited_by': { href } } })).body._links).toMatchObject({
          'osdi:invited_by': { href },
        });
        expect((await osdi.put(ada[0]).send({ comment: 'stays' })).body._links).toHaveProperty('osdi:invited_by');
        expect((await send(nothing)).status).toBe(200);
        expect((await osdi.get(ada[0])).body._links).not.toHaveProperty('osdi:invited_by');
      }
    for (const field of ['invited_by', 'osdi:invited_by'])
      for (const sent of ['somebody', { href }, false]) {
        const { status, body } = await osdi.put(ada[0]).send({ [field]: sent });
        expect([status, errorOf(body)]).toEqual([400, refusedBy(field)]);
      }
  });
});

describe.each(['POST to an event', 'POST to the helper', 'PUT under an event'])(
  'fields of the person of a %s',
  (name) => {
    const send = (person: object) => endpoints[name]!({ _links: {}, person });
    const known = { identifiers: ['foreign_system:1'], email_addresses: [{ address: 'ada@example.org' }] };
    let without: unknown;
    beforeEach(async () => {
      expect([200, 201]).toContain((await send(known)).status);
      without = await kept();
    });

    test.each(details)('%s is taken, and not kept', async (field) => {
      for (const sent of whatever) {
        expect([200, 201]).toContain((await send({ ...known, [field]: sent })).status);
        expect(await kept()).toEqual(without);
      }
    });

    test.each(['address_type', 'status'])('%s of an address is taken, and not kept', async (field) => {
      for (const sent of whatever) {
        const { status } = await send({ email_addresses: [{ address: 'ada@example.org', [field]: sent }] });
        expect([200, 201]).toContain(status);
        expect(await kept()).toEqual(without);
      }
    });

    test('every field of people.md that is not kept is among them', () => {
      expect(details).toEqual(
        expect.arrayContaining([
          'origin_system',
          'gender',
          'birthdate',
          'postal_addresses',
          'phone_numbers',
          'custom_fields',
        ]),
      );
      expect(details.length).toBeGreaterThan(20);
    });
  },
);

test('of a person who is new no more is kept than a roster has', async () => {
  const sent = Object.fromEntries(details.map((field) => [field, ['x']]));
  const names = { given_name: 'Labadie', additional_name: 'Marques', family_name: 'Edwin' };
  const address = { address: 'test-3@example.com', primary: true, address_type: 'Personal', status: 'subscribed' };
  const person = { ...sent, ...names, identifiers: ['walk:new'], email_addresses: [address] };
  const { body } = await osdi.post(`${event}/record_attendance_helper`).send({ person }).expect(201);
  expect((await osdi.get(body._links['osdi:person'].href)).body).toEqual({
    ...names,
    identifiers: [expect.stringMatching(/^rollbook:\d+$/), 'walk:new'],
    modified_date: expect.any(String),
    email_addresses: [{ primary: true, address: 'test-3@example.com', address_type: 'work' }],
    custom_fields: { role: 'student', active: true },
    _links: expect.any(Object),
  });
});

describe('fields of an event', () => {
  const section = () => `rollbook:section:${osdi.api.world.sections.algebra}`;
  const at = '2025-11-03';
  const schedule = (more: object) => osdi.post('/events').send({ identifiers: [section()], all_day_date: at, ...more });
  const days: [string, right: object, wrong: object][] = [
    ['all_day_date', {}, { all_day_date: '2025-02-30' }],
    [
      'start_date',
      { all_day_date: null, start_date: `${at}T14:00:00Z` },
      { all_day_date: null, start_date: `${at}T25:00:00Z` },
    ],
  ];
  const others = propertiesOf(EventBody).filter(
    (name) => !['identifiers', 'all_day_date', 'start_date'].includes(name),
  );

  test('of events.md are there', () => {
    expect(others).toEqual(
      expect.arrayContaining([
        ...['origin_system', 'name', 'title', 'description', 'summary', 'type', 'ticket_levels', 'status', 'end_date'],
        ...['all_day', 'instructions', 'capacity', 'visibility', 'location'],
      ]),
    );
  });

  test.each(days)('%s says the day, or is refused', async (field, right, wrong) => {
    const before = await everything(osdi);
    const refused = await schedule(wrong);
    expect([refused.status, errorOf(refused.body)]).toEqual([400, refusedBy(field)]);
    expect(await everything(osdi)).toEqual(before);
    const { status, body } = await schedule(right);
    expect([[200, 201].includes(status), body.all_day_date]).toEqual([true, at]);
  });

  test.each([...others, 'total_accepted', '_links', ...readOnly])('%s is taken, and not kept', async (field) => {
    const { body: made } = await schedule({});
    const before = await everything(osdi);
    for (const sent of whatever) {
      const { status, body } = await schedule({ [field]: sent });
      expect([status, body]).toEqual([200, made]);
    }
    expect(await everything(osdi)).toEqual(before);
  });

  test('start_date beside all_day_date is taken, and not kept', async () => {
    const { body: made } = await schedule({});
    expect((await schedule({ start_date: '2025-11-04T14:00:00Z' })).body).toEqual(made);
  });

  test('the sample of events.md, with a section among its identifiers, is taken as it is printed', async () => {
    const printed = {
      identifiers: ['foreign_system:1', section()],
      title: 'Rally for Justice',
      name: 'March 14th Rally',
      origin_system: 'OpenSupporter',
      start_date: '2026-03-14T12:00:00Z',
      end_date: '2026-03-14T14:00:00Z',
      location: {
        venue: 'Lafayette Square',
        address_lines: ['1564 H St NW'],
        locality: 'Washington',
        region: 'DC',
        postal_code: '20001',
        country: 'US',
        language: 'EN',
        location: { latitude: 38.9002101, longitude: -77.0359252, accuracy: 'Rooftop' },
      },
      _links: { 'osdi:organizer': { href: 'https://actionnetwork.org/api/v1/people/8a625981' } },
    };
    const { status, body } = await osdi.post('/events').send(printed);
    const id = `rollbook:${idOn(osdi.api.world.sections.algebra, '2026-03-14')}`;
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        identifiers: [id],
        origin_system: 'rollbook',
        name: 'ALG',
        title: 'Algebra',
        status: 'confirmed',
        all_day: true,
        all_day_date: '2026-03-14',
      }),
    ]);
    expect(body).not.toHaveProperty('location');
    expect((await osdi.get(body._links.self.href)).body).toEqual(body);
  });

  test('an identifier of another event of ours is refused', async () => {
    const { algebra, biology } = osdi.api.world.sections;
    const before = await everything(osdi);
    for (const other of [`rollbook:${idOn(biology, at)}`, `rollbook:${idOn(algebra, '2025-11-04')}`, 'rollbook:x']) {
      const { status, body } = await schedule({ identifiers: [other, section()] });
      expect([status, errorOf(body)]).toEqual([400, refusedBy('identifiers')]);
    }
    expect(await everything(osdi)).toEqual(before);
    const own = `rollbook:${idOn(algebra, at)}`;
    expect([200, 201]).toContain((await schedule({ identifiers: [own, section()] })).status);
  });
});

test('the token is taken from the query in any case, and is in no link', async () => {
  const { status, text } = await osdi.api.get(`${BASE}/people?OSDI-api-token=${osdi.api.token}`).unset('Authorization');
  expect([status, text.includes(osdi.api.token)]).toEqual([200, false]);
});
