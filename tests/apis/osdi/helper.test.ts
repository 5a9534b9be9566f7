import { idOn } from '../../../src/days';
import { errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
let event: string;
beforeEach(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
});
afterEach(() => osdi.api.close());

/** The sample of record_attendance.md as it is printed, details and all that no roster has. */
const printed = {
  person: {
    identifiers: ['foreign_system:1'],
    family_name: 'Edwin',
    given_name: 'Labadie',
    additional_name: 'Marques',
    origin_system: 'OpenSupporter',
    email_addresses: [{ address: 'test-3@example.com', primary: true, address_type: 'Personal' }],
    postal_addresses: [
      {
        primary: true,
        address_lines: ['935 Ed Lock'],
        locality: 'New Dudley',
        region: 'MN',
        postal_code: '17678',
        country: 'RU',
        address_type: 'Home',
        status: 'Verified',
      },
    ],
    phone_numbers: [{ primary: true, number: 19876543210, number_type: 'Mobile', sms_capable: true }],
    gender: 'Male',
  },
  identifiers: ['foreign_system:1'],
  origin_system: 'OpenSupporter',
  action_date: '2014-03-18T11:02:15Z',
  status: 'accepted',
};
/** With the functions of helpers, of which there are none here. */
const signup = { ...printed, add_tags: ['volunteer'], triggers: { autoresponse: { enabled: true } } };
const help = (body: unknown, client = osdi) =>
  client.post(`${event}/record_attendance_helper`).type('application/json').send(JSON.stringify(body));

test('who is not known becomes a student of the section from that day on, with the attendance', async () => {
  const { status, headers, body } = await help({ ...signup, attended: true });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    identifiers: [expect.stringMatching(/^rollbook:\d+$/), 'foreign_system:1'],
    origin_system: 'OpenSupporter',
    action_date: '2014-03-18T11:02:15Z',
    status: 'accepted',
    attended: true,
  });
  expect((await osdi.get(headers.location!)).body).toEqual(body);
  const { body: person } = await osdi.get(body._links['osdi:person'].href);
  expect(person).toMatchObject({
    identifiers: [expect.stringMatching(/^rollbook:\d+$/), 'foreign_system:1'],
    given_name: 'Labadie',
    additional_name: 'Marques',
    family_name: 'Edwin',
    email_addresses: [{ primary: true, address: 'test-3@example.com', address_type: 'work' }],
    custom_fields: { role: 'student', active: true },
  });
  const { sections, database } = osdi.api.world;
  const enrollment = await database.knex('enrollments').orderBy('id', 'desc').first();
  const days = await osdi.api.get(`/v1/sections/${sections.algebra}/enrollments/${enrollment.id}`);
  expect(days.body).toMatchObject({ name_display: 'Labadie Edwin', admin: 0, id: String(enrollment.id) });
  expect((await osdi.get(`${event}/attendances`)).body.total_records).toBe(4);
  await scheduled(osdi, '2025-09-30');
  expect((await osdi.get(`/events/${idOn(sections.algebra, '2025-09-30')}/attendances`)).body.total_records).toBe(3);
  await scheduled(osdi, '2026-06-11');
  expect((await osdi.get(`/events/${idOn(sections.algebra, '2026-06-11')}/attendances`)).body.total_records).toBe(4);
});

test('the sample of record_attendance.md is taken as it is printed', async () => {
  const { status, headers, body } = await help(printed);
  expect(status).toBe(201);
  const { person: _, ...attendance } = printed;
  expect(body).toEqual({
    ...attendance,
    identifiers: [expect.stringMatching(/^rollbook:\d+$/), 'foreign_system:1'],
    created_date: expect.any(String),
    modified_date: expect.any(String),
    _links: expect.any(Object),
  });
  expect((await osdi.get(headers.location!)).body).toEqual(body);
});

test('of several addresses of a new person the primary one is kept', async () => {
  const email_addresses = [{ address: 'other@example.com' }, { address: 'test-3@example.com', primary: true }];
  const { body } = await help({ ...printed, person: { ...printed.person, email_addresses } });
  expect((await osdi.get(body._links['osdi:person'].href)).body.email_addresses).toEqual([
    { primary: true, address: 'test-3@example.com', address_type: 'work' },
  ]);
});

test.each([
  ['the identifier', { identifiers: ['foreign_system:1'] }],
  ['the email', { email_addresses: [{ address: 'Test-3@Example.com' }] }],
])('the second time they are matched by %s', async (_what, person) => {
  const first = await help(signup);
  const people = await osdi.api.world.database.knex('people');
  const second = await help({ person, status: 'declined' });
  expect([second.status, second.body.status]).toEqual([200, 'declined']);
  expect(second.body._links.self).toEqual(first.body._links.self);
  expect(await osdi.api.world.database.knex('people')).toEqual(people);
});

test('several at once are one person', async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => help(signup)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  expect((await osdi.get(`/people?filter=${encodeURIComponent("family_name eq 'Edwin'")}`)).body.total_records).toBe(1);
});

