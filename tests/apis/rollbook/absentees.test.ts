import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';

/** Algebra, in period 1, has Ada, Grace, Alan and until 2025-10-09 Katherine; Biology, in period 2, has Ada. It is Thursday. */
let api: Api;
let school: number;
const DAY = '2025-10-08';
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date('2025-10-09T17:00:00Z'), doNotFake: [...clockless] });
  api = await openApi();
  const { knex } = api.world.database;
  school = (await knex('schools').first()).id;
  await knex('sections').where({ id: api.world.sections.biology }).update({ periods: '2' });
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

const list = async (query = '', by: Api = api) =>
  (await by.get(`/reports/absentees?school=${school}&date=${DAY}${query}`).expect(200)).body;
const named = async (query = '', by: Api = api) =>
  (await list(query, by)).marks.map((mark: Record<string, unknown>) => [mark.name, mark.section, mark.status]);

/** Ada absent in both classes, in one with a reason; Grace late; Alan excused by a teacher. */
async function day() {
  const { enrollments, people, sections } = api.world;
  await api.mark([enrollments.adaInBiology, DAY, 2], [enrollments.ada, DAY, 2, 'flu'], [enrollments.grace, DAY, 3]);
  const teacher = await api.as({ person: people.noether });
  const statuses = [{ enrollment_id: enrollments.alan, status: 4 }];
  await teacher.patch(`/rolls/${sections.algebra}/${DAY}`).send({ statuses }).expect(200);
}

describe('Who is absent', () => {
  beforeEach(day);

  test('is listed by name, then by period, with who said so and whether it is explained', async () => {
    const { marks, periods, codes, ...rest } = await list();
    expect(rest).toEqual({
      school: { id: school, name: 'Larkspur Middle School' },
      date: DAY,
      school_day: true,
      reason: '',
    });
    expect([periods, codes.map(({ code }: { code: string }) => code)]).toEqual([
      ['1', '2'],
      ['P', 'A', 'E', 'T', 'UT'],
    ]);
    const said = marks.map((mark: Record<string, unknown>) =>
      ['name', 'section', 'status', 'comment', 'unexplained', 'by'].map((column) => mark[column]),
    );
    expect(said).toEqual([
      ['Grace Hopper', 'Algebra', 3, '', false, ''],
      ['Ada Lovelace', 'Algebra', 2, 'flu', false, ''],
      ['Ada Lovelace', 'Biology', 2, '', true, ''],
      ['Alan Turing', 'Algebra', 4, '', false, 'Emmy Noether'],
    ]);
  });

  test.each([
    ['&status=absent', ['Ada Lovelace', 'Ada Lovelace']],
    ['&status=late', ['Grace Hopper']],
    ['&period=2', ['Ada Lovelace']],
    ['&unexplained=yes', ['Ada Lovelace']],
    ['&unexplained=no&status=absent', ['Ada Lovelace']],
    ['&code=A', []],
  ])('is narrowed by %s', async (query, expected) => {
    expect((await named(query)).map(([name]: string[]) => name)).toEqual(expected);
  });

  test('has the codes of the school, of which the first for absent explains nothing and another does', async () => {
    const { enrollments } = api.world;
    const send = (code: string) =>
      api
        .post('/marks')
        .send({ marks: [{ enrollment: enrollments.adaInBiology, date: DAY, code }] })
        .expect(200);
    await send('A');
    const [{ code, unexplained }] = (await list('&code=A')).marks;
    expect([code, unexplained]).toEqual(['A', true]);
    const { knex } = api.world.database;
    const place = { district_id: api.world.districts.larkspur, school_id: school, year: 2025 };
    await knex('attendance_codes').insert({ ...place, code: 'FT', description: 'Field trip', status: 2 });
    await send('FT');
    expect((await list('&unexplained=yes')).marks).toEqual([]);
  });

  test('comes as CSV, a row a mark', async () => {
    const { text } = await api.get(`/reports/absentees?school=${school}&date=${DAY}`).set('Accept', 'text/csv');
    const [head, ...rows] = text.trim().split('\r\n');
    expect(head).toBe(
      'person_id,student_number,name,grades,section_id,section,periods,enrollment_id,status,code,comment,unexplained,by,at,taken_at',
    );
    expect(rows.map((row) => row.split(',')[2])).toEqual([
      'Grace Hopper',
      'Ada Lovelace',
      'Ada Lovelace',
      'Alan Turing',
    ]);
  });

  test('is told to a teacher of their own sections, and to no other district', async () => {
    const mendel = await api.as({ person: api.world.people.mendel });
    expect(await named('', mendel)).toEqual([['Ada Lovelace', 'Biology', 2]]);
    const other = await api.as({ district: api.world.districts.elsewhere });
    expect((await other.get(`/reports/absentees?school=${school}&date=${DAY}`)).status).toBe(404);
  });

  test('is of the school in which the class was that day', async () => {
    const { knex } = api.world.database;
    const district_id = api.world.districts.larkspur;
    const [{ id: other }] = await knex('schools')
      .insert({ district_id, sourced_id: 'other', name: 'Other', type: 'school', number: '' })
      .returning('id');
    const section_id = api.world.sections.biology;
    await knex('sections').where({ id: section_id }).update({ school_id: other });
    const stretch = { begin_date: '2025-08-01', end_date: '2025-10-09' };
    await knex('former_schools').insert({ district_id, section_id, school_id: school, ...stretch });
    expect(await named('&period=2')).toEqual([['Ada Lovelace', 'Biology', 2]]);
    expect((await api.get(`/reports/absentees?school=${other}&date=${DAY}`)).body.marks).toEqual([]);
  });
});

