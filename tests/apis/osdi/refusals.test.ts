import { idOn } from '../../../src/days';
import { BASE, DAY, errorOf, everything, type Osdi, openOsdi, scheduled } from './osdi';

/** What is refused changes nothing, so that one school will do for all of it. */
let osdi: Osdi;
let event: string;
/** Ada's attendance of the event: an RSVP, and absent. */
let ada: string;
beforeAll(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
  ada = `${event}/attendances/${idOn(osdi.api.world.enrollments.ada, DAY)}`;
  await osdi.put(ada).send({ status: 'tentative', identifiers: ['foreign_system:1'], attended: false, comment: 'ill' });
});
afterAll(() => osdi.api.close());

const linked = (more: object = {}) => ({
  ...more,
  _links: { 'osdi:person': { href: `${BASE}/people/${osdi.api.world.people.ada}` } },
});
const post = (body: unknown, at = `${event}/attendances`) =>
  osdi.post(at).type('application/json').send(JSON.stringify(body));

test.each<[string, (world: Osdi['api']['world']) => unknown, string]>([
  ['a list', () => [], 'BODY_INVALID'],
  ['a text', () => 'x', 'BODY_INVALID'],
  ['nobody', () => ({ status: 'accepted' }), '_LINKS_OSDI_PERSON_INVALID'],
  ['links that are a text', () => ({ _links: 'x' }), '_LINKS_OSDI_PERSON_INVALID'],
  ['a link that is a text', () => ({ _links: { 'osdi:person': 'x' } }), '_LINKS_OSDI_PERSON_INVALID'],
  ['a link without an href', () => ({ _links: { 'osdi:person': {} } }), '_LINKS_OSDI_PERSON_INVALID'],
  [
    'a link to nothing',
    () => ({ _links: { 'osdi:person': { href: 'https://x.example/' } } }),
    '_LINKS_OSDI_PERSON_INVALID',
  ],
  ['a link that is no URL', () => ({ _links: { 'osdi:person': { href: 'http://[' } } }), '_LINKS_OSDI_PERSON_INVALID'],
  [
    'a foreign host’s person whom nobody knows',
    ({ people }) => ({ _links: { 'osdi:person': { href: `https://x.example${BASE}/people/${people.ada}` } } }),
    '_LINKS_OSDI_PERSON_INVALID',
  ],
  [
    'an unknown person of ours',
    () => ({ _links: { 'osdi:person': { href: `${BASE}/people/999999` } } }),
    '_LINKS_OSDI_PERSON_INVALID',
  ],
  [
    'a person of another district',
    ({ people }) => ({ _links: { 'osdi:person': { href: `${BASE}/people/${people.eve}` } } }),
    '_LINKS_OSDI_PERSON_INVALID',
  ],
  ['an inline person whom nobody knows', () => ({ person: { family_name: 'X' } }), 'PERSON_INVALID'],
  [
    'an inline person of another district',
    () => ({ person: { email_addresses: [{ address: 'eve@example.org' }] } }),
    'PERSON_INVALID',
  ],
  ['our identifier of nobody', () => ({ person: { identifiers: ['rollbook:999999'] } }), 'PERSON_IDENTIFIERS_INVALID'],
  [
    'our identifier of another district',
    ({ people }) => ({ person: { identifiers: [`rollbook:${people.eve}`] } }),
    'PERSON_IDENTIFIERS_INVALID',
  ],
  ['an inline person that is a text', () => ({ person: 'Ada' }), 'PERSON_INVALID'],
  ['identifiers that are numbers', () => ({ person: { identifiers: [1] } }), 'PERSON_IDENTIFIERS_0_INVALID'],
  [
    'identifiers of two people',
    () => ({ person: { identifiers: ['oneroster:ada', 'oneroster:grace'] } }),
    'PERSON_IDENTIFIERS_INVALID',
  ],
  [
    'a person not enrolled that day',
    ({ people }) => ({ person: { identifiers: [`rollbook:${people.alan}`] } }),
    'PERSON_INVALID',
  ],
  ['a teacher', ({ people }) => ({ person: { identifiers: [`rollbook:${people.noether}`] } }), 'PERSON_INVALID'],
  [
    'a student of another section',
    ({ people }) => ({ person: { identifiers: [`rollbook:${people.mendel}`] } }),
    'PERSON_INVALID',
  ],
])('%s is 400, and changes nothing', async (_what, body, code) => {
  const before = await everything(osdi);
  const answer = await post(body(osdi.api.world));
  expect([answer.status, errorOf(answer.body)]).toEqual([400, expect.objectContaining({ error_code: code })]);
  expect(answer.body['osdi:error']).toMatchObject({ request_type: 'atomic', response_code: 400 });
  expect(await everything(osdi)).toEqual(before);
});

