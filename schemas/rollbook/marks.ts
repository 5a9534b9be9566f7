import { Type } from '@sinclair/typebox';
import { closed, dryRunParameter, nullable, oneOf, parameter, type TypeOf, wordParameter } from '../types';
import { Day, Id, range } from './parts';

export const MarksQuery = Type.Object(
  { ...range, section: parameter('The id of one section.', '4'), school: parameter('The id of one school.', '1') },
  {
    title: 'MarksQuery',
    description: 'Which marks: all that the caller may read, where nothing is said.',
    examples: [{ from: '2025-10-01', to: '2025-10-31', school: '1' }],
  },
);

/** A mark as a file has it; what an import reads again. */
const ExportedMark = closed(
  {
    section: Type.Integer({ description: 'The id of the section.', examples: [4] }),
    section_title: Type.String({ examples: ['Algebra I'] }),
    student: Type.Integer({ description: 'The id of the student.', examples: [126] }),
    student_number: Type.String({ examples: ['100126'] }),
    family_name: Type.String(),
    given_name: Type.String(),
    enrollment: Type.Integer({ description: 'The id of the enrollment.', examples: [12] }),
    date: Day,
    status: oneOf(['absent', 'late', 'excused'], { examples: ['late'] }),
    code: Type.String({ description: 'The school’s code by which it was written; empty where there is none.' }),
    comment: Type.String({ examples: ['bus'] }),
  },
  {
    title: 'ExportedMark',
    description: 'A mark, with what tells section and student.',
    examples: [
      {
        section: 4,
        section_title: 'Algebra I',
        student: 126,
        student_number: '100126',
        family_name: 'Lovelace',
        given_name: 'Ada',
        enrollment: 12,
        date: '2025-10-06',
        status: 'late',
        code: '',
        comment: 'bus',
      },
    ],
  },
);
export type ExportedMark = TypeOf<typeof ExportedMark>;

export const MarksReply = closed(
  { marks: Type.Array(ExportedMark) },
  {
    title: 'Marks',
    description: 'Marks in the order of section, date and enrollment.',
    examples: [{ marks: ExportedMark.examples }],
  },
);
export type Marks = TypeOf<typeof MarksReply>;

export const ImportQuery = Type.Object(
  {
    dry_run: dryRunParameter(
      'yes, or 1: says what would become of the rows, and changes nothing. no, or 0, or without it: they are brought in.',
      '1',
    ),
    date_order: wordParameter(
      ['month-first', 'day-first'],
      'month-first or day-first',
      'month-first or day-first, of days that are not written YYYY-MM-DD. Without it these are refused.',
      'month-first',
    ),
  },
  { title: 'MarksImportQuery', description: 'How rows are read.', examples: [{ dry_run: '1' }] },
);

export const ImportBody = Type.Object(
  {
    marks: Type.Array(
      Type.Object(
        {
          line: Type.Optional(
            Type.Integer({ minimum: 1, description: 'Where the row stands in its file, for what is said of it.' }),
          ),
          unread: Type.Optional(Type.String({ description: 'Why the row could not be read.' })),
        },
        {
          title: 'SentMark',
          description:
            'A row by the columns of a marks file: `section` and `student` or `enrollment`, `date`, `status` or `code`, `comment`.',
          examples: [{ enrollment: 12, date: '2025-10-06', status: 'late', comment: 'bus' }],
        },
      ),
    ),
  },
  {
    title: 'MarksImport',
    description: 'Marks to bring in, up to 10,000. A row that is wrong is refused alone.',
    examples: [{ marks: [{ enrollment: 12, date: '2025-10-06', status: 'late', comment: 'bus' }] }],
  },
);

/** What became of a row, or would become of it; empty where there is nothing to say. */
const RowReport = closed(
  {
    line: Type.Integer({ examples: [2] }),
    section: Type.String({
      description: 'Its title; where the row is refused, what was sent.',
      examples: ['Algebra I'],
    }),
    student: Type.String({
      description: 'Their name; where the row is refused, what was sent.',
      examples: ['Ada Lovelace'],
    }),
    student_number: Type.String({ examples: ['100126'] }),
    enrollment: nullable(Id, { description: 'Its id; null where it is not known.' }),
    date: Type.String({ examples: ['2025-10-06'] }),
    from: oneOf(['', 'present', 'absent', 'late', 'excused'], {
      description: 'What was known; empty where nothing was.',
      examples: [''],
    }),
    to: Type.String({ description: 'What is now; where the row is refused, what was sent.', examples: ['late'] }),
    comment: Type.String({ examples: ['bus'] }),
    outcome: oneOf(['changed', 'unchanged', 'refused'], { examples: ['changed'] }),
    column: Type.String({ description: 'Where it is wrong.', examples: [''] }),
    message: Type.String({ description: 'What is wrong.', examples: [''] }),
    warning: Type.String({ description: 'What to look at, though it was not refused.', examples: [''] }),
  },
  {
    title: 'RowReport',
    description: 'What became of a row, or would become of it.',
    examples: [
      {
        line: 2,
        section: 'Algebra I',
        student: 'Ada Lovelace',
        student_number: '100126',
        enrollment: 12,
        date: '2025-10-06',
        from: '',
        to: 'late',
        comment: 'bus',
        outcome: 'changed',
        column: '',
        message: '',
        warning: '',
      },
    ],
  },
);
export type RowReport = TypeOf<typeof RowReport>;

const DateOrder = oneOf(['month-first', 'day-first']);
export type DateOrder = TypeOf<typeof DateOrder>;

export const ImportReply = closed(
  {
    dry_run: Type.Boolean(),
    date_order: Type.Union(
      [
        Type.Null(),
        closed({ order: DateOrder, line: Type.Integer(), text: Type.String({ examples: ['09/25/2025'] }) }),
      ],
      { description: 'What a row proves of the order in which days are written; null where none does.' },
    ),
    rows: Type.Array(RowReport),
    counts: closed({ changed: Type.Integer(), unchanged: Type.Integer(), refused: Type.Integer() }),
    ignored: Type.Array(Type.String(), { description: 'Columns that were not read.' }),
  },
  {
    title: 'MarksImportReport',
    description: 'What became of each row, or would become of it.',
    examples: [
      {
        dry_run: false,
        date_order: null,
        rows: RowReport.examples,
        counts: { changed: 1, unchanged: 0, refused: 0 },
        ignored: [],
      },
    ],
  },
);
export type ImportReport = TypeOf<typeof ImportReply>;