test.each([
  ['', 'school'],
  ['school=', 'school'],
  ['school=1&date=today', 'date'],
  ['school=1&status=present', 'status'],
  ['school=1&unexplained=1', 'unexplained'],
  ['school=1&code=NOPE', 'code'],
  ['school=1&period=99', 'period'],
])('absentees of %j are refused by the name of the parameter', async (query, field) => {
  const { status, body } = await api.get(`/reports/absentees?${query.replace('=1', `=${school}`)}`);
  expect([status, body.code, body.errors[0].field]).toEqual([400, 'QUERY_INVALID', field]);
});

describe('Rolls that nobody took', () => {
  const untaken = async (query: string, by: Api = api) => (await by.get(`/reports/untaken?${query}`).expect(200)).body;
  const rolls = ({ rolls }: { rolls: { date: string; title: string; marked: number }[] }) =>
    rolls.map(({ date, title, marked }) => [date, title, marked]);

  test('are listed of all school days, the newest first, whoever is marked on them', async () => {
    const { enrollments, sections } = api.world;
    await api.mark([enrollments.ada, '2025-10-06', 2]); // takes it
    await api
      .patch(`/rolls/${sections.algebra}/2025-10-07`)
      .send({ statuses: [{ enrollment_id: enrollments.ada, status: 4 }] })
      .expect(200);
    await api
      .put(`/calendars/${school}`)
      .send({ days: [{ date: '2025-10-08', school_day: false }] })
      .expect(200);
    const found = await untaken(`school=${school}&from=2025-10-03&to=2025-10-08`);
    expect(rolls(found)).toEqual([
      ['2025-10-07', 'Algebra', 1],
      ['2025-10-07', 'Biology', 0],
      ['2025-10-06', 'Biology', 0],
      ['2025-10-03', 'Algebra', 0],
      ['2025-10-03', 'Biology', 0],
    ]);
    expect(found).toMatchObject({ from: '2025-10-03', to: '2025-10-08', next: null });
  });

  test('come in pages of whole days, each roll once, up to today where no day is named', async () => {
    const met: string[][] = [];
    let query = `school=${school}&limit=3`;
    for (;;) {
      const page = await untaken(query);
      met.push(page.rolls.map(({ date, title }: Record<string, string>) => `${date} ${title}`));
      if (page.next === null) break;
      query = `school=${school}&limit=3&to=${page.next}`;
    }
    const all = met.flat();
    // From Monday, August 25, to today there are 34 weekdays, each with two rolls.
    expect([all[0], all.at(-1), all.length, new Set(all).size]).toEqual([
      ...['2025-10-09 Algebra', '2025-08-25 Biology', 68, 68],
    ]);
    expect(met.slice(0, -1).map(({ length }) => length)).toEqual(Array(met.length - 1).fill(4));
  });

  test('are not among a teacher’s once they are closed to teachers; the office has them still', async () => {
    await api.patch(`/schools/${school}`).send({ edit_days: 1 }).expect(200);
    const mendel = await api.as({ person: api.world.people.mendel });
    expect(rolls(await untaken('from=2025-10-06&to=2025-10-09', mendel))).toEqual([
      ['2025-10-09', 'Biology', 0],
      ['2025-10-08', 'Biology', 0],
    ]);
    expect(rolls(await untaken(`school=${school}&from=2025-10-06&to=2025-10-09`))).toHaveLength(8);
  });

  test('are a teacher’s own for a teacher; the office names a school', async () => {
    const mendel = await api.as({ person: api.world.people.mendel });
    expect(rolls(await untaken('from=2025-10-07&to=2025-10-08', mendel))).toEqual([
      ['2025-10-08', 'Biology', 0],
      ['2025-10-07', 'Biology', 0],
    ]);
    for (const [query, field] of [
      ['from=2025-10-07', 'school'],
      [`school=${school}&limit=0`, 'limit'],
      [`school=${school}&limit=1001`, 'limit'],
    ] as const) {
      const { status, body } = await api.get(`/reports/untaken?${query}`);
      expect([status, body.errors[0].field]).toEqual([400, field]);
    }
  });
});
