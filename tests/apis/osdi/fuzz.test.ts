import fc from 'fast-check';
import { runs } from '../../runs';
import { DAY, everything, type Osdi, openOsdi, scheduled } from './osdi';

/** Whatever is sent: an answer of our own, never a fault, and nothing changed where the answer is a refusal. */
let osdi: Osdi;
let event: string;
beforeAll(async () => {
  osdi = await openOsdi();
  event = await scheduled(osdi);
});
afterAll(() => osdi.api.close());

const RUNS = runs(100);

const text = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e400',
    '9223372036854775808',
    '\0',
    '\ud800',
    '😀',
    "'",
    '__proto__',
    DAY,
    `${DAY}T08:00:00Z`,
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const value = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 }));
const href = fc.oneof(
  text,
  fc.integer({ min: 0, max: 12 }).map((id) => `/osdi/api/v1/people/${id}`),
  fc.webUrl(),
);
const link = fc.oneof(value, fc.record({ href }, { requiredKeys: [] }));
const person = fc.record(
  {
    identifiers: fc.oneof(
      value,
      fc.array(fc.oneof(text, fc.constantFrom('rollbook:2', 'oneroster:ada', 'a:1')), { maxLength: 3 }),
    ),
    given_name: value,
    family_name: value,
    email_addresses: fc.oneof(value, fc.array(fc.record({ address: value }), { maxLength: 2 })),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 5,
    arbitrary: fc.record(
      {
        identifiers: fc.oneof(value, fc.array(text, { maxLength: 3 })),
        origin_system: value,
        action_date: value,
        status: fc.oneof(value, fc.constantFrom('declined', 'accepted', 'late', 'absent', 'present', 'excused')),
        attended: value,
        comment: value,
        all_day_date: value,
        start_date: value,
        person: fc.oneof(value, person),
        _links: fc.oneof(
          value,
          fc.record({ 'osdi:person': link, 'osdi:event': link, 'osdi:invited_by': link }, { requiredKeys: [] }),
        ),
      },
      { requiredKeys: [] },
    ),
  },
);

test('any body is taken or refused as a whole', async () => {
  const { enrollments, people } = osdi.api.world;
  const day = Number(event.slice(-5));
  const ada = `attendances/${enrollments.ada * 100_000 + day}`;
  const call = fc.constantFrom<['post' | 'put' | 'patch', string][]>(
    ['post', '/events'],
    ['post', `${event}/attendances`],
    ['post', `${event}/record_attendance_helper`],
    ['post', `/people/${people.ada}/attendances`],
    ['put', `${event}/${ada}`],
    ['patch', `/people/${people.ada}/${ada}`],
  );
  await fc.assert(
    fc.asyncProperty(call, body, async ([verb, path], sent) => {
      const before = await everything(osdi);
      const answer = await osdi[verb](path).type('application/json').send(JSON.stringify(sent));
      expect([200, 201, 400, 404]).toContain(answer.status);
      if (answer.status >= 400) {
        expect(answer.body['osdi:error'].resource_status[0].error_descriptions[0].description).not.toBe('');
        expect(await everything(osdi)).toEqual(before);
      } else expect((await osdi.get(answer.body._links.self.href)).body).toEqual(answer.body);
    }),
    { numRuns: RUNS },
  );
});
