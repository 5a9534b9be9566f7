import { SchoolBody } from '../../../schemas/rollbook/schools';
import { openSignIn } from '../../../src/clients/sign-in';
import { type Api, openApi } from '../../api';

/** Whoever changes a setting, a letter or a calendar of a school is kept with it. */
let api: Api;
let school: number;
let other: number;
let noor: (method: string, path: string, body?: object) => Promise<number>;
beforeEach(async () => {
  api = await openApi();
  const { id, ...row } = await knex('schools').first();
  school = id;
  [{ id: other }] = await knex('schools')
    .insert({ ...row, sourced_id: 'other', name: 'Other', number: '201' })
    .returning('id');
  noor = await signedIn();
});
afterEach(() => api.close());

const knex = (table: string) => api.world.database.knex(table);

/** Somebody of the office, who is signed in. */
async function signedIn() {
  const { world, clients, url } = api;
  const { id: _id, ...person } = await knex('people').where({ id: world.people.noether }).first();
  const [{ id }] = await knex('people')
    .insert({
      ...person,
      sourced_id: 'noor',
      given_name: 'Noor',
      family_name: 'Rahimi',
      role: 'administrator',
      school_id: null,
    })
    .returning('id');
  const invitation = await openSignIn(world.database, clients).invite(world.districts.larkspur, id, 60);
  const send = (method: string, path: string, cookie: string, body?: object) =>
    fetch(url + path, {
      method,
      headers: { cookie, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const cookie = (await send('POST', '/sign-in', '', { invitation })).headers.get('set-cookie')!.split(';')[0]!;
  return async (method: string, path: string, body?: object) => (await send(method, path, cookie, body)).status;
}

interface Change {
  readonly what: string;
  readonly value: string;
  readonly name: string;
  readonly schools: number;
  readonly by: string;
}
const changes = async () => {
  const office = await api.as({ scopes: ['access'] });
  return (await office.get('/district/changes')).body.changes.map(({ what, value, name, schools, by }: Change) =>
    [what, value, name || `${schools} schools`, by].join('|'),
  );
};

/** A value of each setting that is other than before, and its entry. */
const settings: Readonly<Record<keyof (typeof SchoolBody)['properties'], readonly (readonly [unknown, string])[]>> = {
  untaken: [
    ['present', 'untaken_present|'],
    ['unknown', 'untaken_unknown|'],
  ],
  edit_days: [
    [5, 'edit_days_set|5'],
    [0, 'edit_days_set|0'],
    [null, 'edit_days_unlimited|'],
  ],
  grade_late: [
    [80, 'grade_set|80'],
    [null, 'grade_off|'],
  ],
  grade_excused: [
    ['present', 'grade_excused_present|'],
    ['left_out', 'grade_excused_left_out|'],
  ],
};

test.each(Object.entries(settings))(
  '%s is kept with who set it, once for each time it is another',
  async (name, steps) => {
    const expected: string[] = [];
    for (const [value, entry] of steps) {
      for (const _again of [1, 2]) expect(await noor('PATCH', `/schools/${school}`, { [name]: value })).toBe(200);
      expected.unshift(`${entry}|Larkspur Middle School|Noor Rahimi`);
      expect(await changes()).toEqual(expected);
    }
  },
);

test('every setting of a school is one of those', () => {
  expect(Object.keys(settings).sort()).toEqual(Object.keys(SchoolBody.properties).sort());
});

test('the letter is kept with who wrote it, and so is the usual one, each with its language', async () => {
  const path = `/schools/${school}/chronic-letter`;
  const own = { text: 'Dear family of {name}', language: 'en' };
  for (const body of [own, own, { ...own, language: 'es' }, { text: '' }])
    expect(await noor('PUT', path, body)).toBe(200);
  expect(await changes()).toEqual(
    ['letter_usual|en', 'letter_set|es', 'letter_set|en'].map((each) => `${each}|Larkspur Middle School|Noor Rahimi`),
  );
});

test('weeks and days are kept with who set them: those that are other than before, and of several schools at once', async () => {
  const weekdays = ['sunday', 'monday'];
  for (const _again of [1, 2]) expect(await noor('PUT', `/calendars/${school}`, { weekdays })).toBe(200);
  const holiday = { date: '2025-11-27', school_day: false, reason: 'Thanksgiving' };
  const saturday = { date: '2025-11-22', school_day: true, reason: '' };
  expect(await noor('PUT', `/calendars/${other}`, { days: [holiday] })).toBe(200);
  expect(await noor('PUT', '/calendars', { schools: 'all', days: [holiday, saturday] })).toBe(200);
  expect((await changes()).sort()).toEqual([
    'days_off_set|2025-11-27|Larkspur Middle School|Noor Rahimi',
    'days_off_set|2025-11-27|Other|Noor Rahimi',
    'school_days_set|2025-11-22|2 schools|Noor Rahimi',
    'week_set|17|Larkspur Middle School|Noor Rahimi',
  ]);
  expect(await knex('setting_changes').where({ what: 'school_days_set' })).toHaveLength(2);
  const many = Array.from({ length: 13 }, (_, index) => ({ date: `2025-12-${10 + index}`, school_day: false }));
  expect(await noor('PUT', `/calendars/${school}`, { days: many })).toBe(200);
  expect((await changes())[0]).toBe('days_off_set|2025-12-10 – 2025-12-22 (13)|Larkspur Middle School|Noor Rahimi');
});

test('of a program its name is kept; what is refused is not kept', async () => {
  const program = await api.as({ scopes: ['roster:write'] });
  expect((await program.patch(`/schools/${school}`).send({ edit_days: 3 })).status).toBe(200);
  const teacher = await api.as({ person: api.world.people.noether });
  expect((await teacher.patch(`/schools/${school}`).send({ edit_days: 4 })).status).toBe(403);
  expect(await noor('PATCH', `/schools/${school}`, { edit_days: 400 })).toBe(400);
  expect(await noor('PUT', `/schools/${school}/chronic-letter`, { text: '{nmae}' })).toBe(400);
  expect(await noor('PUT', `/calendars/${school}`, { days: [{ date: '2025-02-30' }] })).toBe(400);
  expect(await changes()).toEqual([expect.stringMatching(/^edit_days_set\|3\|Larkspur Middle School\|.+$/)]);
});
