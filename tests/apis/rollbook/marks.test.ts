import fc from 'fast-check';
import { openCodes } from '../../../src/ledger/codes';
import { type Api, openApi } from '../../api';
import { runs } from '../../runs';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const DAY = '2025-10-07';
const upload = (csv: string, as = api, query = '') =>
  as.post(`/marks${query}`).set('Content-Type', 'text/csv').send(csv);
const send = (marks: readonly object[], query = '') => api.post(`/marks${query}`).send({ marks });
const one = (mark: object) => send([{ section: 'algebra', student: 'ada', date: DAY, status: 'absent', ...mark }]);
const exported = async (query = '', as = api) =>
  (await as.get(`/marks${query}`).set('Accept', 'text/csv').expect(200)).text;
const tables = ['journal', 'marks', 'meetings', 'attendance_codes', 'sections', 'enrollments'];
const contents = () => Promise.all(tables.map((table) => api.world.database.knex(table).orderByRaw('1, 2, 3, 4')));
const marksNow = async () =>
  (await api.get('/marks').expect(200)).body.marks.map((mark: Record<string, unknown>) => [
    mark.enrollment,
    mark.date,
    mark.status,
    mark.comment,
  ]);

describe('a file of many sections and days', () => {
  const file = () =>
    [
      ' Comment , Student,SECTION,Date,status,Teacher’s name',
      `"ill, they say",ada,algebra,${DAY},Absent,Noether`,
      `"two`,
      `lines",${api.world.people.grace},${api.world.sections.algebra},${DAY},3,Noether`,
      '',
      `,ada,biology,2025-10-11,E,Mendel`,
      `,nobody,algebra,${DAY},2,Noether`,
      `,katherine,algebra,2025-10-10,2,Noether`,
      `,ada,algebra,${DAY},1,Noether`,
      `,ada,algebra`,
    ].join('\r\n');
  const decided = () => ({
    counts: { changed: 4, unchanged: 0, refused: 3 },
    ignored: ['Teacher’s name'],
    rows: [
      { line: 2, section: 'Algebra', student: 'Ada Lovelace', from: '', to: 'absent', comment: 'ill, they say' },
      { line: 3, student: 'Grace Hopper', from: '', to: 'late', comment: 'two\r\nlines', outcome: 'changed' },
      {
        line: 6,
        section: 'Biology',
        to: 'excused',
        warning: '2025-10-11 is no school day (weekend); it counts in no rate.',
      },
      {
        line: 7,
        outcome: 'refused',
        column: 'student',
        message: 'student must be the id, sourcedId, or student number of a student, not "nobody".',
      },
      {
        line: 8,
        outcome: 'refused',
        column: 'date',
        message: 'date must be a day of the enrollment, 2025-08-25 until before 2025-10-10, not 2025-10-10.',
      },
      { line: 9, from: 'absent', to: 'present', outcome: 'changed', warning: '' },
      {
        line: 10,
        outcome: 'refused',
        message: 'It has 3 fields, the first line 6; a comma may not be quoted, or a field be missing.',
      },
    ],
  });

  test('is previewed without a trace, and then does exactly what the preview said', async () => {
    const before = await contents();
    const preview = await upload(file(), api, '?dry_run=1');
    expect([preview.status, preview.body]).toMatchObject([200, { dry_run: true, ...decided() }]);
    expect(await contents()).toEqual(before);

    const { body } = await upload(file());
    expect(body).toEqual({ ...preview.body, dry_run: false });
    const { grace, adaInBiology } = api.world.enrollments;
    expect(await marksNow()).toEqual([
      [grace, DAY, 'late', 'two\r\nlines'],
      [adaInBiology, '2025-10-11', 'excused', ''],
    ]);
    const [last] = await api.world.ledger.history({ district: api.world.districts.larkspur });
    expect(last).toMatchObject({ api: 'rollbook', client_id: expect.any(Number) });
  });

  test('changes nothing when it is sent again, but for what it says of one student twice', async () => {
    await upload(file());
    expect((await upload(file())).body.counts).toEqual({ changed: 2, unchanged: 2, refused: 3 });
    const history = await api.world.ledger.history({ district: api.world.districts.larkspur });
    const once = file().replace(`,ada,algebra,${DAY},1,Noether`, '');
    await upload(once);
    expect((await upload(once)).body.counts).toEqual({ changed: 0, unchanged: 3, refused: 3 });
    expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toHaveLength(history.length + 1);
  });

  test('is answered as CSV to whoever accepts that', async () => {
    const { text } = await upload(`enrollment,date,status\n${api.world.enrollments.ada},${DAY},A\n`).set(
      'Accept',
      'text/csv',
    );
    expect(text.split('\r\n').slice(0, 2)).toEqual([
      'line,section,student,student_number,enrollment,date,from,to,comment,outcome,column,message,warning',
      `2,Algebra,Ada Lovelace,,${api.world.enrollments.ada},${DAY},,absent,,changed,,,`,
    ]);
  });
});

