import type { TSchema } from '@sinclair/typebox';
import { AttendanceBody } from '../../../schemas/osdi/attendances';
import { EventBody } from '../../../schemas/osdi/events';
import { CollectionQuery, ResourceQuery } from '../../../schemas/osdi/parts';
import { InlinePerson } from '../../../schemas/osdi/people';
import { idOn } from '../../../src/days';
import { BASE, DAY, errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

/*
 * The walk through what OSDI's pages document: each parameter of a query, each field of a filter and of a body, at each
 * endpoint that has it. It is honoured, which an answer shows, or refused with a 400 that names it; none is ignored.
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

describe('parameters of a query', () => {
  test('are those that the schemas have', () => {
    const all = [...queryParameters, ...odata, ...places].sort();
    expect(propertiesOf(CollectionQuery).sort()).toEqual(all);
    expect(propertiesOf(ResourceQuery).sort()).toEqual(all);
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

/** What a body can say, and what it comes to; what is refused, whatever it says. */
const honoured: Record<string, readonly [sent: unknown, shown: object]> = {
  identifiers: [['walk:7'], { identifiers: ['...', 'walk:7'] }],
  origin_system: ['OpenSupporter', { origin_system: 'OpenSupporter' }],
  action_date: ['2014-03-18T11:02:15-05', { action_date: '2014-03-18T16:02:15Z' }],
  status: ['tentative', { status: 'tentative' }],
  attended: [true, { attended: true }],
  comment: ['Looking forward to it!', { comment: 'Looking forward to it!' }],
  invited_by: [null, { identifiers: expect.anything() }],
  'osdi:control': [{ return_response: false }, { identifiers: expect.anything() }],
};
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

    test.each(functions)('%s is refused, unless it asks for nothing', async (field) => {
      const before = await everything(osdi);
      const { status, body } = await send({ [field]: ['x'], comment: 'not kept' });
      expect([status, errorOf(body)]).toEqual([400, refusedBy(field)]);
      expect(await everything(osdi)).toEqual(before);
      for (const nothing of [null, [], '']) expect([200, 201]).toContain((await send({ [field]: nothing })).status);
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
    const { status, body } = await osdi.put(ada[0]).send({ invited_by: 'somebody' });
    expect([status, errorOf(body)]).toEqual([400, refusedBy('invited_by')]);
  });
});

describe.each(['POST to an event', 'POST to the helper'])('fields of the person of a %s', (name) => {
  const send = (person: object) => endpoints[name]!({ _links: {}, person });

  test.each(details)('%s is refused by its name, and nobody is made', async (field) => {
    const before = await everything(osdi);
    const { status, body } = await send({ identifiers: ['foreign_system:1'], [field]: [{ number: 1 }] });
    expect([status, errorOf(body)]).toEqual([400, refusedBy(`person.${field}`)]);
    expect(await everything(osdi)).toEqual(before);
  });

  test.each(['address_type', 'status'])('%s of an address is refused', async (field) => {
    const { status, body } = await send({ email_addresses: [{ address: 'ada@example.org', [field]: 'subscribed' }] });
    expect([status, errorOf(body)]).toEqual([400, refusedBy(`person.email_addresses.0.${field}`)]);
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
});

describe('fields of an event', () => {
  const section = () => `rollbook:section:${osdi.api.world.sections.algebra}`;
  const schedule = (more: object) =>
    osdi.post('/events').send({ identifiers: [section()], all_day_date: '2025-11-03', ...more });
  const same: Record<string, readonly [right: unknown, wrong: unknown]> = {
    all_day_date: ['2025-11-03', '2025-02-30'],
    start_date: ['2025-11-03T14:00:00Z', '2025-11-04T14:00:00Z'],
    end_date: ['2025-11-03T15:00:00Z', '2025-11-05T14:00:00Z'],
    all_day: [true, false],
    status: ['confirmed', 'tentative'],
    origin_system: ['rollbook', 'OpenSupporter'],
    name: ['ALG', 'Algebra'],
    title: ['Algebra', 'Algebra party'],
    description: [null, 'Bring a calculator'],
  };
  const others = propertiesOf(EventBody).filter((name) => name !== 'identifiers' && !(name in same));

  test('of events.md are there', () => {
    expect(others).toEqual(
      expect.arrayContaining([
        'summary',
        'type',
        'ticket_levels',
        'instructions',
        'capacity',
        'visibility',
        'location',
      ]),
    );
  });

  test.each(Object.entries(same))(
    '%s is taken where it says what the event is, and refused elsewhere',
    async (field, [right, wrong]) => {
      const before = await everything(osdi);
      const refused = await schedule({ [field]: wrong });
      expect([refused.status, errorOf(refused.body)]).toEqual([400, refusedBy(field)]);
      expect(await everything(osdi)).toEqual(before);
      const { status, body } = await schedule({ [field]: right });
      expect([200, 201]).toContain(status);
      expect(body).toMatchObject({ all_day_date: '2025-11-03', title: 'Algebra' });
    },
  );

  test.each(others)('%s is refused by its name', async (field) => {
    const before = await everything(osdi);
    const { status, body } = await schedule({ all_day_date: '2025-11-04', [field]: 'x' });
    expect([status, errorOf(body)]).toEqual([400, refusedBy(field)]);
    expect(await everything(osdi)).toEqual(before);
  });

  test('an identifier of another system, which would not be kept, is refused', async () => {
    const { status, body } = await schedule({ identifiers: ['foreign_system:1', section()] });
    expect([status, errorOf(body)]).toEqual([400, refusedBy('identifiers')]);
    const own = `rollbook:${idOn(osdi.api.world.sections.algebra, '2025-11-03')}`;
    expect([200, 201]).toContain((await schedule({ identifiers: [own, section()] })).status);
  });
});

test('the token is taken from the query in any case, and is in no link', async () => {
  const { status, text } = await osdi.api.get(`${BASE}/people?OSDI-api-token=${osdi.api.token}`).unset('Authorization');
  expect([status, text.includes(osdi.api.token)]).toEqual([200, false]);
});
