import { invariantsOf } from '../../src/cli/check';
import { findingsOf } from '../../src/database/invariants';
import { LAST_DAY, today } from '../../src/days';
import { erasableTables, erase, wouldErase } from '../../src/privacy/erase';
import { subjectOf } from '../../src/privacy/subject';
import type { School } from '../apis/powerschool/school';
import { answers, countsIn, isStored, openTraces, TRACE } from './traces';

let school: School;
beforeEach(async () => {
  school = await openTraces();
});
afterEach(() => school.close());

const eraseAda = async () => {
  const { database, people } = school.world;
  return erase(database, await subjectOf(database, people.ada));
};
/** Eve goes to another district, and has Ada's email. */
const forgetEve = () =>
  school.world.database.knex('people').where({ id: school.world.people.eve }).update({ email: '' });
const rows = (table: string) => school.world.database.knex(table).orderBy(1).orderBy(2);
const tables = ['people', 'enrollments', 'marks', 'meetings', 'journal', 'powerschool_attendance', 'osdi_attendances'];
const everything = () => Promise.all([...tables, 'osdi_identifiers', 'api_clients', 'erasures'].map(rows));

test('afterwards no API says who it was or what was said, and all of them count as before', async () => {
  const before = await answers(school);
  const silent = Object.keys(before).filter((asked) => !JSON.stringify(before[asked]).includes(TRACE));
  expect(silent).toEqual(['/events', 'query', 'count']); // these say no names
  await eraseAda();
  const after = await answers(school);
  expect(JSON.stringify(after)).not.toContain(TRACE);
  for (const path of Object.keys(before)) {
    const counts = (answers: typeof before) => countsIn(answers[path], path.replace(/\?.*/, ''));
    expect([path, counts(after)]).toEqual([path, counts(before)]);
  }
});

test('nothing of it is left in the files of the database', async () => {
  await eraseAda();
  await forgetEve();
  const { database } = school.world;
  await database.scrub(erasableTables);
  expect(await isStored(school, TRACE)).toBe(false);
  expect(await isStored(school, '[erased]')).toBe(true);
});

test('an answer that a client remembers by its ETag is answered anew', async () => {
  const path = `/v1/sections/${school.world.sections.algebra}/attendance`;
  const { headers } = await school.get(path);
  expect((await school.get(path).set('If-None-Match', headers.etag!)).status).toBe(304);
  await eraseAda();
  const again = await school.get(path).set('If-None-Match', headers.etag!);
  expect([again.status, again.text.includes(TRACE)]).toEqual([200, false]);
});

test('the journal keeps every row, without what was said, and a row for each enrollment says that it was erased', async () => {
  const before = await rows('journal');
  await eraseAda();
  const after = await rows('journal');
  const ids = ({ id, from_status, to_status, date, at, api }: Record<string, unknown>) => [
    id,
    from_status,
    to_status,
    date,
    at,
    api,
  ];
  expect(after.slice(0, before.length).map(ids)).toEqual(before.map(ids));
  const { enrollments } = school.world;
  expect(
    after.slice(before.length).map(({ enrollment_id, api, to_comment }) => [enrollment_id, api, to_comment]),
  ).toEqual([enrollments.ada, enrollments.adaInBiology, school.daily.ada].map((id) => [id, 'person erase', '']));
});

describe('`check` finds the database whole afterwards', () => {
  const now = today('America/Chicago');
  const broken = async () => {
    const { database } = school.world;
    return (await findingsOf(database, invariantsOf(database), 3)).filter(({ level }) => level === 'error');
  };
  /** Enrolled today, whenever that is. */
  beforeEach(async () => {
    const { knex } = school.world.database;
    await knex('enrollments').update({ begin_date: '2025-08-25', end_date: LAST_DAY });
    expect(await broken()).toEqual([]);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['no section has a meeting that day', async () => undefined],
    [
      'a meeting that day has no roll yet',
      () => school.world.ledger.schedule(school.homeroom, now, school.world.actor),
    ],
    [
      'a roll was taken that day, and the person is present',
      () => school.mark([school.daily.grace, now, 3], [school.daily.ada, now, 1]),
    ],
    ['the person has a mark that day', () => school.mark([school.daily.ada, now, 2, `${TRACE} is ill`])],
    [
      "the person has a mark that day by a school's code",
      async () => {
        const { ledger, actor } = school.world;
        const mark = { enrollment: school.daily.ada, date: now, status: 2, comment: TRACE, code: school.code('A') };
        expect(await ledger.record([mark], actor)).toMatchObject([{ ok: true }]);
      },
    ],
  ])('where %s', async (_where, prepare) => {
    await prepare();
    expect(Object.keys(await eraseAda()).length).toBeGreaterThan(0);
    expect(await broken()).toEqual([]);
  });

  test('a teacher was erased', async () => {
    const { database, people } = school.world;
    await erase(database, await subjectOf(database, people.noether));
    expect(await broken()).toEqual([]);
  });
});

test('what others are and what was said of them stays, in this district and in the other', async () => {
  const { people, enrollments } = school.world;
  const others = async () => ({
    people: (await rows('people')).filter(({ id }) => id !== people.ada),
    marks: (await rows('marks')).filter(({ enrollment_id }) => enrollment_id === enrollments.grace),
    clients: (await rows('api_clients')).filter(({ person_id }) => person_id !== people.ada),
    tokens: (await rows('api_tokens')).length,
  });
  const before = await others();
  await eraseAda();
  expect(await others()).toEqual({ ...before, tokens: before.tokens - 1 });
  expect(before.people.find(({ id }) => id === people.eve)).toMatchObject({ email: `${TRACE}@example.org` });
});

test('a client that is bound to the person is refused from then on', async () => {
  const bound = await school.as({ person: school.world.people.noether });
  const path = `/v1/sections/${school.world.sections.algebra}/attendance`;
  expect((await bound.get(path)).status).toBe(200);
  const { database, people } = school.world;
  await erase(database, await subjectOf(database, people.noether));
  await new Promise((resolve) => setTimeout(resolve, 1_100)); // for a second it is remembered
  expect((await bound.get(path)).status).toBe(401);
});

test('what would be erased is what is erased, and the second time nothing is', async () => {
  const { database, people } = school.world;
  const before = await everything();
  const would = await wouldErase(database, await subjectOf(database, people.ada));
  expect(await everything()).toEqual(before);
  expect(would).toEqual({
    person: 1,
    enrollments: 3,
    marks: 2,
    journal: 4,
    powerschool_attendance: 1,
    osdi_attendances: 1,
    osdi_identifiers: 1,
    tokens: 1,
    api_clients: 1,
  });
  expect(await eraseAda()).toEqual(would);
  const after = await everything();
  expect(await eraseAda()).toEqual({});
  expect(await everything()).toEqual(after);
});

test('what lies in a section that the enrollment has been moved out of is found too', async () => {
  const { database, sections, enrollments } = school.world;
  await database.knex('enrollments').where({ id: enrollments.ada }).update({ section_id: sections.biology });
  await eraseAda();
  await forgetEve();
  await database.scrub(erasableTables);
  expect(await isStored(school, TRACE)).toBe(false);
});

test('where one statement fails, nothing has changed', async () => {
  const { database, people } = school.world;
  const subject = await subjectOf(database, people.ada);
  const before = await everything();
  await expect(erase(database, { ...subject, time_zone: 'nowhere' })).rejects.toThrow('nowhere');
  expect(await everything()).toEqual(before);
});
