import { idOn } from '../../../src/days';
import { BASE, DAY, everything, type Osdi, openOsdi, scheduled } from './osdi';

let osdi: Osdi;
let event: string;
beforeEach(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
});
afterEach(() => osdi.api.close());

type Name = keyof Osdi['api']['world']['people'];
const person = (name: Name) => ({ href: `${osdi.api.url}${BASE}/people/${osdi.api.world.people[name]}` });
const linked = (name: Name, more: object = {}) => ({ ...more, _links: { 'osdi:person': person(name) } });
const post = (body: unknown, at = `${event}/attendances`) =>
  osdi.post(at).type('application/json').send(JSON.stringify(body));
const marks = () =>
  osdi.api.world.ledger.marks({
    district: osdi.api.world.districts.larkspur,
    section: osdi.api.world.sections.algebra,
  });
const meetings = () =>
  osdi.api.world.ledger.meetings({
    district: osdi.api.world.districts.larkspur,
    section: osdi.api.world.sections.algebra,
  });

/** As in attendances.md, with all that OSDI alone knows. */
const rsvp = {
  identifiers: ['foreign_system:1', 'other:ü'],
  origin_system: 'OpenSupporter',
  action_date: '2014-03-18T11:02:15Z',
  status: 'tentative',
  comment: 'Looking forward to it! 😀',
};

test('an RSVP to a linked person is created, reads back exactly, and takes no roll', async () => {
  const invited_by = { href: 'https://actionnetwork.org/api/v1/people/8a625981-67a4-4457-8b55-2e30b267b2c2' };
  const made = await post({ ...rsvp, _links: { 'osdi:person': person('ada'), 'osdi:invited_by': invited_by } });
  const id = idOn(osdi.api.world.enrollments.ada, DAY);
  expect(made.status).toBe(201);
  expect(made.headers.location).toBe(`${osdi.api.url}${BASE}${event}/attendances/${id}`);
  expect(made.body).toMatchObject({ ...rsvp, identifiers: [`rollbook:${id}`, ...rsvp.identifiers] });
  expect(made.body).not.toHaveProperty('attended');
  expect(made.body._links).toMatchObject({ 'osdi:person': person('ada'), 'osdi:invited_by': invited_by });
  const read = await osdi.get(made.headers.location!);
  expect([read.body, read.headers.etag]).toEqual([made.body, made.headers.etag]);
  expect([await marks(), await meetings()]).toEqual([[], [expect.objectContaining({ taken_at: null })]]);
});

test.each(['declined', 'tentative', 'accepted', 'cancelled', 'needs action'])(
  'the RSVP status %s is kept as sent',
  async (status) => {
    const { headers } = await post(linked('ada', { status }));
    const { body } = await osdi.get(headers.location!);
    expect([body.status, body.attended]).toEqual([status, undefined]);
    await osdi.api.mark([osdi.api.world.enrollments.grace, DAY, 2]); // the roll is taken, Ada is there
    const { body: taken } = await osdi.get(headers.location!);
    expect([taken.status, taken.attended]).toEqual([status, true]);
  },
);

test.each([
  ['present', 'accepted', true, []],
  ['absent', 'absent', false, [2]],
  ['late', 'late', true, [3]],
  ['excused', 'excused', false, [4]],
])('the status %s is the ledger’s', async (status, shown, attended, stored) => {
  const { body } = await post(linked('ada', { status, comment: 'said' }));
  expect([body.status, body.attended, body.comment]).toEqual([shown, attended, 'said']);
  expect((await marks()).map((mark) => mark.status)).toEqual(stored);
  expect((await meetings())[0]!.taken_at).toBeNull();
  const { body: others } = await osdi.get(`${event}/attendances`);
  const [, ...rest] = others._embedded['osdi:attendances'];
  for (const other of rest) expect(other).not.toHaveProperty('attended');
  const [journaled] = await osdi.api.world.ledger.history({ district: osdi.api.world.districts.larkspur });
  expect(journaled).toMatchObject({ api: 'osdi', to_comment: 'said' });
});

test.each([
  [true, []],
  [false, [2]],
])('attended: %s with an RSVP writes both', async (attended, stored) => {
  const { status, body } = await post(linked('ada', { status: 'needs action', attended }));
  expect([status, body.attended, body.status]).toEqual([201, attended, attended ? 'needs action' : 'absent']);
  expect((await marks()).map((mark) => mark.status)).toEqual(stored);
});

test('the same person and event again is the one attendance, updated', async () => {
  const first = await post(linked('ada', rsvp));
  const second = await post(linked('ada', { status: 'declined' }));
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(second.body).toEqual({ ...first.body, status: 'declined', modified_date: expect.any(String) });
  expect((await osdi.get(`${event}/attendances`)).body.total_records).toBe(3);
});

