import { openCodes } from '../../../src/ledger/codes';
import { DAY, openSchool, type School, told } from './school';

let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

const meeting = (columns: Record<string, unknown> = {}) =>
  school.record({
    att_mode_code: 'ATT_ModeMeeting',
    ccid: school.world.enrollments.ada,
    periodid: 1,
    start_time: 0,
    end_time: 86_400,
    ...columns,
  });
const fails = async (address: 'batch_daily_time' | 'daily_time' | 'meeting_interval', ...records: object[]) => {
  const before = await school.everything();
  const { status, body } = await school.send(address, ...records);
  expect(await school.everything()).toEqual(before);
  return { status, message: body.message, error: body.errors[0] };
};

describe('a request that is refused as a whole changes nothing', () => {
  test('201 records', async () => {
    const { status, message, error } = await fails('batch_daily_time', ...Array(201).fill(school.record({})));
    expect({ status, message, ...error }).toEqual({
      status: 400,
      message: 'Validation Failed',
      resource: 'ATTENDANCE',
      field: 'record',
      code: 'TooMany',
      description: 'at most 200 records, 201 sent',
    });
  });

  test('two records in daily_time', async () => {
    const { error } = await fails(
      'daily_time',
      school.record({}),
      school.record({ studentid: school.world.people.grace }),
    );
    expect(error).toMatchObject({ code: 'TooMany', description: 'at most 1 record, 2 sent' });
  });

  test.each([
    ['studentid', () => school.world.people.grace],
    ['att_date', () => '2025-10-02'],
  ])('two in meeting_interval that differ in %s', async (column, other) => {
    const { status, error } = await fails('meeting_interval', meeting(), meeting({ [column]: other() }));
    expect([status, error.field, error.code]).toEqual([400, column, 'NotTheSame']);
  });

  test('the same student and day in other words are the same', async () => {
    await school.periods('algebra', '1, 2');
    const records = [meeting(), meeting({ periodid: 2, studentid: school.world.people.ada, att_date: '10/01/2025' })];
    expect(told(await school.send('meeting_interval', ...records))).toEqual(['INSERT', 'INSERT']);
  });

  test.each([
    [{ record: 'x' }, 'record', 'InvalidType'],
    [{ record: {} }, 'record', 'InvalidType'],
    [{ record: null }, 'record', 'InvalidType'],
    [{ record: [] }, 'record', 'TooFew'],
    [{}, 'record', 'Missing'],
    [[], 'body', 'InvalidType'],
    [{ record: ['x'] }, 'record.0', 'InvalidType'],
    [{ record: [{}] }, 'record.0.tables', 'Missing'],
    [{ record: [{ tables: { attendance: [] } }] }, 'record.0.tables.attendance', 'InvalidType'],
    [{ record: [{ tables: {} }] }, 'record.0.tables.attendance', 'Missing'],
    [{ record: [{ tables: { ATTENDANCE: 'x' } }] }, 'record.0.tables.ATTENDANCE', 'InvalidType'],
    [{ record: [{ tables: { ATTENDANCE: [{}] } }] }, 'record.0.tables.ATTENDANCE', 'InvalidType'],
    [{ record: [{ tables: { Attendance: null } }] }, 'record.0.tables.Attendance', 'InvalidType'],
    [{ record: [{ tables: { attendance: {}, ATTENDANCE: {} } }] }, 'record.0.tables', 'TooMany'],
    [{ record: [{ tables: { attendance: { ATT_COMMENT: 'a', att_comment: 'b' } } }] }, 'att_comment', 'TooMany'],
    [{ record: [{ tables: { attendance: { yearID: '35', YEARID: '35' } } }] }, 'yearid', 'TooMany'],
    [{ record: [{ tables: { attendance: { dcid: '', DCID: null } } }] }, 'dcid', 'TooMany'],
    [{ record: [{ tables: { attendance: {}, students: {} } }] }, 'record.0.tables.students', 'UnknownTable'],
    [{ record: [{ tables: { constructor: {} } }] }, 'record.0.tables.constructor', 'UnknownTable'],
    [{ record: [{ tables: { ATTENDANCE: { phase: 'of the moon' } } }] }, 'phase', 'UnknownColumn'],
    [{ record: [{ tables: { attendance: { phase: 'of the moon' } } }] }, 'phase', 'UnknownColumn'],
    [{ record: [{ tables: { attendance: { att_interval: '1' } } }] }, 'att_interval', 'UnknownColumn'],
    [{ record: [{ tables: { attendance: { constructor: '1' } } }] }, 'constructor', 'UnknownColumn'],
    [{ record: [{ tables: { attendance: { att_mode_code: 'ATT_ModeMeeting' } } }] }, 'att_mode_code', 'InvalidValue'],
    [{ record: [{ tables: { attendance: { att_mode_code: 'Daily' } } }] }, 'att_mode_code', 'InvalidValue'],
    [{ record: [{ tables: { attendance: { att_mode_code: ['ATT_ModeDaily'] } } }] }, 'att_mode_code', 'InvalidValue'],
  ])('%j', async (body, field, code) => {
    const before = await school.everything();
    const { status, body: answer } = await school.post('/ws/attendance/batch_daily_time').send(body);
    expect([status, answer.message, answer.errors[0].field, answer.errors[0].code]).toEqual([
      400,
      'Validation Failed',
      field,
      code,
    ]);
    expect(await school.everything()).toEqual(before);
  });

  test('a column in two spellings, whichever it is and wherever, says both', async () => {
    for (const [address, columns] of [
      ['batch_daily_time', school.record({}).tables.attendance],
      ['daily_time', school.record({ att_mode_code: 'ATT_ModeTime', total_minutes: 5, dcid: 0 }).tables.attendance],
      ['meeting_interval', meeting().tables.attendance],
    ] as const)
      for (const [column, value] of Object.entries(columns)) {
        const twice = { tables: { attendance: { ...columns, [column.toUpperCase()]: value } } };
        const { status, error } = await fails(address, twice);
        expect([status, error.field, error.code]).toEqual([400, column, 'TooMany']);
        expect(error.description).toContain(`both "${column}" and "${column.toUpperCase()}"`);
      }
    const elements = '<studentid>1</studentid><StudentID>2</StudentID>';
    const xml = await school
      .post('/ws/attendance/daily_time')
      .set('Content-Type', 'text/xml')
      .set('Accept', 'application/json')
      .send(`<a><record><tables><attendance>${elements}</attendance></tables></record></a>`);
    expect([xml.status, xml.body.errors[0].field]).toEqual([400, 'studentid']);
  });

  test('a right record beside an unknown column', async () => {
    const { error } = await fails('batch_daily_time', school.record({}), school.record({ colour: 'red' }));
    expect(error.description).toContain('record 2');
  });

  test('a body that is not JSON', async () => {
    const { status, body } = await school
      .post('/ws/attendance/daily_time')
      .set('Content-Type', 'application/json')
      .send('{"record":[');
    expect([status, body.message, body.errors[0].code]).toEqual([400, 'Validation Failed', 'BODY_MALFORMED']);
  });

  test('a client with read scope only', async () => {
    const reader = await school.as({ scopes: ['attendance:read', 'roster:read'] });
    const before = await school.everything();
    const { status, body } = await reader.post('/ws/attendance/daily_time').send({ record: [school.record({})] });
    expect([status, body]).toEqual([
      403,
      {
        message: 'At least one column lacks sufficient permission',
        errors: [expect.objectContaining({ code: 'NoAccess', field: 'ATTENDANCE_CODEID', resource: 'ATTENDANCE' })],
      },
    ]);
    expect(await school.everything()).toEqual(before);
  });
});