test('who is known is matched without roster:write, and nothing of them is changed', async () => {
  const client = await osdi.as({ scopes: ['attendance:write'] });
  const before = await osdi.api.world.database.knex('people').orderBy('id');
  const person = { ...signup.person, email_addresses: [{ address: 'ada@example.org' }] };
  const { status, body } = await help({ ...signup, person }, client);
  expect([status, body.status]).toEqual([201, 'accepted']);
  expect(await osdi.api.world.database.knex('people').orderBy('id')).toEqual(before);
  expect(await osdi.api.world.database.knex('osdi_identifiers')).toEqual([]);
});

test.each([
  ['attendance:write alone', ['attendance:write', 'roster:read'], signup, 403, 'SCOPE_MISSING'],
  ['no person', undefined, { status: 'accepted' }, 400, 'PERSON_INVALID'],
  ['a person who is null', undefined, { person: null }, 400, 'PERSON_INVALID'],
  [
    'an unknown person without a name',
    undefined,
    { person: { email_addresses: [{ address: 'x@x.org' }] } },
    400,
    'PERSON_FAMILY_NAME_INVALID',
  ],
  ['a name with a NUL', undefined, { person: { family_name: 'x\0' } }, 400, 'PERSON_FAMILY_NAME_INVALID'],
  ['a name that is a number', undefined, { person: { given_name: 5 } }, 400, 'PERSON_GIVEN_NAME_INVALID'],
  [
    'an address that is a list',
    undefined,
    { person: { email_addresses: [{ address: [] }] } },
    400,
    'PERSON_EMAIL_ADDRESSES_0_ADDRESS_INVALID',
  ],
  [
    'emails that are texts',
    undefined,
    { person: { email_addresses: ['x@x.org'] } },
    400,
    'PERSON_EMAIL_ADDRESSES_0_INVALID',
  ],
  [
    'status cancelled, which the helper does not have',
    undefined,
    { ...signup, status: 'cancelled' },
    400,
    'STATUS_INVALID',
  ],
  ['status late, which it does not have either', undefined, { ...signup, status: 'late' }, 400, 'STATUS_INVALID'],
  ['attended: "yes"', undefined, { ...signup, attended: 'yes' }, 400, 'ATTENDED_INVALID'],
  ['a comment XML could not carry', undefined, { ...signup, comment: '\u0001' }, 400, 'COMMENT_INVALID'],
  ['an action_date that is none', undefined, { ...signup, action_date: 'now' }, 400, 'ACTION_DATE_INVALID'],
  ['a list', undefined, [signup], 400, 'BODY_INVALID'],
])('with %s nothing is made', async (_what, scopes, body, expected, code) => {
  const client = await osdi.as(scopes ? { scopes } : {});
  const before = await everything(osdi);
  const answer = await help(body, client);
  expect([answer.status, errorOf(answer.body)]).toEqual([expected, expect.objectContaining({ error_code: code })]);
  expect(await everything(osdi)).toEqual(before);
});

test('who cannot be told apart, or is not of the section, is refused', async () => {
  const { people, database } = osdi.api.world;
  await database.knex('people').where({ id: people.grace }).update({ email: 'ada@example.org' });
  const before = await everything(osdi);
  const shared = await help({ person: { ...signup.person, email_addresses: [{ address: 'ada@example.org' }] } });
  expect([shared.status, errorOf(shared.body)]).toEqual([
    400,
    expect.objectContaining({ description: 'person.email_addresses must be of one person; 2 have it' }),
  ]);
  const later = await help({ person: { identifiers: [`rollbook:${people.alan}`] } });
  expect([later.status, errorOf(later.body)]).toEqual([
    400,
    expect.objectContaining({ description: expect.stringContaining('must be a student of section') }),
  ]);
  expect(await everything(osdi)).toEqual(before);
});

test('a person of another district with the same email is another person', async () => {
  const { status, body } = await help({
    ...signup,
    person: { ...signup.person, email_addresses: [{ address: 'eve@example.org' }] },
  });
  expect(status).toBe(201);
  expect(body._links['osdi:person'].href).not.toMatch(new RegExp(`/${osdi.api.world.people.eve}$`));
});

test('it is never open without a token', async () => {
  const { status } = await osdi.api
    .post(`/osdi/api/v1${event}/record_attendance_helper`)
    .unset('Authorization')
    .send(signup);
  expect(status).toBe(401);
});

test.each(['', ' '])('an email address that is %j is nobody’s, though somebody has none', async (email) => {
  const { database, people } = osdi.api.world;
  await database.knex('people').where({ id: people.ada }).update({ email });
  const { status, body } = await help({
    person: { family_name: 'Unknown', email_addresses: [{ address: email }] },
    attended: true,
  });
  expect(status).toBe(201);
  expect(body._links['osdi:person'].href).not.toMatch(new RegExp(`/people/${people.ada}$`));
});
