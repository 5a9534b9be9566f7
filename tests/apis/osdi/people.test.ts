import { type Osdi, openOsdi } from './osdi';

let osdi: Osdi;
beforeAll(async () => {
  osdi = await openOsdi();
  const { database, districts, people } = osdi.api.world;
  await database.knex('osdi_identifiers').insert({
    district_id: districts.larkspur,
    identifier: 'action_network:65345d7d',
    local_part: '65345d7d',
    person_id: people.ada,
  });
});
afterAll(() => osdi.api.close());

const names = (body: { _embedded: { 'osdi:people': { given_name: string }[] } }) =>
  body._embedded['osdi:people'].map(({ given_name }) => given_name);

test('a person has every field and link that a roster can fill', async () => {
  const { ada } = osdi.api.world.people;
  const at = `${osdi.api.url}/osdi/api/v1`;
  const { status, body } = await osdi.get(`/people/${ada}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    identifiers: [`rollbook:${ada}`, 'oneroster:ada', 'action_network:65345d7d'],
    given_name: 'Ada',
    family_name: 'Lovelace',
    email_addresses: [{ primary: true, address: 'ada@example.org', address_type: 'work' }],
    custom_fields: { role: 'student', active: true },
    _links: {
      self: { href: `${at}/people/${ada}` },
      'osdi:attendances': { href: `${at}/people/${ada}/attendances` },
      'osdi:attendance': { href: `${at}/people/${ada}/attendances` },
      curies: [{ name: 'osdi', href: `${at}/docs/{rel}`, templated: true }],
    },
  });
});

test('the people are those of the district', async () => {
  const { body } = await osdi.get('/people');
  expect(names(body)).toEqual(['Ada', 'Grace', 'Alan', 'Katherine', 'Emmy', 'Gregor']);
  expect(body).toMatchObject({ total_pages: 1, per_page: 25, page: 1, total_records: 6 });
  expect(Object.keys(body._embedded)).toEqual(['osdi:people']);
  for (const { href } of body._links['osdi:people']) {
    const { _links: links, ...person } = (await osdi.get(href)).body;
    expect(body._embedded['osdi:people']).toContainEqual({
      ...person,
      _links: expect.objectContaining({ self: { href } }),
    });
    expect(links.self.href).toBe(href);
  }
});

test.each([
  ["family_name eq 'Lovelace'", ['Ada']],
  ["given_name gt 'Em' and custom_fields.role eq 'student'", ['Grace', 'Katherine']],
  ["email_address eq 'alan@example.org' or email_addresses/address eq 'grace@example.org'", ['Grace', 'Alan']],
  ["additional_name ne ''", []],
  ["email eq 'ADA@example.org'", ['Ada']],
  ["email_address ne 'ada@example.org' and custom_fields.role eq 'student'", ['Grace', 'Alan', 'Katherine']],
  ["identifier eq 'oneroster:alan'", ['Alan']],
  ["identifiers eq 'oneroster:alan' or identifier eq 'action_network:65345d7d'", ['Ada', 'Alan']],
  ["identifier ne 'oneroster:alan' and custom_fields.role eq 'student'", ['Ada', 'Grace', 'Katherine']],
  ["identifier eq 'rollbook:0' or identifier eq 'nobody:1' or identifier eq 'oneroster:eve'", []],
  ["family_name eq 'O''Brien'", []],
])('filter %s', async (filter, expected) => {
  const { status, body } = await osdi.get(`/people?filter=${encodeURIComponent(filter)}`);
  expect([status, names(body), body.total_records]).toEqual([200, expected, expected.length]);
});

test('people of another district, or of nobody, are not found', async () => {
  for (const id of [osdi.api.world.people.eve, 999_999, 0, -1, 'x', '9223372036854775808', '%00'])
    for (const path of [`/people/${id}`, `/people/${id}/attendances`])
      expect([path, (await osdi.get(path)).status]).toEqual([path, 404]);
});

test('a client bound to a teacher sees their students and themselves', async () => {
  const { mendel, grace } = osdi.api.world.people;
  const client = await osdi.as({ person: mendel });
  expect(names((await client.get('/people')).body)).toEqual(['Ada', 'Gregor']);
  expect((await client.get(`/people/${grace}`)).status).toBe(404);
});