describe('a record that is refused', () => {
  const daily: [why: string, columns: () => Record<string, unknown>, field: string, code: string][] = [
    ['no studentid', () => ({ studentid: '' }), 'studentid', 'MISSING_STUDENTID'],
    ['no att_date', () => ({ att_date: null }), 'att_date', 'MISSING_ATT_DATE'],
    ['no schoolid', () => ({ schoolid: '' }), 'schoolid', 'MISSING_SCHOOLID'],
    ['no yearid', () => ({ yearid: undefined }), 'yearid', 'MISSING_YEARID'],
    ['no mode', () => ({ att_mode_code: '' }), 'att_mode_code', 'MISSING_ATT_MODE_CODE'],
    ['no code', () => ({ attendance_codeid: '' }), 'attendance_codeid', 'MISSING_ATTENDANCE_CODEID'],
    ['an unknown student', () => ({ studentid: 99_999_999 }), 'studentid', 'INVALID_STUDENTID'],
    ['a student of another district', () => ({ studentid: school.world.people.eve }), 'studentid', 'INVALID_STUDENTID'],
    ['a teacher', () => ({ studentid: school.world.people.noether }), 'studentid', 'INVALID_STUDENTID'],
    ['a name for a student', () => ({ studentid: 'Ada' }), 'studentid', 'INVALID_STUDENTID'],
    ['an object for a student', () => ({ studentid: { id: 1 } }), 'studentid', 'INVALID_STUDENTID'],
    ['true for a student', () => ({ studentid: true }), 'studentid', 'INVALID_STUDENTID'],
    ['a fraction of a student', () => ({ studentid: 1.5 }), 'studentid', 'INVALID_STUDENTID'],
    ['a huge student', () => ({ studentid: '9223372036854775808' }), 'studentid', 'INVALID_STUDENTID'],
    ['a NUL in a student', () => ({ studentid: '1\u0000' }), 'studentid', 'INVALID_STUDENTID'],
    ['a student without a homeroom', () => ({ studentid: school.world.people.katherine }), 'studentid', 'NO_HOMEROOM'],
    ['an unknown school', () => ({ schoolid: 999 }), 'schoolid', 'INVALID_SCHOOLID'],
    ['a NUL in a school', () => ({ schoolid: '200\u0000' }), 'schoolid', 'INVALID_SCHOOLID'],
    ['half a character in a school', () => ({ schoolid: '\ud800' }), 'schoolid', 'INVALID_SCHOOLID'],
    ['a day that is none', () => ({ att_date: '2025-02-30' }), 'att_date', 'INVALID_ATT_DATE'],
    ['a word for a day', () => ({ att_date: 'today' }), 'att_date', 'INVALID_ATT_DATE'],
    ['a yearid that does not fit the date', () => ({ yearid: 36 }), 'yearid', 'INVALID_YEARID'],
    ['a yearid that is no number', () => ({ yearid: '2025-26' }), 'yearid', 'INVALID_YEARID'],
    ['an unknown code', () => ({ attendance_codeid: 999 }), 'attendance_codeid', 'INVALID_ATTENDANCE_CODEID'],
    ['the text of a code', () => ({ attendance_codeid: 'A' }), 'attendance_codeid', 'INVALID_ATTENDANCE_CODEID'],
    ['a comment XML cannot carry', () => ({ att_comment: 'a\u0000b' }), 'att_comment', 'INVALID_ATT_COMMENT'],
    ['a comment without end', () => ({ att_comment: 'x'.repeat(2_001) }), 'att_comment', 'INVALID_ATT_COMMENT'],
    ['a comment that is a list', () => ({ att_comment: ['x'] }), 'att_comment', 'INVALID_ATT_COMMENT'],
    ['minutes of more than a day', () => ({ total_minutes: 1_441 }), 'total_minutes', 'INVALID_TOTAL_MINUTES'],
    ['less than no minutes', () => ({ total_minutes: '-1' }), 'total_minutes', 'INVALID_TOTAL_MINUTES'],
    [
      'the dcid of nothing',
      () => ({ att_mode_code: 'ATT_ModeTime', total_minutes: 1, dcid: 123_456 }),
      'dcid',
      'INVALID_DCID',
    ],
    [
      'a date before the homeroom began',
      () => ({ studentid: school.world.people.alan, att_date: DAY }),
      'att_date',
      'INVALID_ATT_DATE',
    ],
    ['the last day of the homeroom', () => ({ att_date: '2026-06-12', yearid: 35 }), 'att_date', 'INVALID_ATT_DATE'],
  ];
  const classes: typeof daily = [
    ['a ccid of another student', () => ({ ccid: school.world.enrollments.grace }), 'ccid', 'INVALID_CCID'],
    ['a ccid of a teacher', () => ({ ccid: school.world.enrollments.noether }), 'ccid', 'INVALID_CCID'],
    ['an unknown ccid', () => ({ ccid: 999_999 }), 'ccid', 'INVALID_CCID'],
    ['neither ccid nor period', () => ({ ccid: '', periodid: '' }), 'ccid', 'INVALID_CCID'],
    ['a period that two classes have', () => ({ ccid: '' }), 'periodid', 'INVALID_PERIODID'],
    ['a period that no class has', () => ({ ccid: '', periodid: 9 }), 'periodid', 'INVALID_PERIODID'],
    ['an unknown student', () => ({ studentid: 99_999_999 }), 'studentid', 'INVALID_STUDENTID'],
    ['an end before the start', () => ({ start_time: 30_600, end_time: 30_599 }), 'end_time', 'INVALID_END_TIME'],
    ['a start after midnight', () => ({ start_time: 86_401 }), 'start_time', 'INVALID_START_TIME'],
    ['no start', () => ({ start_time: '' }), 'start_time', 'MISSING_START_TIME'],
    ['no end', () => ({ end_time: '' }), 'end_time', 'MISSING_END_TIME'],
    ['no times and no ccid', () => ({ start_time: '', end_time: '', ccid: '' }), 'ccid', 'MISSING_CCID'],
    [
      'neither times nor ccid nor period',
      () => ({ start_time: '', end_time: '', ccid: '', periodid: '' }),
      'ccid',
      'MISSING_CCID',
    ],
    ['a period that the class does not have', () => ({ periodid: '9' }), 'periodid', 'INVALID_PERIODID'],
    [
      'a period that the class does not have, without times',
      () => ({ periodid: '11', start_time: '', end_time: '' }),
      'periodid',
      'INVALID_PERIODID',
    ],
    [
      'an interval of a period that the class does not have',
      () => ({ att_mode_code: 'ATT_ModeInterval', att_interval: 1, periodid: '2' }),
      'periodid',
      'INVALID_PERIODID',
    ],
    [
      'no times and no period, of a class that has one',
      () => ({ start_time: '', end_time: '', periodid: '' }),
      'start_time',
      'MISSING_START_TIME',
    ],
    ['no interval', () => ({ att_mode_code: 'ATT_ModeInterval' }), 'att_interval', 'MISSING_ATT_INTERVAL'],
    [
      'a word for an interval',
      () => ({ att_mode_code: 'ATT_ModeInterval', att_interval: 'one' }),
      'att_interval',
      'INVALID_ATT_INTERVAL',
    ],
    ['a date outside the enrollment', () => ({ att_date: '2025-08-24', yearid: 35 }), 'att_date', 'INVALID_ATT_DATE'],
  ];

  test.each(daily)(
    '%s: the record is returned, the right one beside it goes in',
    async (_why, columns, field, code) => {
      const right = school.record({ studentid: school.world.people.grace });
      const answer = await school.send('batch_daily_time', school.record(columns()), right);
      expect(told(answer)).toEqual([code, 'INSERT']);
      const [{ status, error_message }] = answer.body.result;
      expect([status, error_message.error.field]).toEqual(['ERROR', `attendance/${field}`]);
      expect(error_message.error.error_description).toMatch(/\.$/);
      expect(answer.body).toMatchObject({ insert_count: 1, update_count: 0 });
      expect((await school.marks(school.homeroom)).map(([enrollment]) => enrollment)).toEqual([school.daily.grace]);
    },
  );

  test.each(daily)('%s: alone it is 200, and nothing changes', async (_why, columns, _field, code) => {
    const before = await school.everything();
    const answer = await school.send('daily_time', school.record(columns()));
    expect([answer.status, answer.body.insert_count, told(answer)]).toEqual([200, 0, [code]]);
    expect(await school.everything()).toEqual(before);
  });

  test.each(classes)(
    '%s: the record of a class is returned, and nothing changes',
    async (_why, columns, field, code) => {
      if (code === 'INVALID_ATT_DATE') await school.world.database.knex('terms').update({ begin_date: '2025-08-01' });
      const before = await school.everything();
      const answer = await school.send('meeting_interval', meeting(columns()));
      expect([answer.status, told(answer)]).toEqual([200, [code]]);
      expect(answer.body.result[0].error_message.error.field).toBe(`attendance/${field}`);
      expect(await school.everything()).toEqual(before);
    },
  );

  test('a code of another school or another year', async () => {
    const { database, districts, people } = school.world;
    const { id, ...row } = await database.knex('schools').first();
    const [other] = await database
      .knex('schools')
      .insert({ ...row, sourced_id: 'other', number: '300' })
      .returning('id');
    const codes = openCodes(database);
    const elsewhere = (await codes.of(districts.larkspur, other.id, 2025))[1]!.id;
    const later = (await codes.of(districts.larkspur, id, 2026))[1]!.id;
    const before = await school.everything();
    const answer = await school.send(
      'batch_daily_time',
      school.record({ attendance_codeid: elsewhere }),
      school.record({ attendance_codeid: later }),
      school.record({ schoolid: '300', attendance_codeid: elsewhere, studentid: people.ada }),
    );
    expect(told(answer)).toEqual(['INVALID_ATTENDANCE_CODEID', 'INVALID_ATTENDANCE_CODEID', 'INVALID_STUDENTID']);
    expect(await school.everything()).toEqual(before);
  });

  test('a time record of another day or student is not there to be updated', async () => {
    const time = { att_mode_code: 'ATT_ModeTime', total_minutes: 60, attendance_codeid: school.code('T') };
    const { body } = await school.send('daily_time', school.record(time));
    const dcid = body.result[0].success_message.id;
    const before = await school.everything();
    const answer = await school.send(
      'batch_daily_time',
      school.record({ ...time, dcid, att_date: '2025-10-02' }),
      school.record({ ...time, dcid, studentid: school.world.people.grace }),
    );
    expect(told(answer)).toEqual(['INVALID_DCID', 'INVALID_DCID']);
    expect(await school.everything()).toEqual(before);
  });

  test('says what was sent and what would be right', async () => {
    const { body } = await school.send('daily_time', school.record({ att_date: 'soon' }));
    expect(body.result[0].error_message.error.error_description).toBe(
      'att_date must be a day, YYYY-MM-DD or MM/DD/YYYY, not "soon".',
    );
  });

  test('by a teacher bound to another section', async () => {
    const { mendel, noether, ada } = school.world.people;
    const before = await school.everything();
    const as = async (person: number) => {
      const teacher = await school.as({ person });
      return told(
        await teacher.post('/ws/attendance/meeting_interval').send({ record: [meeting({ studentid: ada })] }),
      );
    };
    expect(await as(mendel)).toEqual(['NO_ACCESS']);
    expect(await school.everything()).toEqual(before);
    expect(await as(noether)).toEqual(['INSERT']);
  });

  test('by a client of another district', async () => {
    const stranger = await school.as({ district: school.world.districts.elsewhere });
    const before = await school.everything();
    const { body } = await stranger.post('/ws/attendance/daily_time').send({ record: [school.record({})] });
    expect(told({ body })).toEqual(['INVALID_SCHOOLID']);
    expect(await school.everything()).toEqual(before);
  });
});

