import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';

/** The ways PowerSchool takes attendance. */
export const Mode = oneOf(['ATT_ModeDaily', 'ATT_ModeTime', 'ATT_ModeMeeting', 'ATT_ModeInterval'], {
  title: 'Mode',
  description: 'How attendance is taken: by day, by minutes, by meetings of a class, or by intervals of one.',
  examples: ['ATT_ModeDaily'],
});
export type Mode = TypeOf<typeof Mode>;

const about = {
  dcid: 'The id of the record.',
  id: 'The same id.',
  studentid: 'The id of the student.',
  att_date: 'The day.',
  schoolid: 'The number of the school.',
  yearid: 'The year in which the school year starts, less 1990.',
  att_mode_code: 'The mode.',
  attendance_codeid: 'The id of the attendance code, which belongs to one school and one year.',
  calendar_dayid: 'The calendar day in PowerSchool. It is kept as sent.',
  att_comment: 'A comment.',
  programid: 'The program in PowerSchool. It is kept as sent.',
  total_minutes: 'Of ATT_ModeTime: how many minutes.',
  ccid: 'The id of the enrollment in the class.',
  periodid: 'The period.',
  att_interval: 'Of ATT_ModeInterval: which interval.',
  start_time: 'Seconds since midnight.',
  end_time: 'Seconds since midnight.',
} as const;

/** A column of a post or an argument of a query: a text, or a number. Its value is checked apart from the schema. */
export const sent = (description: string, example: unknown) =>
  Type.Optional(Type.Unknown({ description, examples: [example] }));

const needed = {
  studentid: sent(about.studentid, '126'),
  att_date: sent(`${about.att_date} YYYY-MM-DD or MM/DD/YYYY.`, '2025-10-06'),
  schoolid: sent(about.schoolid, '200'),
  yearid: sent(about.yearid, '35'),
  att_mode_code: sent(about.att_mode_code, 'ATT_ModeDaily'),
  attendance_codeid: sent(about.attendance_codeid, '7'),
};
const optional = {
  calendar_dayid: sent(about.calendar_dayid, '20251006'),
  att_comment: sent('A comment. A missing one stays as it is, an empty one clears it.', 'ill'),
  programid: sent(about.programid, '3'),
};

/** What every record must have. */
export const NeededColumns = Type.Object(needed);

/** What a record of Daily and Time may have. */
export const DailyTimeColumns = Type.Object(
  {
    ...needed,
    ...optional,
    total_minutes: sent(about.total_minutes, '30'),
    dcid: sent(
      'The id of the record to change. Of ATT_ModeTime, without one or with 0, the record is new. Of ATT_ModeDaily there is one a day; another id is an error.',
      '0',
    ),
  },
  {
    title: 'DailyTimeColumns',
    description: 'Their names may come in any case; another column is refused. A record needs the first six.',
    examples: [
      {
        studentid: '126',
        att_date: '2025-10-06',
        schoolid: '200',
        yearid: '35',
        att_mode_code: 'ATT_ModeDaily',
        attendance_codeid: '7',
        att_comment: 'ill',
      },
    ],
  },
);

/** What a record of Meeting and Interval may have. */
export const MeetingIntervalColumns = Type.Object(
  {
    ...needed,
    ...optional,
    ccid: sent(`${about.ccid} Without it, \`periodid\` has to name the only class of that period.`, '12'),
    periodid: sent(`${about.periodid} One of those that the class has, if it has any.`, '3'),
    att_interval: sent(about.att_interval, '1'),
    start_time: sent(about.start_time, '32400'),
    end_time: sent(about.end_time, '35100'),
  },
  {
    title: 'MeetingIntervalColumns',
    description:
      'Their names may come in any case; another column is refused. A record needs the first six; one of ' +
      'ATT_ModeMeeting start_time and end_time too, unless it has a ccid and a periodid; one of ATT_ModeInterval att_interval.',
    examples: [
      {
        studentid: '126',
        att_date: '2025-10-06',
        schoolid: '200',
        yearid: '35',
        att_mode_code: 'ATT_ModeMeeting',
        attendance_codeid: '7',
        ccid: '12',
        periodid: '3',
        start_time: '32400',
        end_time: '35100',
      },
    ],
  },
);

const bodyOf = <Columns extends TSchema>(attendance: Columns, title: string, description: string) =>
  Type.Object(
    {
      record: Type.Array(
        Type.Object({
          client_uid: sent(
            'What the client calls the record. Without one, it is its position, from 1. A new record of ATT_ModeTime that ' +
              'comes again within a day, with the same client_uid and the same columns, is the same record.',
            '1',
          ),
          tables: Type.Object(
            { attendance: Type.Optional(attendance) },
            { description: 'One table, `attendance`, whose name may come in any case.' },
          ),
        }),
      ),
    },
    {
      title,
      description,
      xml: { name: 'attendance' },
      examples: [{ name: 'ATTENDANCE', record: [{ tables: { attendance: attendance.examples[0] } }] }],
    },
  );

