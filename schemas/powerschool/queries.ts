import { type TObject, type TProperties, Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';
import { AttendanceColumns, sent } from './attendance';

/** Arguments are looked at one by one: their names come in any case, their values as texts or numbers. */
const anyCase = 'The names of arguments may come in any case, and each value as a text or a number.';

const student = sent('The id of the student.', '126');
const students = sent('The ids of students, up to 1,000: a list, one of them, or several with commas.', [126, 127]);
const date = sent('The day. YYYY-MM-DD or MM/DD/YYYY.', '2025-10-06');
const school = sent('The number of the school.', '200');

export const CodesBody = Type.Object(
  { schoolid: school, att_date: date },
  {
    title: 'CodesArguments',
    description: `Which school, and a day of which school year. ${anyCase}`,
    examples: [{ schoolid: '200', att_date: '2025-10-06' }],
  },
);

export const DailyTemplateBody = Type.Object(
  { studentid: student, att_date: date },
  {
    title: 'DailyTemplateArguments',
    description: `Which student, and which day. ${anyCase}`,
    examples: [{ studentid: '126', att_date: '2025-10-06' }],
  },
);

export const TimeTemplateBody = Type.Object(
  { studentid: student, att_date: date, dcid: sent('The id of the record; 0 for a new one.', '0') },
  {
    title: 'TimeTemplateArguments',
    description: `Which student, which day, and which record. ${anyCase}`,
    examples: [{ studentid: '126', att_date: '2025-10-06', dcid: '0' }],
  },
);

export const MeetingTemplateBody = Type.Object(
  { studentid: student, att_date: date, schoolid: school },
  {
    title: 'MeetingTemplateArguments',
    description: `Which student, which day, and in which school. ${anyCase}`,
    examples: [{ studentid: '126', att_date: '2025-10-06', schoolid: '200' }],
  },
);

export const DetailBody = Type.Object(
  {
    students_dcid: students,
    attendance_att_date_start: sent('The first day; from the beginning, where nothing is said.', '2025-10-01'),
    attendance_att_date_end: sent('The last day, inclusive; to the end, where nothing is said.', '2025-10-31'),
    attendance_att_mode_code: sent('Of which modes; of all of them, where nothing is said.', ['ATT_ModeDaily']),
  },
  {
    title: 'DetailArguments',
    description: `Which students, which days, and which modes. ${anyCase}`,
    examples: [{ students_dcid: [126, 127], attendance_att_date_start: '2025-10-01' }],
  },
);

export const StudentMapBody = Type.Object(
  { students_dcid: students },
  { title: 'StudentMapArguments', description: `Which students. ${anyCase}`, examples: [{ students_dcid: [126] }] },
);

/** A code of a school. */
export const CodeColumns = closed(
  {
    att_code: Type.String({ examples: ['A'] }),
    attendance_codeid: Type.String({ description: 'The id of the code.', examples: ['7'] }),
    yearid: Type.String({ description: 'The year in which the school year starts, less 1990.', examples: ['35'] }),
    description: Type.String({ examples: ['Absent'] }),
    presence_status_cd: oneOf(['Absent', 'Present'], {
      description: 'Tardies are Present codes, excused absences Absent ones.',
    }),
  },
  {
    title: 'CodeColumns',
    description: 'An attendance code, which belongs to one school and one year.',
    examples: [
      { att_code: 'A', attendance_codeid: '7', yearid: '35', description: 'Absent', presence_status_cd: 'Absent' },
    ],
  },
);
export type CodeColumns = TypeOf<typeof CodeColumns>;

/** What is known of a record before it is posted. */
export const TemplateColumns = Type.Partial(AttendanceColumns, {
  title: 'TemplateColumns',
  description: 'The columns that the address takes for which the template is.',
  examples: [
    {
      att_mode_code: 'ATT_ModeDaily',
      att_date: '2025-10-06',
      schoolid: '200',
      yearid: '35',
      studentid: '126',
      attendance_codeid: '',
      att_comment: '',
      programid: '',
      calendar_dayid: '',
    },
  ],
});
export type TemplateColumns = TypeOf<typeof TemplateColumns>;

/** The columns of a table that a query's `projection` names; all of them where it has none. */
const projected = <Row extends TObject>(row: Row) => Type.Partial(row);

/** The answer of a query: its first table names its records. Where there are none, it has no properties. */
const replyOf = <const Table extends string, Row extends TProperties>(
  table: Table,
  row: Row,
  { title, description, example }: { title: string; description: string; example: object },
) => {
  const name = Type.Literal(table);
  return closed(
    {
      name: Type.Optional(name),
      count: Type.Optional(
        Type.Integer({ minimum: 0, description: 'How many there are on all pages, where the query asked for it.' }),
      ),
      record: Type.Optional(Type.Array(closed({ ...row, name }))),
    },
    {
      title,
      description: `${description} \`{}\` where there is none, unless the query asked for the count.`,
      examples: [{ name: table, record: [{ ...example, name: table }] }, {}],
    },
  );
};

export const CodesReply = replyOf(
  'attendance_code',
  {
    id: Type.Integer({ description: 'The id of the code.' }),
    tables: projected(closed({ attendance_code: projected(CodeColumns) })),
  },
  {
    title: 'Codes',
    description: 'The attendance codes of the school in the school year of the day.',
    example: { id: 7, tables: { attendance_code: CodeColumns.examples[0] } },
  },
);

export const TemplatesReply = replyOf(
  'attendance',
  {
    id: Type.Integer({ description: 'Its position, from 1.' }),
    tables: projected(closed({ attendance: TemplateColumns })),
  },
  {
    title: 'Templates',
    description: 'Records to be filled and posted: what stands on the day, or else what is known of it.',
    example: { id: 1, tables: { attendance: TemplateColumns.examples[0] } },
  },
);

export const DetailReply = replyOf(
  'attendance',
  {
    id: Type.Integer({ description: 'The id of the record.' }),
    tables: projected(closed({ attendance: projected(AttendanceColumns), attendance_code: projected(CodeColumns) })),
  },
  {
    title: 'Detail',
    description: 'The records of the students as they stand, each with its code.',
    example: {
      id: 4220362,
      tables: { attendance: AttendanceColumns.examples[0], attendance_code: CodeColumns.examples[0] },
    },
  },
);

export const StudentMapReply = replyOf(
  'students',
  {
    id: Type.Integer({ description: 'The id of the student.' }),
    dcid: Type.Integer({ description: 'The same number.' }),
    tables: projected(closed({ students: projected(closed({ id: Type.String(), dcid: Type.String() })) })),
  },
  {
    title: 'StudentMap',
    description: 'The two numbers of each student, which are the same here.',
    example: { id: 126, dcid: 126, tables: { students: { id: '126', dcid: '126' } } },
  },
);

export const ProgramsBody = Type.Object(
  { schoolid: school },
  {
    title: 'ProgramsArguments',
    description: `Which school; of all of them, where nothing is said. ${anyCase}`,
    examples: [{ schoolid: '200' }, {}],
  },
);

/** A program, as a SIS has it. */
const ProgramColumns = closed({ id: Type.String(), name: Type.String() });

export const ProgramsReply = replyOf(
  'special_program',
  { id: Type.Integer(), tables: projected(closed({ special_program: projected(ProgramColumns) })) },
  {
    title: 'Programs',
    description: 'The programs that attendance is taken in. No roster names any, so that there are none.',
    example: { id: 1, tables: { special_program: { id: '1', name: 'Summer school' } } },
  },
);

/** How many records a query, or a table, has. */
export const RecordCountReply = closed(
  { count: Type.Integer({ minimum: 0, examples: [3] }) },
  { title: 'RecordCount', description: 'How many records there are.', examples: [{ count: 3 }] },
);
