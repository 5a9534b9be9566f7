import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';

/**
 * What reports say of rolls that nobody has taken. Algebra has Ada, Grace, Alan from 2025-10-06 and Katherine until 2025-10-09;
 * Biology has Ada. It is Wednesday, 2025-10-08.
 */
const [FRIDAY, SATURDAY, MONDAY, TUESDAY, TODAY, TOMORROW] = [
  '2025-10-03',
  '2025-10-04',
  '2025-10-06',
  '2025-10-07',
  '2025-10-08',
  '2025-10-09',
] as const;
const setClock = (day: string) => jest.useFakeTimers({ now: new Date(`${day}T17:00:00Z`), doNotFake: [...clockless] });

let api: Api;
let school: number;
beforeEach(async () => {
  setClock(TODAY);
  api = await openApi();
  school = (await api.world.database.knex('schools').first()).id;
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

type Name = keyof Api['world']['enrollments'];
/** As the office does: of single students, which takes no roll. */
const tell = async (...said: [who: Name, date: string, status: number][]) => {
  const marks = said.map(([who, date, status]) => ({ enrollment: api.world.enrollments[who], date, status }));
  const { body } = await api.post('/marks').send({ marks }).expect(200);
  expect(body.counts.refused).toBe(0);
};
const take = (section: 'algebra' | 'biology', date: string, taken = true) =>
  api.patch(`/rolls/${api.world.sections[section]}/${date}`).send({ taken }).expect(200);
const setUntaken = (untaken: string) => api.patch(`/schools/${school}`).send({ untaken }).expect(200);
const body = async (path: string) => (await api.get(path).expect(200)).body;

const days = async (range: string) =>
  (await body(`/reports/absence?by=day&${range}`)).rows.map((row: Record<string, unknown>) => [
    row.key,
    row.rolls_taken,
    row.student_days,
    row.absent_days,
    row.assumed,
  ]);
const day = async (date: string) => (await days(`from=${date}&to=${date}`))[0];
const rateOf = async (who: keyof Api['world']['people'], range = `from=2025-08-01&to=${TOMORROW}`) => {
  const { rate, enrolled_days, absent_days, assumed } = await body(
    `/reports/students/${api.world.people[who]}?${range}`,
  );
  return [rate, enrolled_days, absent_days, assumed];
};

test('a student who is excused on a roll that nobody has taken has that day, and nobody else has', async () => {
  await tell(['grace', MONDAY, 4]);
  expect(await day(MONDAY)).toEqual([MONDAY, 0, 1, 1, false]);
  expect([await rateOf('grace'), await rateOf('ada'), await rateOf('alan')]).toEqual([
    [0, 1, 1, false],
    [null, 0, 0, false],
    [null, 0, 0, false],
  ]);
  const chronic = await body(`/reports/chronic?min_days=1&from=${MONDAY}&to=${TODAY}`);
  expect(chronic).toMatchObject({ enrolled: 1, total: 1, assumed: false });
  expect(chronic.students).toEqual([
    expect.objectContaining({ name: 'Grace Hopper', enrolled_days: 1, absent_days: 1, rate: 1 }),
  ]);
  expect((await body(`/reports/students/${api.world.people.grace}?from=${MONDAY}&to=${TODAY}`)).days).toEqual([
    expect.objectContaining({ date: MONDAY, section: 'Algebra', status: 4 }),
  ]);
});

test('what was entered ahead counts in no rate, whatever range is asked for, until its day has come', async () => {
  await tell(['grace', MONDAY, 1], ['grace', TODAY, 1], ['grace', TOMORROW, 2], ['grace', '2025-10-10', 4]);
  const span = `from=${MONDAY}&to=2025-10-31`;
  const reports = async () => {
    const student = await body(`/reports/students/${api.world.people.grace}?${span}`);
    const absence = await body(`/reports/absence?by=month&${span}`);
    const chronic = await body(`/reports/chronic?min_days=1&${span}`);
    return [
      [student.to, student.rate, student.enrolled_days, student.absent_days, student.days.length],
      [absence.to, absence.rows[0].student_days, absence.rows[0].absent_days],
      [chronic.to, chronic.enrolled, chronic.total],
    ];
  };
  expect(await reports()).toEqual([
    [TODAY, 1, 2, 0, 0],
    [TODAY, 2, 0],
    [TODAY, 1, 0],
  ]);
  setClock(TOMORROW);
  expect(await reports()).toEqual([
    [TOMORROW, expect.closeTo(2 / 3), 3, 1, 1],
    [TOMORROW, 3, 1],
    [TOMORROW, 1, 1],
  ]);
});

test('a mark ahead that outlives its enrollment is still shown, and counts nowhere when its day has come', async () => {
  const { enrollments, sections, people, database } = api.world;
  await tell(['grace', TOMORROW, 2], ['ada', TOMORROW, 4]);
  await database.knex('enrollments').where({ id: enrollments.grace }).update({ end_date: TODAY });
  setClock(TOMORROW);
  const roll = await body(`/rolls/${sections.algebra}/${TOMORROW}`);
  const shown = roll.statuses.map(({ enrollment_id }: { enrollment_id: number }) => enrollment_id);
  expect(shown).toEqual([enrollments.ada, enrollments.grace]);
  const schoology = await body(`/v1/sections/${sections.algebra}/attendance?start=${TOMORROW}&end=${TOMORROW}`);
  expect(JSON.stringify(schoology)).toContain(`"enrollment_id":${enrollments.grace}`);
  const { rolls } = await body(`/reports/rolls?date=${TOMORROW}`);
  expect(rolls[0]).toMatchObject({ title: 'Algebra', marked: 1, absent: 0, excused: 1 });
  expect(await day(TOMORROW)).toEqual([TOMORROW, 0, 1, 1, false]);
  const history = await body(`/reports/students/${people.grace}?from=${MONDAY}&to=${TOMORROW}`);
  expect([history.rate, history.enrolled_days]).toEqual([null, 0]);
});

test('a range that begins after today is refused', async () => {
  const { grace } = api.world.people;
  for (const path of [`/reports/students/${grace}?`, '/reports/absence?', '/reports/chronic?']) {
    const answer = await api.get(`${path}from=${TOMORROW}&to=2025-10-31`);
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [
        expect.objectContaining({
          field: 'from',
          message: expect.stringContaining(`must be ${TODAY}, which is today`),
        }),
      ],
    ]);
  }
});