export const BatchDailyTimeBody = bodyOf(
  DailyTimeColumns,
  'BatchDailyTimeRequest',
  'Up to 200 records of Daily and Time. Those that are wrong are refused alone.',
);
export const DailyTimeBody = bodyOf(DailyTimeColumns, 'DailyTimeRequest', 'One record of Daily or Time.');
export const MeetingIntervalBody = bodyOf(
  MeetingIntervalColumns,
  'MeetingIntervalRequest',
  'Up to 1,000 records of Meeting and Interval, of one student and one day. Those that are wrong are refused alone.',
);
export type PostBody = TypeOf<typeof BatchDailyTimeBody | typeof MeetingIntervalBody>;

/** Why a record was refused. */
export const RecordError = closed(
  {
    field: Type.String({ examples: ['attendance/yearid'] }),
    error_code: Type.String({ examples: ['INVALID_YEARID'] }),
    error_description: Type.String({ examples: ['The yearid of 2025-10-06 is 35, not 34.'] }),
  },
  {
    title: 'RecordError',
    description: 'Which column of a record is wrong, and why.',
    examples: [
      {
        field: 'attendance/yearid',
        error_code: 'INVALID_YEARID',
        error_description: 'The yearid of 2025-10-06 is 35, not 34.',
      },
    ],
  },
);
export type RecordError = TypeOf<typeof RecordError>;

const result = <Properties extends TProperties>(properties: Properties) =>
  closed({ client_uid: Type.String({ examples: ['1'] }), ...properties });

const Stored = result({
  status: Type.Literal('SUCCESS'),
  action: oneOf(['INSERT', 'UPDATE']),
  success_message: closed({
    id: Type.Integer(),
    name: Type.Literal('ATTENDANCE'),
    ref: Type.String({ format: 'uri', description: 'Where the record can be read.' }),
  }),
});

const Refused = result({
  status: Type.Literal('ERROR'),
  action: Type.Literal('INSERT'),
  error_message: closed({ error: RecordError }),
});

/** What became of a record. */
export const Result = Type.Union([Stored, Refused], {
  title: 'Result',
  description: 'What became of a record. One that was refused changed nothing.',
  examples: [
    {
      client_uid: '1',
      status: 'SUCCESS',
      action: 'INSERT',
      success_message: {
        id: 4220362,
        name: 'ATTENDANCE',
        ref: 'https://rollbook.example.org/ws/schema/table/attendance/4220362',
      },
    },
    { client_uid: '2', status: 'ERROR', action: 'INSERT', error_message: { error: RecordError.examples[0] } },
  ],
});
export type Result = TypeOf<typeof Result>;

export const PostReply = closed(
  {
    insert_count: Type.Integer({ minimum: 0, examples: [1] }),
    update_count: Type.Integer({ minimum: 0, examples: [0] }),
    delete_count: Type.Literal(0, { description: 'Nothing is deleted here.' }),
    result: Type.Array(Result, { description: 'One for each record, in the order sent.' }),
  },
  {
    title: 'AttendanceResponse',
    description: 'What became of each record.',
    examples: [{ insert_count: 1, update_count: 0, delete_count: 0, result: Result.examples }],
  },
);

const column = (description: string, example: string) => Type.String({ description, examples: [example] });

const columns = {
  dcid: column(about.dcid, '4220362'),
  id: column(about.id, '4220362'),
  att_mode_code: Mode,
  att_date: column(about.att_date, '2025-10-06'),
  schoolid: column(about.schoolid, '200'),
  yearid: column(about.yearid, '35'),
  studentid: column(about.studentid, '126'),
  ccid: column(about.ccid, '12'),
  periodid: column(about.periodid, '3'),
  attendance_codeid: column(`${about.attendance_codeid} Empty where the school has none for what stands.`, '7'),
  att_comment: column(about.att_comment, 'ill'),
  att_interval: column(about.att_interval, '1'),
  start_time: column(about.start_time, '32400'),
  end_time: column(about.end_time, '35100'),
  total_minutes: column(about.total_minutes, '30'),
  programid: column(about.programid, '3'),
  calendar_dayid: column(about.calendar_dayid, '20251006'),
};

/** A record as it is read. */
export const AttendanceColumns = closed(columns, {
  title: 'AttendanceColumns',
  description: 'Every column of ATTENDANCE as a string; an empty one where there is no value.',
  examples: [
    {
      dcid: '4220362',
      id: '4220362',
      att_mode_code: 'ATT_ModeDaily',
      att_date: '2025-10-06',
      schoolid: '200',
      yearid: '35',
      studentid: '126',
      ccid: '12',
      periodid: '',
      attendance_codeid: '7',
      att_comment: 'ill',
      att_interval: '',
      start_time: '',
      end_time: '',
      total_minutes: '',
      programid: '',
      calendar_dayid: '',
    },
  ],
});
export type AttendanceColumns = TypeOf<typeof AttendanceColumns>;