test.each(['attendance', 'ATTENDANCE', 'Attendance', 'aTTENDANCE'])('the table may be called %s', async (name) => {
  const { attendance } = school.record({}).tables;
  const { body } = await school.send('batch_daily_time', { tables: { [name]: attendance } });
  expect(told({ body })).toEqual(['INSERT']);
  const xml = await school
    .post('/ws/attendance/meeting_interval')
    .set('Content-Type', 'text/xml')
    .send(
      `<attendance><record><tables><${name}>${Object.entries(meeting().tables.attendance)
        .map(([column, value]) => `<${column}>${value}</${column}>`)
        .join('')}</${name}></tables></record></attendance>`,
    );
  expect(told(xml)).toEqual(['INSERT']);
});

test('numbers may be strings and strings numbers, empty ones are absent, columns come in any case', async () => {
  const answer = await school.send('batch_daily_time', {
    client_uid: 7,
    tables: {
      attendance: {
        ATT_MODE_CODE: 'ATT_ModeDaily',
        Att_Date: '10/01/2025',
        SCHOOLID: 200,
        yearID: 35,
        STUDENTID: ` ${school.world.people.ada} `,
        ATTENDANCE_CODEID: school.code('A'),
        TOTAL_MINUTES: '',
        PROGRAMID: null,
      },
    },
  });
  expect(told(answer)).toEqual(['INSERT']);
  expect(answer.body.result[0].client_uid).toBe('7');
});