test('a presence that was told of one student is their day alone, and weighs as much as an absence in another class', async () => {
  await tell(['ada', MONDAY, 1], ['adaInBiology', MONDAY, 2], ['ada', TUESDAY, 1]);
  expect(await days(`from=${MONDAY}&to=${TUESDAY}`)).toEqual([
    [MONDAY, 1, 1, 1, false], // Biology has nobody else: its roll is complete
    [TUESDAY, 0, 1, 0, false],
  ]);
  expect(await rateOf('ada')).toEqual([0.5, 2, 1, false]);
});

test('a day with several statuses on rolls that are not taken is what they come to', async () => {
  await tell(['ada', MONDAY, 3], ['grace', MONDAY, 2], ['katherine', MONDAY, 1]);
  expect((await body(`/reports/absence?from=${MONDAY}&to=${MONDAY}`)).rows).toEqual([
    expect.objectContaining({ rolls_taken: 0, student_days: 3, absent_days: 1, late_days: 1, absence_rate: 1 / 3 }),
  ]);
});

test('once the roll is taken everybody has the day, and once it was not after all, those again of whom it was told', async () => {
  await tell(['grace', MONDAY, 2], ['ada', MONDAY, 1]);
  await take('algebra', MONDAY);
  expect(await day(MONDAY)).toEqual([MONDAY, 1, 4, 1, false]);
  await take('algebra', MONDAY, false);
  expect(await day(MONDAY)).toEqual([MONDAY, 0, 2, 1, false]);
});