describe('who is meant', () => {
  const number = (person: number, identifier: string) =>
    api.world.database.knex('people').where({ id: person }).update({ identifier });

  test.each([
    ['ids', () => ({ section: api.world.sections.algebra, student: api.world.people.ada })],
    ['sourcedIds', () => ({ section: 'algebra', student: 'ada' })],
    [
      'the sourcedIds of OneRoster',
      () => ({ section: undefined, classSourcedId: 'algebra', student: undefined, userSourcedId: 'ada' }),
    ],
    ['a student number', () => ({ student: ' 00417 ' })],
    ['the column for it', () => ({ student: undefined, 'Student Number': '00417' })],
    ['an enrollment', () => ({ section: '', student: '', enrollment: api.world.enrollments.ada })],
    ['an enrollment in text', () => ({ section: '', student: '', 'Enrollment ID': `${api.world.enrollments.ada}` })],
  ])('%s name a student of a section', async (_case, names) => {
    await number(api.world.people.ada, '00417');
    expect((await one(names())).body.rows).toMatchObject([{ outcome: 'changed', student: 'Ada Lovelace' }]);
    expect(await marksNow()).toEqual([[api.world.enrollments.ada, DAY, 'absent', '']]);
  });

  test('a number that is the id of one student and the student number of another is not guessed', async () => {
    const { ada, grace } = api.world.people;
    await number(grace, String(ada));
    expect((await one({ student: ada })).body.rows).toMatchObject([
      {
        outcome: 'refused',
        column: 'student',
        message: `student "${ada}" is the id and student number of different students; the column student_id or student_number would say which.`,
      },
    ]);
    expect(await marksNow()).toEqual([]);
    await one({ student: undefined, student_number: String(ada) });
    expect(await marksNow()).toEqual([[api.world.enrollments.grace, DAY, 'absent', '']]);
  });

  test('of two students with one number the section tells which; two in the same section are refused', async () => {
    const { ada, katherine, grace } = api.world.people;
    for (const person of [ada, katherine]) await number(person, '7');
    expect((await one({ section: 'biology', student: '7' })).body.rows).toMatchObject([{ student: 'Ada Lovelace' }]);
    const { ada: first, katherine: second } = api.world.enrollments;
    expect((await one({ student: '7' })).body.rows).toMatchObject([
      {
        outcome: 'refused',
        message: `student has the enrollments ${first} and ${second} in the section that day; the column enrollment would say which.`,
      },
    ]);
    await number(grace, '7');
    expect((await one({ student: '7', enrollment: second })).body.rows).toMatchObject([{ outcome: 'changed' }]);
  });

  test('two enrollments of a student in a section are refused on days of both, not of one', async () => {
    const { knex } = api.world.database;
    const { id: _, ...row } = await knex('enrollments').where({ id: api.world.enrollments.katherine }).first();
    await knex('enrollments').insert({ ...row, sourced_id: 'again', begin_date: '2025-10-09', end_date: '2026-06-12' });
    const of = (date: string) => one({ student: 'katherine', date });
    expect((await of('2025-10-09')).body.rows).toMatchObject([{ outcome: 'refused', column: 'student' }]);
    for (const date of ['2025-10-08', '2025-10-10'])
      expect((await of(date)).body.rows).toMatchObject([{ outcome: 'changed' }]);
    // One that the SIS has taken back is no rival of one that stands.
    await knex('enrollments').where({ id: api.world.enrollments.katherine }).update({ active: false });
    expect((await of('2025-10-09')).body.rows).toMatchObject([{ outcome: 'changed' }]);
    expect((await marksNow()).map(([enrollment]: number[]) => enrollment === api.world.enrollments.katherine)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['another district’s section', () => ({ section: api.world.sections.elsewhere }), 'section'],
    ['another district’s student', () => ({ student: api.world.people.eve }), 'student'],
    ['another district’s enrollment', () => ({ enrollment: api.world.enrollments.eve }), 'enrollment'],
    ['a teacher', () => ({ student: 'noether' }), 'student'],
    ['a teacher’s enrollment', () => ({ enrollment: api.world.enrollments.noether }), 'enrollment'],
    ['a student of another section', () => ({ section: 'biology', student: 'grace' }), 'student'],
    [
      'a section that is not the enrollment’s',
      () => ({ section: 'biology', enrollment: api.world.enrollments.ada }),
      'section',
    ],
    [
      'a student who is not the enrollment’s',
      () => ({ student: 'grace', enrollment: api.world.enrollments.ada }),
      'student',
    ],
    ['two sections', () => ({ section_id: api.world.sections.biology }), 'section_id'],
    ['two students', () => ({ student_id: api.world.people.grace }), 'student'],
    ['no section', () => ({ section: null }), 'section'],
    ['no student', () => ({ student: ' ' }), 'student'],
    ['no id', () => ({ enrollment: '12x' }), 'enrollment'],
    ['no id at all', () => ({ student: { id: 1 } }), 'student'],
    ['the same column twice', () => ({ Student: 'ada' }), 'student'],
  ])('%s is refused, and nothing changes', async (_case, names, column) => {
    const { status, body } = await one(names());
    expect([status, body.rows]).toMatchObject([200, [{ line: 1, outcome: 'refused', column }]]);
    expect(body.rows[0].message.split(' ')[0]).toBe(column);
    expect(await marksNow()).toEqual([]);
  });

  test('a teacher’s client uploads for the sections they teach, and learns nothing of others', async () => {
    const teacher = await api.as({ person: api.world.people.noether });
    const csv = [
      'section,student,enrollment,date,status',
      `algebra,ada,,${DAY},late`,
      `biology,ada,,${DAY},late`,
      `biology,grace,,${DAY},late`,
      `,,${api.world.enrollments.adaInBiology},${DAY},late`,
    ].join('\n');
    const { rows } = (await upload(csv, teacher)).body;
    const { biology } = api.world.sections;
    const forbidden = {
      outcome: 'refused',
      message: `The person acted for does not teach section ${biology}.`,
    };
    expect(rows).toMatchObject([{ outcome: 'changed' }, forbidden, forbidden, forbidden]);
    expect(await marksNow()).toEqual([[api.world.enrollments.ada, DAY, 'late', '']]);
    await api.mark([api.world.enrollments.adaInBiology, DAY, 2]);
    expect(await exported('', teacher)).not.toContain(String(`\n${biology},`));
    expect((await teacher.get(`/marks?section=${biology}`)).status).toBe(403);
  });
});

describe('what is said', () => {
  test.each([
    ['present', 'present'],
    ['ABSENT', 'absent'],
    [' late ', 'late'],
    ['4', 'excused'],
    [3, 'late'],
    ['UT', 'late'],
    ['P', 'present'],
  ])('%j means %s', async (status, word) => {
    expect((await one({ status })).body.rows).toMatchObject([{ to: word, outcome: 'changed' }]);
  });

  test('a code of the school is kept with the mark, and comes back in an export', async () => {
    const place = { school_id: 1, year: 2025 };
    const { id } = await openCodes(api.world.database).set(api.world.actor, {
      ...place,
      code: '2',
      description: 'Field trip',
      status: 4,
    });
    expect((await one({ status: '2' })).body.rows).toMatchObject([{ outcome: 'refused', column: 'status' }]);
    expect((await one({ status: '', code: '2' })).body.rows).toMatchObject([{ to: 'excused' }]);
    expect((await api.world.database.knex('marks')).map(({ code_id }) => code_id)).toEqual([id]);
    expect((await api.get('/marks')).body.marks).toMatchObject([{ status: 'excused', code: '2' }]);
    expect((await upload(await exported())).body.counts).toEqual({ changed: 0, unchanged: 1, refused: 0 });
    expect((await one({ status: 'late', code: '2' })).body.rows).toMatchObject([
      { outcome: 'refused', column: 'code' },
    ]);
  });

  test.each([
    [
      'date',
      '10/7/2025',
      'date must be a day of the calendar, YYYY-MM-DD, not "10/7/2025", which is another day in another country.',
    ],
    ['date', '2025-02-30', 'date must be a day of the calendar, YYYY-MM-DD, not "2025-02-30".'],
    ['date', '', 'date must be a day of the calendar, YYYY-MM-DD, not "".'],
    ['status', 'gone', 'status must be present, absent, late, excused, 1 to 4, or a code of the school, not "gone".'],
    ['status', 5, 'status must be present, absent, late, excused, 1 to 4, or a code of the school, not "5".'],
    ['status', '', 'status must be present, absent, late, excused, 1 to 4, or a code of the school; it is missing.'],
    ['code', 'X', 'code must be a code of the school, P, A, E, T, UT, not "X".'],
    ['comment', 7, 'The comment must be text, not 7.'],
    ['comment', '\u0007', 'The comment has a character that XML cannot carry (XML 1.0, 2.2).'],
  ])('the %s %j is refused in words', async (column, value, message) => {
    expect((await one({ [column]: value })).body.rows).toMatchObject([{ outcome: 'refused', column, message }]);
    expect(await marksNow()).toEqual([]);
  });

  test('a day that the school’s calendar takes out is taken with a warning', async () => {
    const days = [{ date: DAY, school_day: false, reason: 'Storm' }];
    await api.put('/calendars/1').send({ days }).expect(200);
    expect((await one({})).body.rows).toMatchObject([
      { outcome: 'changed', warning: `${DAY} is no school day (Storm); it counts in no rate.` },
    ]);
  });

  test('a missing comment keeps the one that stands, an empty one takes it away', async () => {
    await one({ comment: 'ill' });
    expect((await one({})).body.rows).toMatchObject([{ outcome: 'unchanged', comment: 'ill' }]);
    expect((await one({ comment: '' })).body.rows).toMatchObject([{ outcome: 'changed', comment: '' }]);
  });
});

describe('a request that fails as a whole changes nothing', () => {
  const good = 'enrollment,date,status\r\n';
  test.each([
    ['nothing', () => '', 'BODY_INVALID', /^The file is empty/],
    [
      'no column for the date',
      () => 'enrollment,status\r\n1,2',
      'BODY_INVALID',
      /must name a column date; of its 2 columns none is called so/,
    ],
    [
      'bars',
      () => 'enrollment|date|status\r\n',
      'BODY_INVALID',
      /the columns are separated by bars, and must be by commas/,
    ],
    ['a workbook', () => 'PK\u0003\u0004...', 'BODY_MALFORMED', /This is a workbook; save it as CSV/],
    [
      'a column twice',
      () => 'enrollment,date,status,Enrollment Id\r\n',
      'BODY_INVALID',
      /has the column enrollment twice/,
    ],
    [
      'an open quote',
      () => `${good}${api.world.enrollments.ada},${DAY},2\r\n"1,${DAY},2`,
      'BODY_MALFORMED',
      /not CSV: Quote Not Closed/,
    ],
    [
      'text after a quote',
      () => `${good}${api.world.enrollments.ada},${DAY},2\r\n"1"x,${DAY},2`,
      'BODY_MALFORMED',
      /not CSV: Invalid Closing Quote/,
    ],
  ])('%s', async (_case, body, code, detail) => {
    const answer = await upload(body());
    expect([answer.status, answer.body]).toMatchObject([400, { code, detail: expect.stringMatching(detail) }]);
    expect(await marksNow()).toEqual([]);
  });

  test.each([
    ['a word for dry_run that is none', '?dry_run=maybe', 400],
    ['a parameter that is none', '?dryrun=1', 400],
  ])('%s', async (_case, query, status) => {
    expect((await upload(`${good}${api.world.enrollments.ada},${DAY},2`, api, query)).status).toBe(status);
    expect(await marksNow()).toEqual([]);
  });

  test('more than 10,000 rows', async () => {
    const row = `${api.world.enrollments.ada},${DAY},2\r\n`;
    const { status, body } = await upload(good + row.repeat(10_001));
    expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    expect(await marksNow()).toEqual([]);
  });

  test('a list in JSON that is none, a body in XML, bytes that are not text', async () => {
    expect((await api.post('/marks').send({ marks: 'all' })).body.code).toBe('BODY_INVALID');
    expect((await api.post('/marks').set('Content-Type', 'text/xml').send('<marks/>')).status).toBe(415);
    const latin = api.post('/marks').set('Content-Type', 'text/csv');
    latin.write(Buffer.from(`${good}${api.world.enrollments.ada},${DAY},2\xe9`, 'latin1'));
    expect((await latin).body.code).toBe('BODY_MALFORMED');
    expect(await marksNow()).toEqual([]);
  });

  test('a client without the scope', async () => {
    const reader = await api.as({ scopes: ['attendance:read'] });
    expect((await upload(`${good}${api.world.enrollments.ada},${DAY},2`, reader, '?dry_run=1')).status).toBe(403);
    const writer = await api.as({ scopes: ['attendance:write'] });
    expect((await writer.get('/marks')).status).toBe(403);
    expect(await marksNow()).toEqual([]);
  });
});

describe('an export', () => {
  beforeEach(async () => {
    const { ada, grace, adaInBiology } = api.world.enrollments;
    await api.mark(
      [ada, DAY, 2, '=1+1'],
      [grace, '2025-10-08', 3],
      [adaInBiology, DAY, 4, 'trip'],
      [ada, '2025-10-08', 1],
    );
  });

  test('has the marks by section, day and enrollment, in CSV that no spreadsheet computes', async () => {
    const { sections, people, enrollments } = api.world;
    expect(await exported()).toBe(
      [
        'section,section_title,student,student_number,family_name,given_name,enrollment,date,status,code,comment',
        `${sections.algebra},Algebra,${people.ada},,Lovelace,Ada,${enrollments.ada},${DAY},absent,,'=1+1`,
        `${sections.algebra},Algebra,${people.grace},,Hopper,Grace,${enrollments.grace},2025-10-08,late,,`,
        `${sections.biology},Biology,${people.ada},,Lovelace,Ada,${enrollments.adaInBiology},${DAY},excused,,trip`,
        '',
      ].join('\r\n'),
    );
  });

  test.each([
    ['?from=2025-10-08', ['late']],
    [`?to=${DAY}`, ['absent', 'excused']],
    ['?section=2', ['excused']],
    ['?school=1&from=2025-10-07&to=2025-10-07', ['absent', 'excused']],
  ])('can be narrowed: %s', async (query, words) => {
    const { marks } = (await api.get(`/marks${query}`)).body;
    expect(marks.map(({ status }: { status: string }) => status)).toEqual(words);
  });

  test.each([
    ['?from=yesterday', 400],
    ['?from=2025-10-08&to=2025-10-07', 400],
    ['?section=99', 404],
    ['?section=3', 404],
    ['?school=99', 404],
  ])('of what is not there is refused: %s', async (query, status) => {
    expect((await api.get(`/marks${query}`)).status).toBe(status);
  });

  test('reads on where a chunk ends, so that nothing is left out', async () => {
    const { knex } = api.world.database;
    const { ada } = api.world.enrollments;
    const day = (at: number) => new Date(Date.UTC(2030, 0, 1 + at)).toISOString().slice(0, 10);
    const row = await knex('marks').where({ enrollment_id: ada }).first();
    const rows = Array.from({ length: 4_500 }, (_, at) => ({ ...row, date: day(at) }));
    await knex.batchInsert('marks', rows, 90);
    const dates = (await api.get('/marks?section=1')).body.marks.map(({ date }: { date: string }) => date);
    expect(dates).toEqual([DAY, '2025-10-08', ...rows.map(({ date }) => date)]);
  });
});

test('what is exported comes in again unchanged, and the same into an emptied year, whatever the comments', async () => {
  const { ada, grace, adaInBiology } = api.world.enrollments;
  const hostile = fc.constantFrom(
    '"',
    "'",
    '=',
    '+',
    '-',
    '@',
    ',',
    ';',
    '|',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ' ',
    'é',
    '学',
    '\u{1F600}',
    '＝',
    '\uFEFF',
    'a',
    '0',
  );
  const mark = fc.record({
    enrollment: fc.constantFrom(ada, grace, adaInBiology),
    date: fc.integer({ min: 1, max: 30 }).map((day) => `2025-11-${String(day).padStart(2, '0')}`),
    status: fc.constantFrom('absent', 'late', 'excused', 'T'),
    comment: fc.oneof(
      fc.string({ unit: hostile, maxLength: 12 }),
      fc.constantFrom('=HYPERLINK("x")', "'=1", "''", '""', 'x;=1+1', "x;'=1+1"),
    ),
  });
  const clear = async () => {
    for (const table of ['journal', 'marks', 'meetings']) await api.world.database.knex(table).delete();
  };
  await fc.assert(
    fc.asyncProperty(fc.array(mark, { minLength: 1, maxLength: 60, size: 'max' }), async (marks) => {
      await clear();
      expect((await send(marks)).body.counts.refused).toBe(0);
      const { body } = await api.get('/marks');
      const csv = await exported();
      expect((await upload(csv)).body.counts).toEqual({ changed: 0, unchanged: body.marks.length, refused: 0 });
      await clear();
      expect((await upload(csv)).body.counts).toEqual({ changed: body.marks.length, unchanged: 0, refused: 0 });
      expect((await api.get('/marks')).body).toEqual(body);
    }),
    { numRuns: runs(6) },
  );
});

test('of two rows for one student and day the earlier is warned that it was replaced, in JSON and CSV', async () => {
  const rows = [
    { section: 'algebra', student: 'ada', date: DAY, status: 'absent' },
    { section: 'algebra', student: 'nobody', date: DAY, status: 'absent' },
    { section: 'algebra', student: 'ada', date: DAY, status: 'late' },
  ];
  const warning = 'Line 3 replaced it: the same student and day.';
  for (const query of ['?dry_run=1', '']) {
    const { body } = await send(rows, query).expect(200);
    expect(body.rows.map((row: { warning: string }) => row.warning)).toEqual([warning, '', '']);
  }
  const csv = `section,student,date,status\nalgebra,ada,${DAY},late\nalgebra,ada,${DAY},late\n`;
  expect((await upload(csv)).body.rows[0].warning).toBe('Line 3 replaced it: the same student and day.');
});

test('marks take no roll, but by the last status that was missing', async () => {
  const meeting = async () =>
    (
      await api.world.ledger.meetings({ district: api.world.districts.larkspur, section: api.world.sections.algebra })
    )[0];
  const day = '2025-10-13'; // Ada, Grace and Alan
  const say = (student: string, status: string) => send([{ section: 'algebra', student, date: day, status }]);
  await say('ada', 'excused');
  await say('grace', 'present');
  expect((await meeting())!.taken_at).toBeNull();
  await say('alan', 'present');
  expect((await meeting())!.taken_at).not.toBeNull();
});

describe('a file that a spreadsheet has saved', () => {
  const line = (sign: string) =>
    ['section', 'student', 'student_number', 'family_name', 'date', 'status'].join(sign) +
    `\r\n${['algebra', 'ada', '17', 'Nú, ñez', DAY, 'absent'].map((cell) => (cell.includes(sign) ? `"${cell}"` : cell)).join(sign)}\r\n`;

  beforeEach(() => api.world.database.knex('people').where({ id: api.world.people.ada }).update({ identifier: '17' }));

  test.each<[string, () => Buffer]>([
    ['with a byte order mark', () => Buffer.from(`\ufeff${line(',')}`)],
    ['with semicolons, where the comma is a decimal point', () => Buffer.from(line(';'))],
    ['as Unicode text', () => Buffer.from(`\ufeff${line('\t')}`, 'utf16le')],
    ['as UTF-16 of the other order', () => Buffer.from(`\ufeff${line('\t')}`, 'utf16le').swap16()],
  ])('%s comes in as it is', async (_how, bytes) => {
    const { body } = await api
      .post('/marks')
      .set('Content-Type', 'text/csv')
      .send(bytes() as unknown as string);
    expect([body.counts, body.ignored]).toEqual([{ changed: 1, unchanged: 0, refused: 0 }, []]);
  });

  test('and taken the zeros away from student numbers comes in by the enrollment that it names', async () => {
    const { ada } = api.world.enrollments;
    await api.world.database.knex('people').where({ id: api.world.people.ada }).update({ identifier: '0017' });
    const row = (number: string) => `enrollment,student_number,date,status\n${ada},${number},${DAY},absent\n`;
    expect((await upload(row('17'))).body.counts.changed).toBe(1);
    expect((await upload(row('18'))).body.rows[0]).toMatchObject({ outcome: 'refused', column: 'student_number' });
  });
});

describe('days that are written in the order of a country', () => {
  const { ada, grace } = { ada: () => api.world.enrollments.ada, grace: () => api.world.enrollments.grace };
  const csv = (...days: string[]) =>
    `enrollment,date,status\n${days.map((day, at) => `${at ? grace() : ada()},${day},absent`).join('\n')}\n`;
  const read = async (text: string, query = '') =>
    (await api.post(`/marks${query}`).set('Content-Type', 'text/csv').send(text)).body;

  test('are refused until somebody says yes to the order that a row proves', async () => {
    const text = csv('10/09/2025', '10/14/2025');
    const preview = await read(text, '?dry_run=1');
    expect([preview.counts.refused, preview.date_order]).toEqual([
      2,
      { order: 'month-first', line: 3, text: '10/14/2025' },
    ]);
    expect((await read(text)).counts.refused).toBe(2);
    const done = await read(text, '?date_order=month-first');
    expect(done.rows.map(({ date }: { date: string }) => date)).toEqual(['2025-10-09', '2025-10-14']);
  });

  test.each([
    ['nothing proves any', ['10/09/2025', '9.10.2025'], null],
    ['rows prove both', ['10/14/2025', '14/10/2025'], null],
    ['a row proves the other', ['09/10/2025', '14.10.2025'], { order: 'day-first', line: 3, text: '14.10.2025' }],
  ])('where %s', async (_what, days, proven) => {
    const body = await read(csv(...days), '?dry_run=1');
    expect([body.date_order, body.counts.refused]).toEqual([proven, 2]);
  });

  test('an order that is none is refused', async () => {
    const { status } = await api.post('/marks?date_order=year-first').set('Content-Type', 'text/csv').send(csv(DAY));
    expect(status).toBe(400);
  });
});