test('a mark of another API is the attendance that is updated', async () => {
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, 3, 'bus']);
  const { status, body } = await post(linked('ada', { attended: true }));
  expect([status, body.status, body.comment]).toEqual([200, 'late', 'bus']);
});

test('under a person, the event is linked', async () => {
  const { ada } = osdi.api.world.people;
  const link = { href: `${osdi.api.url}${BASE}${event}` };
  const { status, headers, body } = await post(
    { status: 'accepted', _links: { 'osdi:event': link } },
    `/people/${ada}/attendances/`,
  );
  expect([status, body._links['osdi:event'], body._links['osdi:person']]).toEqual([201, link, person('ada')]);
  expect((await osdi.get(headers.location!)).body).toEqual(body);
});

const port = () => new URL(osdi.api.url).port;

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '[::1]', '127.0.1.1'])(
  'links by %s lead to this service, which listens on this machine',
  async (host) => {
    for (const scheme of ['http', 'https']) {
      const at = (path: string) => ({ href: `${scheme}://${host}:${port()}${BASE}${path}` });
      const { ada, grace } = osdi.api.world.people;
      const first = await post({ _links: { 'osdi:person': at(`/people/${ada}`), 'osdi:event': at(event) } });
      expect([first.status, first.body._links['osdi:person']]).toEqual([201, person('ada')]);
      const second = await osdi.post(`/people/${ada}/attendances`).send({ _links: { 'osdi:event': at(event) } });
      expect([second.status, second.body.identifiers]).toEqual([200, first.body.identifiers]);
      const { status } = await osdi
        .put(first.body._links.self.href)
        .send({ _links: { 'osdi:person': at(`/people/${grace}`) } });
      expect(status).toBe(400);
      await osdi.delete(first.body._links.self.href).expect(200);
    }
  },
);

test.each([
  ['another port of this machine', () => `http://localhost:${Number(port()) + 1}`],
  ['this machine without a port', () => 'http://localhost'],
  ['a name that only begins like this machine', () => `http://localhost.example.org:${port()}`],
  ['a name that only ends like it', () => `http://evil-localhost:${port()}`],
])('a link to %s is of another system', async (_what, origin) => {
  const before = await everything(osdi);
  const href = `${origin()}${BASE}/people/${osdi.api.world.people.ada}`;
  const { status } = await post({ _links: { 'osdi:person': { href } } });
  expect(status).toBe(400);
  expect(await everything(osdi)).toEqual(before);
});

describe('a person is found', () => {
  const found = async (body: object) => (await post(body)).body._links?.['osdi:person'].href;

  test.each<[string, (ada: number) => object]>([
    ['by a link below our base', (ada) => ({ _links: { 'osdi:person': { href: `${BASE}/people/${ada}/` } } })],
    ['by a link without its prefix', (ada) => ({ _links: { person: { href: `${BASE}/people/${ada}` } } })],
    ['by our identifier', (ada) => ({ person: { identifiers: ['foreign:0', `rollbook:${ada}`], family_name: 'X' } })],
    ['by the SIS’s identifier', () => ({ person: { identifiers: ['oneroster:ada'] } })],
    ['by a foreign identifier', () => ({ person: { identifiers: ['none:0', 'action_network:65345d7d'] } })],
    [
      'by a foreign identifier before an email',
      () => ({
        person: { identifiers: ['action_network:65345d7d'], email_addresses: [{ address: 'grace@example.org' }] },
      }),
    ],
    ['by an email', () => ({ person: { identifiers: ['none:0'], email_addresses: [{ address: 'ADA@example.org' }] } })],
    [
      'by a second email',
      () => ({ person: { email_addresses: [{}, { address: '' }, { address: 'ada@example.org' }] } }),
    ],
    [
      'by the last segment of a link elsewhere',
      () => ({
        _links: { 'osdi:person': { href: 'https://actionnetwork.org/api/v1/people/65345d7d' } },
      }),
    ],
    [
      'by the SIS’s id at the end of a link elsewhere',
      () => ({
        _links: { 'osdi:person': { href: 'https://sis.example/students/ada/' } },
      }),
    ],
  ])('%s', async (_how, body) => {
    const ada = { identifiers: ['action_network:65345d7d'], email_addresses: [{ address: 'ada@example.org' }] };
    await osdi.post(`${event}/record_attendance_helper`).send({ person: ada });
    expect(await found(body(osdi.api.world.people.ada))).toBe(person('ada').href);
  });
});
