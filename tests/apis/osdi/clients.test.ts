import halfred from 'halfred';
import { idOn } from '../../../src/days';
import type { ConnectClient } from './clients/client';
import { connectHalHttpClient } from './clients/hal-http-client';
import { connectHalRestClient } from './clients/hal-rest-client';
import { connectKetting } from './clients/ketting';
import { connectTraverson } from './clients/traverson';
import { BASE, type Osdi, openOsdi, scheduled } from './osdi';

/** HAL clients from npm, each through all that an attendance goes through. */
let osdi: Osdi;
let event: string;
beforeEach(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi, '2025-10-07');
});
afterEach(() => osdi.api.close());

const own = (name: 'ada' | 'grace' | 'alan' | 'katherine') =>
  `rollbook:${idOn(osdi.api.world.enrollments[name], '2025-10-07')}`;

const clients: Record<string, ConnectClient> = {
  'traverson with traverson-hal': connectTraverson,
  ketting: connectKetting,
  'hal-http-client': connectHalHttpClient,
  'hal-rest-client': connectHalRestClient,
};

describe.each(Object.entries(clients))('%s', (_name, connect) => {
  const client = () => connect(`${osdi.api.url}${BASE}/`, osdi.api.token);

  test('walks from the entry point to an attendance', async () => {
    expect((await client().walk()).identifiers).toEqual([own('ada')]);
  });

  test('creates, changes and deletes one', async () => {
    const hal = client();
    const created = await hal.create({ identifiers: ['foreign_system:1'], status: 'tentative' });
    expect(created).toMatchObject({ identifiers: [own('ada'), 'foreign_system:1'], status: 'tentative' });
    const changed = await hal.change({ attended: false });
    expect(changed).toMatchObject({ identifiers: created.identifiers, status: 'absent', attended: false });
    const { districts, sections, enrollments, ledger } = osdi.api.world;
    const marks = () => ledger.marks({ district: districts.larkspur, section: sections.algebra });
    expect(await marks()).toEqual([expect.objectContaining({ enrollment_id: enrollments.ada, status: 2 })]);
    expect(await hal.remove()).toEqual({ notice: 'This attendance was successfully deleted.' });
    expect(await marks()).toEqual([]);
    const [ada] = (await osdi.get(`${event}/attendances`)).body._embedded['osdi:attendances'];
    expect(ada.identifiers).toEqual([own('ada')]);
    expect(ada).not.toHaveProperty('attended');
  });

  test('pages to the end of a collection', async () => {
    const found = await client().pages();
    expect(found.map(({ identifiers }) => identifiers[0])).toEqual([
      own('ada'),
      own('grace'),
      own('alan'),
      own('katherine'),
    ]);
  });
});

test("halfred's validator finds nothing wrong with any document", async () => {
  halfred.enableValidation();
  const ada = `/people/${osdi.api.world.people.ada}`;
  const attendances = `${event}/attendances`;
  const { body } = await osdi.post(attendances).send({
    status: 'accepted',
    _links: { 'osdi:person': { href: BASE + ada }, 'osdi:invited_by': { href: 'https://x.example/1' } },
  });
  const one = body._links.self.href;
  const documents = [
    '/',
    '/people',
    ada,
    '/events',
    event,
    attendances,
    `${attendances}?page=2&per_page=1`,
    `${ada}/attendances`,
    one,
  ];
  for (const document of documents) {
    const answer = await osdi.get(document);
    expect([document, answer.status]).toEqual([document, 200]);
    expect([document, halfred.parse(answer.body).validationIssues()]).toEqual([document, []]);
  }
  expect(halfred.parse({ _links: { self: {} } }).validationIssues()).not.toEqual([]);
});
