import { idOn } from '../../../src/days';
import { clockless } from '../../clock';
import { DAY, openSchool, type School } from './school';

/** The tables that clients read under `/ws/schema/table`. */
let school: School;
let ada: number;
beforeEach(async () => {
  school = await openSchool();
  ada = school.world.people.ada;
});
afterEach(() => school.close());

type Columns = Record<string, string>;
const at = async (path: string, client: Pick<School, 'get'> = school) => {
  const { status, body } = await client.get(`/ws/schema/table/${path}`);
  expect([status, body.message]).toEqual([200, undefined]);
  return body;
};
const rows = async (table: string, query: string, client: Pick<School, 'get'> = school): Promise<Columns[]> => {
  const { name, record } = await at(`${table}?${query}`, client);
  expect(name).toBe(table);
  const { count } = await at(
    `${table}/count?${new URLSearchParams({ q: new URLSearchParams(query).get('q') ?? '' })}`,
    client,
  );
  if (!/page/.test(query)) expect(count).toBe(record.length);
  return record.map(({ tables }: { tables: Record<string, Columns> }) => tables[table]);
};
const refused = async (path: string) => {
  const { status, body } = await school.get(`/ws/schema/table/${path}`);
  const [{ resource, field, code }] = body.errors;
  return [status, resource, field, code];
};