const wrong: [string, object, string][] = [
  ['attended: "yes"', { attended: 'yes' }, 'attended must be true or false, not "yes"'],
  ['attended: 1', { attended: 1 }, 'attended must be true or false, not 1'],
  ['a status that there is not', { status: 'maybe' }, 'status must be one of declined, '],
  ['a status that is a number', { status: 1 }, 'status must be one of declined, '],
  ['a status from the prototype', { status: 'constructor' }, 'status must be one of declined, '],
  ['late and not attended', { status: 'late', attended: false }, 'attended must be true where the status is late'],
  ['present and not attended', { status: 'present', attended: false }, 'attended must be true where'],
  ['absent and attended', { status: 'absent', attended: true }, 'attended must be false where the status is absent'],
  ['excused and attended', { status: 'excused', attended: true }, 'attended must be false where'],
  ['a comment XML could not carry', { comment: 'bell \u0007' }, 'comment has a character that XML cannot carry'],
  ['a comment with a NUL', { comment: '\0', status: 'late' }, 'comment has a character that XML cannot carry'],
  ['a comment with half a character', { comment: '\ud800' }, 'comment has a character that XML cannot carry'],
  ['a comment too long', { comment: 'x'.repeat(2_001) }, 'comment has 2001 characters'],
  ['a comment that is a number', { comment: 5 }, 'comment must be a text, not 5'],
  ['an action_date that is none', { action_date: 'yesterday' }, 'action_date must be an instant, not "yesterday"'],
  ...['2026-10-20T10:00:00', '2026-10-20T10:00', '2026-10-20T10:00:00.987'].map(
    (action_date): [string, object, string] => [
      `the action_date ${action_date}, which has no time zone`,
      { action_date },
      `action_date must say its time zone, like Z for UTC or -05:00, not "${action_date}"`,
    ],
  ),
  ['an action_date that never was', { action_date: '2014-02-30T00:00:00Z' }, 'action_date must be an instant'],
  ['an action_date of a leap second', { action_date: '2016-12-31T23:59:60Z' }, 'action_date must be an instant'],
  ['an action_date beyond the years', { action_date: '9999-12-31T23:59:59-14:00' }, 'action_date must be an instant'],
  ['an action_date of the year 0', { action_date: '0000-01-01T00:00:00Z' }, 'action_date must be an instant'],
  ['an origin_system with a NUL', { origin_system: 'x\0' }, 'origin_system must be a text of at most 255'],
  ['an origin_system too long', { origin_system: 'x'.repeat(256) }, 'origin_system must be a text of at most 255'],
  ['identifiers that are a text', { identifiers: 'a:1' }, 'identifiers must be a list of at most 100 texts'],
  ['identifiers that are numbers', { identifiers: [1] }, 'identifiers.0 must be a text of 1 to 255 characters'],
  ['an identifier with a NUL', { identifiers: ['a:\0'] }, 'identifiers.0 must be a text of 1 to 255 characters'],
  ['too many identifiers', { identifiers: Array(101).fill('a:1') }, 'identifiers must be a list of at most 100'],
  ['an identifier of ours', { identifiers: ['rollbook:5'] }, 'identifiers must not have rollbook:5'],
];

test.each(wrong)(
  'POST with %s is 400 with the field, what was sent and what would be right',
  async (_what, more, words) => {
    const before = await everything(osdi);
    const { status, body } = await post(linked(more));
    expect(status).toBe(400);
    expect(errorOf(body)).toMatchObject({
      error_code: expect.stringMatching(/_INVALID$/),
      description: expect.stringContaining(words),
      properties: [words.split(' ')[0]],
    });
    expect(body['osdi:error'].resource_status[0].resource).toBe('osdi:attendance');
    expect(await everything(osdi)).toEqual(before);
  },
);

test.each(wrong)('PUT with %s is 400 and changes nothing', async (_what, more) => {
  const before = await everything(osdi);
  const { status } = await osdi.put(ada).send(more);
  expect(status).toBe(400);
  expect(await everything(osdi)).toEqual(before);
});

test.each([
  ['an event that is not', '/events/99999999/attendances', 404],
  ['a person who is not', '/people/999999/attendances', 404],
])('POST to %s is not found', async (_what, path, expected) => {
  const { status } = await post(linked(), path);
  expect(status).toBe(expected);
});

test.each<[string, (osdi: Osdi) => unknown, number]>([
  ['no link', () => undefined, 400],
  ['another host', () => ({ href: `https://x.example${BASE}${event}` }), 400],
  ['something else of ours', () => ({ href: `${BASE}/people/1` }), 400],
  ['an event that is not', () => ({ href: `${BASE}/events/99999999` }), 404],
])('POST to a person with %s for an event is refused', async (_what, link, expected) => {
  const before = await everything(osdi);
  const body = { _links: { 'osdi:event': link(osdi) } };
  const { status } = await post(body, `/people/${osdi.api.world.people.ada}/attendances`);
  expect(status).toBe(expected);
  expect(await everything(osdi)).toEqual(before);
});

test('a client bound to a teacher writes to the events of their sections alone', async () => {
  const before = await everything(osdi);
  const mendel = await osdi.as({ person: osdi.api.world.people.mendel });
  const { status, body } = await mendel.post(`${event}/attendances`).send(linked());
  expect([status, errorOf(body)]).toEqual([403, expect.objectContaining({ error_code: 'SECTION_FORBIDDEN' })]);
  expect(await everything(osdi)).toEqual(before);
});