test('a school’s day and its rolls say how many are taken, how many are not, and who is marked on those', async () => {
  await tell(['grace', TODAY, 4], ['ada', TODAY, 1], ['katherine', TODAY, 3]);
  const today = async () => (await body('/reports/today')).schools[0];
  expect(await today()).toMatchObject({ rolls: 2, taken: 0, not_taken: 2, marked: 3, students: 3, absent: 1, late: 1 });
  const rolls = async (query = '') => (await body(`/reports/rolls?date=${TODAY}${query}`)).rolls;
  expect(await rolls('&taken=no')).toEqual([
    expect.objectContaining({ title: 'Algebra', taken_at: null, marked: 3, absent: 0, late: 1, excused: 1 }),
    expect.objectContaining({ title: 'Biology', taken_at: null, marked: 0 }),
  ]);
  await take('algebra', TODAY);
  expect(await today()).toMatchObject({ rolls: 2, taken: 1, not_taken: 1, marked: 0, students: 4, absent: 1, late: 1 });
  expect(await rolls()).toEqual([
    expect.objectContaining({ title: 'Algebra', taken_at: expect.any(String), marked: 0, late: 1, excused: 1 }),
    expect.objectContaining({ title: 'Biology', taken_at: null }),
  ]);
  expect(await rolls('&taken=no')).toEqual([expect.objectContaining({ title: 'Biology' })]);
});

test('who is marked on two rolls that are not taken is one student', async () => {
  const { knex } = api.world.database;
  await knex('enrollments').insert({
    ...{ district_id: api.world.districts.larkspur, section_id: api.world.sections.biology },
    ...{ person_id: api.world.people.grace, sourced_id: 'grace-bio', admin: false },
    ...{ begin_date: '2025-08-25', end_date: '2026-06-12' },
  });
  await tell(['ada', TODAY, 2], ['adaInBiology', TODAY, 2]);
  expect((await body('/reports/today')).schools[0]).toMatchObject({ not_taken: 2, marked: 1 });
});

test('who is marked and has left since is not counted', async () => {
  await tell(['katherine', TODAY, 2], ['grace', TODAY, 1]);
  await api.world.database
    .knex('enrollments')
    .whereIn('id', [api.world.enrollments.katherine, api.world.enrollments.grace])
    .update({ end_date: TODAY });
  expect((await body('/reports/today')).schools[0]).toMatchObject({ marked: 0, students: 0, absent: 0 });
  expect((await body('/reports/rolls')).rolls[0]).toMatchObject({ title: 'Algebra', marked: 0, absent: 0 });
});

test('these counts are in CSV too', async () => {
  await tell(['grace', TODAY, 4]);
  const csv = async (path: string) => {
    const [head, row] = (await api.get(path).set('Accept', 'text/csv')).text.split('\r\n');
    return Object.fromEntries(head!.split(',').map((name, index) => [name, row!.split(',')[index]]));
  };
  expect(await csv('/reports/today')).toMatchObject({
    rolls: '2',
    taken: '0',
    not_taken: '2',
    marked: '1',
    absent: '1',
  });
  expect(await csv('/reports/rolls?taken=no')).toMatchObject({ title: 'Algebra', taken_at: '', marked: '1' });
});

test('a section’s month has what was told of single students, and nothing of the others', async () => {
  await tell(['ada', MONDAY, 1], ['grace', MONDAY, 2]);
  await take('algebra', TUESDAY);
  const path = `/reports/sections/${api.world.sections.algebra}/month?month=2025-10`;
  const { students, days } = await body(path);
  const told = students.map(({ name, marks, presences }: Record<string, unknown>) => [name, marks, presences]);
  expect(told).toEqual([
    ['Grace Hopper', [{ date: MONDAY, status: 2, comment: '' }], []],
    ['Katherine Johnson', [], []],
    ['Ada Lovelace', [], [MONDAY]],
    ['Alan Turing', [], []],
  ]);
  const takenAt = (date: string) => days.find((day: { date: string }) => day.date === date).taken_at;
  expect([takenAt(MONDAY), takenAt(TUESDAY)]).toEqual([null, expect.any(String)]);

  const [head, ...rows] = (await api.get(path).set('Accept', 'text/csv')).text
    .split('\r\n')
    .map((row) => row.split(','));
  const column = head!.indexOf(MONDAY);
  expect(rows.slice(0, 4).map((row) => row.slice(column - 1, column + 2))).toEqual([
    ['', '2', '1'],
    ['', '', '1'],
    ['', '1', '1'],
    ['', '', '1'],
  ]);
});

