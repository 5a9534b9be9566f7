import { type Api, openApi } from '../api';
import { call, carrying } from './calling';
import { createFixtures, everythingOf, type Fixtures } from './fixtures';
import { isOfLti } from './scopes';
import { others, type Row, table } from './table';

/**
 * A teacher whose enrollment has ended: they write nothing. Where it has ended with the section, they read all of it; where
 * the section goes on without them, the days that they were there. These may all be kept days.
 */
const END = '2026-01-10';
const LEFT = { admin: true };
const rows = [...Object.entries(table), ...others].filter(([endpoint]) => !isOfLti(endpoint));
const reads = rows.filter(([endpoint]) => /^GET|\/(query|count|multiget)($|\/com)/.test(endpoint));
const writes = rows.filter(
  ([endpoint, row]) =>
    !reads.some(([, read]) => read === row) && !/session|sign-in|oauth|webhooks|triggers/.test(endpoint),
);
/** It names no last day: `left.test.ts`. */
const OPEN_RANGE = 'GET /v1/sections/:section/attendance';
/** For who may give the class to somebody. */
const SUBSTITUTES = ['GET /substitutions/', 'GET /substitutions/people'];

describe.each([
  ['taught it to its end', END, {}, []],
  ['left while it went on', END, LEFT, [OPEN_RANGE]],
  ['has left, and of whose enrollment there are kept days alone', '2025-08-25', LEFT, [OPEN_RANGE]],
])('a teacher who %s', (_what, end_date, ended, forbidden: readonly string[]) => {
  let api: Api;
  let fixtures: Fixtures;
  let teacher: Api;
  const before = new Map<Row, number>();

  const told = ([endpoint, row]: readonly [string, Row]) =>
    call(api, endpoint, row, fixtures.aspen.ids, carrying(row.ask(fixtures.aspen.ids).path, teacher.token));

  beforeAll(async () => {
    api = await openApi();
    fixtures = await createFixtures(api);
    teacher = await api.as({ person: fixtures.aspen.ids.teacher });
    for (const read of reads) before.set(read[1], (await told(read)).status);
    const { knex } = api.world.database;
    const ofSection = { section_id: fixtures.aspen.ids.section, ...ended };
    await knex('enrollments').where(ofSection).update({ end_date });
    if (end_date === END) return;
    const { id: enrollment_id, district_id, section_id } = await knex('enrollments').where(ofSection).first();
    await knex('kept_days').insert({ district_id, section_id, enrollment_id, begin_date: end_date, end_date: END });
  });
  afterAll(() => api.close());

  test.each(reads)('%s answers as it did', async (endpoint, row) => {
    expect((await told([endpoint, row])).status).toBe(
      [...forbidden, ...SUBSTITUTES].includes(endpoint) ? 403 : before.get(row),
    );
  });

  test.each(writes)('%s is refused and changes nothing', async (endpoint, row) => {
    const stood = await everythingOf(api, fixtures.aspen);
    const { status, text } = await told([endpoint, row]);
    expect(await everythingOf(api, fixtures.aspen)).toEqual(stood);
    // An item among others is refused by itself.
    if (status < 400)
      expect([status, text]).toEqual([200, expect.stringMatching(/does not teach|no more|no access|403/i)]);
    else expect(status).toBe(403);
  });

  test('no new day is scheduled, no roll of none taken, nobody said to come, nobody admitted', async () => {
    const { section, meeting } = fixtures.aspen.ids;
    const stood = await everythingOf(api, fixtures.aspen);
    const osdi = (path: string, body: object) =>
      api.post(`/osdi/api/v1${path}`).unset('Authorization').set('OSDI-API-Token', teacher.token).send(body);
    const answers = [
      await osdi('/events', { identifiers: [`rollbook:section:${section}`], all_day_date: '2025-10-30' }),
      await osdi(`/events/${meeting}/record_attendance_helper`, { person: { family_name: 'New' }, status: 'accepted' }),
      await teacher
        .put(`/v1/sections/${section}/attendance`)
        .send({ attendances: { attendance: [{ enrollment_id: 1, date: '2025-10-30', status: 2 }] } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect(await everythingOf(api, fixtures.aspen)).toEqual(stood);
  });

  test('whoever is of the district writes there as before', async () => {
    const { section, enrollment } = fixtures.aspen.ids;
    const item = { enrollment_id: enrollment, date: '2025-10-28', status: 2 };
    const { body } = await api.put(`/v1/sections/${section}/attendance`).send({ attendances: { attendance: [item] } });
    expect(body.attendance[0].response_code).toBe(200);
  });
});