describe('attendance', () => {
  beforeEach(async () => {
    const { enrollments } = school.world;
    await school.send(
      'batch_daily_time',
      school.record({}),
      school.record({ att_date: '2025-10-03', att_comment: 'ill' }),
    );
    await school.mark([enrollments.ada, '2025-10-02', 3], [enrollments.grace, DAY, 2]);
  });

  test('has the records of a student, those of other APIs too, in the days that are asked for', async () => {
    const all = await rows('attendance', `q=studentid==${ada}`);
    expect(all.map(({ att_date, att_mode_code }) => [att_date, att_mode_code])).toEqual([
      ['2025-10-02', 'ATT_ModeMeeting'],
      [DAY, 'ATT_ModeDaily'],
      ['2025-10-03', 'ATT_ModeDaily'],
    ]);
    expect(Object.keys(all[0]!)).toHaveLength(17);
    expect(await rows('attendance', `q=studentid==${ada};att_date=gt=${DAY};att_date=lt=2025-10-03`)).toEqual([all[0]]);
    expect(await rows('attendance', `q=studentid==${ada};att_comment==ILL`)).toEqual([all[2]]);
    expect(await rows('attendance', `q=attendance.studentid==${ada};attendance_codeid==${school.code('T')}`)).toEqual([
      all[0],
    ]);
    expect(await rows('attendance', `q=studentid==99999999`)).toEqual([]);
    const { grace } = school.world.people;
    const both = await rows('attendance', `q=studentid==(${ada},${grace})`);
    expect(both).toHaveLength(4);
    expect(await rows('attendance', `q=studentid==${ada},studentid==${grace}`)).toEqual(both);
    expect(await rows('attendance', `q=(studentid==${ada},studentid==${grace});att_date==${DAY}`)).toHaveLength(2);
    expect(await rows('attendance', `q=att_date==${DAY},att_date==2025-10-03`)).toHaveLength(3);
  });

  test('has the records of a day, or of a few, of whoever has any, and of a school', async () => {
    const students = async (q: string) =>
      (await rows('attendance', `q=${q}`)).map(({ studentid }) => Number(studentid));
    const { grace } = school.world.people;
    expect((await students(`att_date==${DAY}`)).sort()).toEqual([ada, grace].sort());
    expect(await students(`att_date==${DAY};schoolid==200;att_mode_code==ATT_ModeDaily`)).toEqual([ada]);
    expect(await students(`att_date==${DAY};schoolid==999`)).toEqual([]);
    expect(await students('att_date=ge=2025-10-02;att_date=le=2025-11-01')).toEqual([ada, ada]);
    expect(await students('att_date=ge=2025-10-02;att_date=le=2025-10-01')).toEqual([]);
  });

  test('is not read as a whole', async () => {
    for (const q of [
      '',
      `schoolid==200`,
      'att_date=ge=2025-10-01',
      'att_date=ge=2025-10-01;att_date=le=2025-11-01',
      `studentid!=${ada}`,
      `studentid==${ada},att_date==${DAY}`,
      `studentid==${ada},studentid!=${ada}`,
    ]) {
      expect([q, await refused(`attendance?q=${q}`)]).toEqual([q, [400, 'ATTENDANCE', 'q', 'Missing']]);
      expect((await school.get(`/ws/schema/table/attendance/count?q=${q}`)).status).toBe(400);
    }
  });

  test('is put in order, paged, and told by its columns', async () => {
    const of = `q=studentid==${ada}`;
    expect(await rows('attendance', `${of}&projection=att_date&order=att_date;desc`)).toEqual([
      { att_date: '2025-10-03' },
      { att_date: '2025-10-02' },
      { att_date: DAY },
    ]);
    expect(await rows('attendance', `${of}&projection=attendance.att_date&sort=att_date&pagesize=2&page=2`)).toEqual([
      { att_date: '2025-10-03' },
    ]);
    expect(await rows('attendance', `${of}&projection=ATT_DATE&sort=att_date&sortdescending=true&pagesize=1`)).toEqual([
      { att_date: '2025-10-03' },
    ]);
    const [first] = await rows('attendance', `${of}&projection=*`);
    const id = idOn(school.world.enrollments.ada, '2025-10-02');
    expect(await at(`attendance/${id}?projection=*`)).toEqual({
      id,
      name: 'ATTENDANCE',
      tables: { attendance: first },
    });
    expect(await at(`attendance/${id}?projection=studentid,att_date`)).toEqual({
      id,
      name: 'ATTENDANCE',
      tables: { attendance: { studentid: String(ada), att_date: '2025-10-02' } },
    });
  });

  test('hides what a bound teacher may not see', async () => {
    const as = async (person: number) => {
      const teacher = await school.as({ person });
      return [
        (await rows('attendance', `q=studentid==${ada}`, teacher)).length,
        (await rows('attendance', `q=att_date==${DAY}`, teacher)).length,
      ];
    };
    expect([await as(school.world.people.noether), await as(school.world.people.mendel)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    const stranger = await school.as({ district: school.world.districts.elsewhere });
    expect(await rows('attendance', `q=studentid==${ada}`, stranger)).toEqual([]);
    expect(await rows('attendance', `q=att_date==${DAY}`, stranger)).toEqual([]);
  });
});

test('attendance_code has the codes of the years that are asked for, the first ones too', async () => {
  const has = async (q: string) => (await rows('attendance_code', `q=${q}`)).map(({ att_code }) => att_code);
  expect(await has('schoolid==200;yearid==35')).toEqual(['P', 'A', 'E', 'T', 'UT']);
  expect(await has('schoolid==200;yearid==35;presence_status_cd==Absent')).toEqual(['A', 'E']);
  expect(await has('schoolid==999')).toEqual([]);
  await school.world.database.knex('attendance_codes').delete();
  expect(await has('schoolid==200;yearid==35')).toHaveLength(5);
  const [code] = await rows('attendance_code', 'q=att_code==A;yearid==35');
  expect(code).toEqual({
    dcid: code!.id,
    id: code!.id,
    schoolid: '200',
    yearid: '35',
    att_code: 'A',
    description: 'Absent',
    presence_status_cd: 'Absent',
    assignment_filter_yn: '1',
  });
  await school.world.database.knex('attendance_codes').where({ code: 'A' }).update({ office_only: true });
  expect(await has('schoolid==200;yearid==35;assignment_filter_yn==0')).toEqual(['A']);
  expect((await at(`attendance_code/${code!.id}?projection=att_code`)).tables).toEqual({
    attendance_code: { att_code: 'A' },
  });
  const stranger = await school.as({ district: school.world.districts.elsewhere });
  expect(await rows('attendance_code', 'q=yearid==35', stranger)).toEqual([]);
  expect((await stranger.get(`/ws/schema/table/attendance_code/${code!.id}`)).status).toBe(404);
});

describe('attendance_code answers the same, whatever was asked before', () => {
  const codes = async (q: string) =>
    (await rows('attendance_code', `q=${q}`)).map(({ schoolid, yearid, att_code }) => [schoolid, yearid, att_code]);
  const usual = ['P', 'A', 'E', 'T', 'UT'];
  const of = (...years: number[]) => years.flatMap((year) => usual.map((code) => ['200', String(year), code]));
  const byDate = async (att_date: string) =>
    (await school.ask('attendance.attendance_code_by_school_date', { schoolid: '200', att_date })).map(
      ({ attendance_code }) => attendance_code!.attendance_codeid,
    );
  beforeEach(async () => {
    const { knex } = school.world.database;
    await knex('attendance_codes').delete();
    const year = { district_id: school.world.districts.larkspur, type: 'schoolYear', title: '', school_year: '' };
    await knex('terms').insert({ ...year, sourced_id: 'next', begin_date: '2026-08-24', end_date: '2027-06-11' });
    jest.useFakeTimers({ now: new Date('2026-11-29T12:00:00Z'), doNotFake: [...clockless] });
  });
  afterEach(() => jest.useRealTimers());

  const questions: [q: string, years: number[]][] = [
    ['', [36]],
    ['schoolid==200', [36]],
    ['yearid==35', [35]],
    ['yearid==35,yearid==36', [35, 36]],
    ['yearid==(36,35)', [36, 35]],
    ['yearid=ge=35', [35, 36]],
    ['yearid!=36', [35]],
    ['schoolid==200;yearid==10', [10]],
    ['yearid==10;yearid==35', []],
    ['yearid==2025', []],
  ];
  test.each(questions)('q=%s', async (q, years) => {
    const right = of(...years).sort();
    expect((await codes(q)).sort()).toEqual(right);
    for (const date of ['2000-10-01', DAY, '2026-11-29', '2050-10-01']) await byDate(date);
    for (const [other] of questions) await codes(other);
    expect((await codes(q)).sort()).toEqual(right);
  });

  test('the named query has the same codes as the table of that year', async () => {
    for (const [date, yearid] of [
      ['2000-10-01', 10],
      [DAY, 35],
      ['2026-11-29', 36],
    ] as const) {
      const ids = (await rows('attendance_code', `q=schoolid==200;yearid==${yearid}`)).map(({ id }) => id);
      expect(ids).toHaveLength(5);
      expect(await byDate(date)).toEqual(ids);
    }
  });

  test('a code is found by its id, of whatever year it is', async () => {
    const [id] = await byDate('2000-10-01');
    expect(await codes(`id==${id}`)).toEqual([['200', '10', 'P']]);
    expect(await codes(`dcid==${id};yearid==10`)).toEqual([['200', '10', 'P']]);
    expect(await codes(`id==${id};yearid==35`)).toEqual([]);
    expect(await codes('id==99999999')).toEqual([]);
  });

  test('too many years at a time are refused, and none of them gets codes', async () => {
    const years = Array.from({ length: 100 }, (_, index) => index);
    const { knex } = school.world.database;
    const district_id = school.world.districts.larkspur;
    const schools = Array.from({ length: 60 }, (_, index) => ({
      ...{ district_id, name: '', type: 'school' },
      ...{ sourced_id: `school ${index}`, number: `${1_000 + index}` },
    }));
    await knex.batchInsert('schools', schools);
    expect(await refused(`attendance_code?q=yearid==(${years})`)).toEqual([400, 'ATTENDANCE_CODE', 'q', 'TooMany']);
    expect(await knex('attendance_codes')).toEqual([]);
    expect((await at(`attendance_code/count?q=yearid==(${years});schoolid==200`)).count).toBe(500);
  });
});

test('calendar_day has the days of the school years, and whether a school is in session', async () => {
  const { knex } = school.world.database;
  const { id: school_id } = await knex('schools').where({ number: '200' }).first();
  const district_id = school.world.districts.larkspur;
  await knex('calendar_days').insert([
    { district_id, school_id, date: '2025-10-03', school_day: false, reason: 'Fair' },
    { district_id, school_id, date: '2025-10-04', school_day: true, reason: 'Open day' },
  ]);
  const id = String(idOn(school_id, '2025-10-03'));
  const days = await rows('calendar_day', 'q=schoolid==200;date_value=ge=2025-10-02;date_value=lt=2025-10-06');
  expect(days.map(({ date_value, insession, note }) => [date_value, insession, note])).toEqual([
    ['2025-10-02', '1', ''],
    ['2025-10-03', '0', 'Fair'],
    ['2025-10-04', '1', 'Open day'],
    ['2025-10-05', '0', 'weekend'],
  ]);
  expect(days[1]).toEqual({ dcid: id, id, schoolid: '200', date_value: '2025-10-03', insession: '0', note: 'Fair' });
  expect(await rows('calendar_day', 'q=date_value=lt=2025-08-27')).toHaveLength(2);
  expect(await rows('calendar_day', 'q=date_value==2026-06-12')).toEqual([]); // the year is over then
  expect((await at('calendar_day/count')).count).toBe(291);
  expect((await at('calendar_day/count?q=insession==1;schoolid==200')).count).toBe(209);
  expect(await rows('calendar_day', 'q=note==f*&projection=date_value')).toEqual([{ date_value: '2025-10-03' }]);
  const page = await rows('calendar_day', 'pagesize=2&page=2&order=date_value;desc');
  expect(page.map(({ date_value }) => date_value)).toEqual(['2026-06-09', '2026-06-08']);
  const stranger = await school.as({ district: school.world.districts.elsewhere });
  expect(await rows('calendar_day', 'q=schoolid==200', stranger)).toEqual([]);
});

test('a calendar that is too long to be read at once is refused', async () => {
  const { knex } = school.world.database;
  const district_id = school.world.districts.larkspur;
  const many = Array.from({ length: 150 }, (_, index) => ({
    district_id,
    sourced_id: `school ${index}`,
    name: '',
    type: 'school',
    number: `${1_000 + index}`,
  }));
  await knex.batchInsert('schools', many);
  expect(await refused('calendar_day')).toEqual([400, 'CALENDAR_DAY', 'q', 'TooMany']);
  expect((await at('calendar_day/count?q=date_value==2025-10-01')).count).toBe(151);
});

test('period has the periods of the sections of a school', async () => {
  const { knex } = school.world.database;
  await knex('sections').where({ id: school.world.sections.biology }).update({ periods: '10, 2,B' });
  const periods = await rows('period', 'q=schoolid==200');
  expect(periods.map(({ id }) => id)).toEqual(['1', '2', '10', 'B']);
  expect(periods[3]).toEqual({ id: 'B', schoolid: '200', period_number: 'B', abbreviation: 'B', name: 'B' });
  expect(await rows('period', 'q=id==10&projection=name')).toEqual([{ name: '10' }]);
  expect(await rows('period', 'order=period_number;desc&projection=id')).toEqual(
    ['B', '10', '2', '1'].map((id) => ({ id })),
  );
  const teacher = await school.as({ person: school.world.people.noether });
  expect((await rows('period', '', teacher)).map(({ id }) => id)).toEqual(['1']);
});

test('cc has the enrollments of students, past ones too', async () => {
  const { enrollments, people, sections } = school.world;
  const of = async (query: string, client: Pick<School, 'get'> = school) =>
    (await rows('cc', query, client)).map(({ id }) => Number(id));
  expect(await of(`q=studentid==${ada}`)).toEqual([enrollments.ada, enrollments.adaInBiology, school.daily.ada]);
  expect(await of(`q=studentid==${ada};sectionid==${sections.biology}`)).toEqual([enrollments.adaInBiology]);
  expect(await of(`q=sectionid==${sections.algebra};dateenrolled=gt=2025-09-01`)).toEqual([enrollments.alan]);
  expect(await of('q=dateleft=lt=2026-01-01')).toEqual([enrollments.katherine]);
  expect(await of('q=section_number==alg;schoolid==200')).toHaveLength(4);
  expect(await of('q=schoolid==999')).toEqual([]);
  expect(await of('q=expression!=1')).toEqual([school.daily.ada, school.daily.grace, school.daily.alan]);
  expect(await of('pagesize=2&page=2&sort=dateleft')).toEqual([enrollments.grace, enrollments.alan]);
  expect((await of('order=studentid;desc,id;desc'))[0]).toBe(enrollments.katherine);
  const [row] = await rows('cc', `q=id==${enrollments.katherine}`);
  expect(row).toEqual({
    dcid: String(enrollments.katherine),
    id: String(enrollments.katherine),
    studentid: String(people.katherine),
    sectionid: String(sections.algebra),
    schoolid: '200',
    course_number: '',
    section_number: 'ALG',
    dateenrolled: '2025-08-25',
    dateleft: '2025-10-10',
    expression: '1',
  });
  expect((await at(`cc/${enrollments.katherine}`)).tables.cc).toEqual(row);
  expect(await of('', await school.as({ person: people.mendel }))).toEqual([enrollments.adaInBiology]);
  const stranger = await school.as({ district: school.world.districts.elsewhere });
  expect(await of(`q=studentid==${ada}`, stranger)).toEqual([]);
  expect((await stranger.get(`/ws/schema/table/cc/${enrollments.ada}`)).status).toBe(404);
});

test('special_program is empty: no roster names programs', async () => {
  expect(await rows('special_program', '')).toEqual([]);
});

test.each(['attendance', 'attendance_code', 'calendar_day', 'period', 'cc', 'special_program'])(
  'the name of %s comes in any case',
  async (table) => {
    const q = table === 'attendance' ? `?q=studentid==${ada}` : '';
    const capital = (text: string) => text.toUpperCase();
    const mixed = (text: string) => text[0]!.toUpperCase() + text.slice(1);
    for (const path of [`${table}${q}`, `${table}/count${q}`, `${table}/metadata`]) {
      const right = await at(path);
      for (const spelt of [capital, mixed]) {
        expect(await at(path.replace(table, spelt(table)))).toEqual(right);
        const { status } = await school.delete(`/ws/schema/table/${spelt(table)}`);
        expect(status).toBe(405);
      }
    }
    expect((await school.get(`/ws/schema/table/${capital(table)}?q=none==1`)).body.errors[0].resource).toBe(
      capital(table),
    );
  },
);

test('a row is found by its id in the table in capital letters', async () => {
  const { ada: id } = school.world.enrollments;
  expect(await at(`CC/${id}`)).toEqual(await at(`cc/${id}`));
});

test.each([
  ['attendance', 17],
  ['attendance_code', 8],
  ['calendar_day', 6],
  ['period', 5],
  ['cc', 10],
  ['special_program', 2],
])('the metadata of %s have its columns, as a client asks for them that names no projection', async (table, length) => {
  const { columns, ...rest } = await at(`${table}/metadata?expansions=access`);
  expect(rest).toEqual({ name: table.toUpperCase(), primaryKey: 'ID' });
  expect(columns).toHaveLength(length);
  expect(columns).toContainEqual({ name: 'ID', access: 'ViewOnly' });
  const projection = columns.map(({ name }: { name: string }) => name.toLowerCase()).join(',');
  const q = table === 'attendance' ? `q=studentid==${ada}&` : '';
  expect((await at(`${table}?${q}projection=${projection}`)).name).toBe(table);
});

test.each([
  ['cc?q=termid==1', 'CC', 'q', 'InvalidValue'],
  ['cc?q=attendance.studentid==1', 'CC', 'q', 'InvalidValue'],
  ['cc?projection=termid', 'CC', 'projection', 'UnknownColumn'],
  ['cc/1?projection=termid', 'CC', 'projection', 'UnknownColumn'],
  ['cc?order=section_number', 'CC', 'order', 'InvalidValue'],
  ['cc?order=id;down', 'CC', 'order', 'InvalidValue'],
  ['cc?sort=id&order=id', 'CC', 'sort', 'InvalidValue'],
  ['cc?sort=id;desc', 'CC', 'sort', 'InvalidValue'],
  ['cc?sortdescending=true', 'CC', 'sortdescending', 'InvalidValue'],
  ['cc?sort=id&sortdescending=yes', 'CC', 'sortdescending', 'InvalidValue'],
  ['cc?pagesize=0', 'CC', 'pagesize', 'InvalidValue'],
  ['cc/metadata?expansions=fwdRels', 'CC', 'expansions', 'InvalidValue'],
  ['period?q=id=gt=1', 'PERIOD', 'q', 'InvalidValue'],
])('%s is refused', async (path, resource, field, code) => {
  expect(await refused(path)).toEqual([400, resource, field, code]);
});

test.each(['students', 'cc/0', 'cc/x', 'cc/9999999999999999', 'period/1', 'calendar_day/1'])(
  'there is no %s',
  async (path) => {
    expect((await school.get(`/ws/schema/table/${path}`)).status).toBe(404);
  },
);

test('tables are read in XML too', async () => {
  const { text } = await school
    .get('/ws/schema/table/cc?projection=studentid&pagesize=1')
    .set('Accept', 'application/xml');
  expect(text).toContain(
    `<results><name>cc</name><record><id>${school.world.enrollments.ada}</id><name>cc</name><tables><cc><studentid>${ada}</studentid></cc></tables></record></results>`,
  );
});