test('changes say whether the roll was taken, was not after all, or was scheduled', async () => {
  await api.world.ledger.open((transaction) =>
    transaction.schedule({ section: api.world.sections.algebra, date: MONDAY }, api.world.actor),
  );
  await tell(['grace', MONDAY, 4]);
  await take('algebra', MONDAY);
  await take('algebra', MONDAY, false);
  const path = `/reports/sections/${api.world.sections.algebra}/changes?date=${MONDAY}`;
  const { changes } = await body(path);
  expect(
    changes.map(({ roll, student, to_status, to_comment }: Record<string, unknown>) => [
      roll,
      student,
      to_status,
      to_comment,
    ]),
  ).toEqual([
    ['not taken', null, null, ''],
    ['taken', null, null, ''],
    [null, 'Grace Hopper', 4, ''],
    ['scheduled', null, null, ''],
  ]);
  const { text } = await api.get(path).set('Accept', 'text/csv');
  expect(text.split('\r\n').map((row) => row.split(',')[4])).toEqual([
    'roll',
    'not taken',
    'taken',
    '',
    'scheduled',
    undefined,
  ]);
});

describe('in a school in which students who are not marked count as present', () => {
  beforeEach(() => setUntaken('present'));

  test('they do on past school days, on which nobody has written anything either, but not today nor later', async () => {
    expect(await days(`from=${FRIDAY}&to=${TOMORROW}`)).toEqual([
      [FRIDAY, 0, 3, 0, true],
      [MONDAY, 0, 4, 0, true],
      [TUESDAY, 0, 4, 0, true],
    ]);
    expect(await rateOf('alan')).toEqual([1, 2, 0, true]); // has come on Monday
    const { rows } = await body(`/reports/absence?by=school&from=2025-08-01&to=${TOMORROW}`);
    const weekdays = 32; // from 2025-08-25 to 2025-10-07
    expect(rows).toEqual([
      expect.objectContaining({ student_days: 3 * weekdays + 2, rolls_taken: 0, absence_rate: 0, assumed: true }),
    ]);
  });

  test('an absence is a part of all days', async () => {
    await tell(['grace', MONDAY, 2]);
    expect(await day(MONDAY)).toEqual([MONDAY, 0, 4, 1, true]);
    expect(await rateOf('grace')).toEqual([1 - 1 / 32, 32, 1, true]);
    const chronic = await body(`/reports/chronic?min_days=1&from=2025-08-01&to=${TUESDAY}`);
    expect(chronic).toMatchObject({ enrolled: 4, total: 0, share: 0, assumed: true });
  });

  test('who is absent in one of their classes counts as present in the others', async () => {
    const { knex } = api.world.database;
    const { biology } = api.world.sections;
    const [chemistry, latin] = await Promise.all(
      ['Chemistry', 'Latin'].map(async (title) => {
        const { id, ...section } = await knex('sections').where({ id: biology }).first();
        return (
          await knex('sections')
            .insert({ ...section, title, sourced_id: title })
            .returning('id')
        )[0].id;
      }),
    );
    for (const section_id of [chemistry, latin])
      await knex('enrollments').insert({
        ...{ district_id: api.world.districts.larkspur, section_id, person_id: api.world.people.ada },
        ...{ sourced_id: `ada-${section_id}`, admin: false, begin_date: '2025-08-25', end_date: '2026-06-12' },
      });
    await tell(['ada', MONDAY, 2]);
    expect([await day(MONDAY), await rateOf('ada', `from=${MONDAY}&to=${MONDAY}`)]).toEqual([
      [MONDAY, 0, 4, 0, true],
      [1, 1, 0, true],
    ]);
    await tell(['adaInBiology', MONDAY, 4]);
    expect([await day(MONDAY), await rateOf('ada', `from=${MONDAY}&to=${MONDAY}`)]).toEqual([
      [MONDAY, 1, 4, 1, true], // Biology has nobody else: its roll is complete
      [0, 1, 1, true],
    ]);
    // A SIS that notes one record a day notes it in homeroom, and means all of it.
    await knex('sections').where({ id: api.world.sections.algebra }).update({ class_type: 'homeroom' });
    await tell(['ada', TUESDAY, 2]);
    expect([await day(TUESDAY), await rateOf('ada', `from=${TUESDAY}&to=${TUESDAY}`)]).toEqual([
      [TUESDAY, 0, 4, 1, true],
      [0, 1, 1, true],
    ]);
  });

  test('no API has another entry, and the list of rolls that are not taken is the same', async () => {
    await day(MONDAY);
    const { algebra } = api.world.sections;
    expect((await body(`/v1/sections/${algebra}/attendance?taken=1`)).date).toEqual([]);
    expect((await body(`/rolls/${algebra}/${MONDAY}`)).statuses).toEqual([]);
    expect((await body(`/reports/sections/${algebra}/month?month=2025-10`)).students).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'Ada Lovelace', marks: [], presences: [] })]),
    );
    expect((await body(`/reports/rolls?date=${MONDAY}&taken=no`)).rolls).toHaveLength(2);
    expect((await body(`/reports/today?date=${MONDAY}`)).schools[0]).toMatchObject({
      ...{ rolls: 2, taken: 0, not_taken: 2, marked: 0, students: 4, absent: 0, assumed: true },
    });
  });

  test('a day counts once it is over', async () => {
    expect((await days(`from=${MONDAY}`)).map(([date]: string[]) => date)).toEqual([MONDAY, TUESDAY]);
    setClock('2025-10-11');
    expect((await days(`from=${MONDAY}`)).map(([date]: string[]) => date)).toEqual([
      ...[MONDAY, TUESDAY, TODAY, TOMORROW, '2025-10-10'],
    ]);
  });

  test('a day that the calendar takes out does not count, and one that it puts in does, whenever that is said', async () => {
    await day(MONDAY);
    const set = (date: string, school_day: boolean) =>
      api
        .put(`/calendars/${school}`)
        .send({ days: [{ date, school_day, reason: '' }] })
        .expect(200);
    await set(MONDAY, false);
    await set(SATURDAY, true);
    const dates = async () => (await days(`from=${FRIDAY}&to=${TODAY}`)).map(([date]: string[]) => date);
    expect(await dates()).toEqual([FRIDAY, SATURDAY, TUESDAY]);
    expect(await rateOf('grace', `from=${FRIDAY}&to=${TODAY}`)).toEqual([1, 3, 0, true]);
    await set(MONDAY, true);
    expect(await dates()).toEqual([FRIDAY, SATURDAY, MONDAY, TUESDAY]);
  });

  test('who comes is counted on the day that is said of them, and on no other day that was counted before', async () => {
    expect(await day(MONDAY)).toEqual([MONDAY, 0, 4, 0, true]);
    const event = await api
      .post('/osdi/api/v1/events')
      .set('OSDI-API-Token', api.token)
      .send({ identifiers: [`rollbook:section:${api.world.sections.algebra}`], all_day_date: MONDAY });
    const helper = `${new URL(event.body._links.self.href).pathname}/record_attendance_helper`;
    const person = {
      given_name: 'Mary',
      family_name: 'Somerville',
      email_addresses: [{ address: 'mary@example.org' }],
    };
    await api
      .post(helper)
      .set('OSDI-API-Token', api.token)
      .send({ person, status: 'accepted', attended: true })
      .expect(201);
    expect(await days(`from=${FRIDAY}&to=${TODAY}`)).toEqual([
      [FRIDAY, 0, 3, 0, true],
      [MONDAY, 0, 5, 0, true],
      [TUESDAY, 0, 4, 0, true],
    ]);
    setClock(TOMORROW);
    expect(await day(TODAY)).toEqual([TODAY, 0, 5, 0, true]);
  });

  test('whose enrollment has no beginning counts from the day on which the district came to rollbook', async () => {
    const { knex } = api.world.database;
    await knex('districts')
      .where({ id: api.world.districts.larkspur })
      .update({ created_at: `${FRIDAY}T17:00:00.000Z` });
    await knex('enrollments').update({ begin_date: '0001-01-01', end_date: '9999-12-31' });
    await knex('enrollments').where({ id: api.world.enrollments.alan }).update({ begin_date: '2025-10-01' });
    await setUntaken('unknown');
    await setUntaken('present');
    expect(await days(`from=2025-08-01&to=${TODAY}`)).toEqual([
      ['2025-10-01', 0, 1, 0, true],
      ['2025-10-02', 0, 1, 0, true],
      [FRIDAY, 0, 4, 0, true],
      [MONDAY, 0, 4, 0, true],
      [TUESDAY, 0, 4, 0, true],
    ]);
    expect([await rateOf('grace'), await rateOf('alan')]).toEqual([
      [1, 3, 0, true],
      [1, 5, 0, true],
    ]);
  });

  test('what was erased of a year that is over does not come back as present', async () => {
    const { knex } = api.world.database;
    await knex('enrollments').where({ id: api.world.enrollments.grace }).update({ begin_date: '2025-06-26' });
    await knex('erased_years').insert({
      ...{ district_id: api.world.districts.larkspur, year: 2024, kept_in: 'marks', removed: 1 },
      at: new Date().toISOString(),
    });
    expect(await rateOf('grace', 'from=2025-06-01&to=2025-07-02')).toEqual([1, 2, 0, true]);
    expect((await days('from=2025-06-01&to=2025-07-02')).map(([date]: string[]) => date)).toEqual([
      '2025-07-01',
      '2025-07-02',
    ]);
  });

  test('a year that was erased goes to where the sessions of the district end it', async () => {
    const { knex } = api.world.database;
    const district_id = api.world.districts.larkspur;
    await knex('enrollments').where({ id: api.world.enrollments.grace }).update({ begin_date: '2025-06-26' });
    const session = { district_id, title: '2024-25', type: 'schoolYear', school_year: '2025', active: true };
    await knex('terms').where({ district_id }).update({ active: false });
    await knex('terms').insert({
      ...session,
      ...{ sourced_id: 'y24', begin_date: '2024-08-01', end_date: '2025-08-05' },
    });
    const erased = { district_id, year: 2024, kept_in: 'marks', removed: 1, at: new Date().toISOString() };
    await knex('erased_years').insert(erased);
    expect((await days('from=2025-06-01&to=2025-08-06')).map(([date]: string[]) => date)).toEqual([
      '2025-08-05',
      '2025-08-06',
    ]);
  });

  test('as soon as the school says otherwise only what is known counts, and back again', async () => {
    await tell(['grace', MONDAY, 2]);
    await take('algebra', TUESDAY);
    const range = `from=${FRIDAY}&to=${TODAY}`;
    const assumed = [
      [FRIDAY, 0, 3, 0, true],
      [MONDAY, 0, 4, 1, true],
      [TUESDAY, 1, 4, 0, true],
    ];
    expect(await days(range)).toEqual(assumed);
    await setUntaken('unknown');
    expect(await days(range)).toEqual([
      [MONDAY, 0, 1, 1, false],
      [TUESDAY, 1, 4, 0, false],
    ]);
    expect([await rateOf('grace', range), await rateOf('alan', range)]).toEqual([
      [0.5, 2, 1, false],
      [1, 1, 0, false],
    ]);
    await setUntaken('present');
    expect(await days(range)).toEqual(assumed);
  });

  test('another school of the district, and sections of none, count as before', async () => {
    const { knex } = api.world.database;
    await knex('sections').where({ id: api.world.sections.biology }).update({ school_id: null });
    expect((await body(`/reports/absence?by=school&from=${MONDAY}&to=${TUESDAY}`)).rows).toEqual([
      expect.objectContaining({ key: String(school), student_days: 8 }),
    ]);
  });
});
