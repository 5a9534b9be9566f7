import { Type } from '@sinclair/typebox';
import { closed, oneOf, parameterOrEmpty, type TypeOf } from '../types';
import { at, ofAnyRequest, page, pageLinks, startId, switchParameter } from './parts';

export const AttendanceQuery = Type.Object(
  {
    start: parameterOrEmpty(
      'The first day, YYYY-MM-DD, inclusive. A plain integer is the offset of a page, as it is elsewhere.',
      '2025-10-06',
    ),
    end: parameterOrEmpty('The last day, YYYY-MM-DD, inclusive.', '2025-10-10'),
    enrollment_id: parameterOrEmpty('Only this enrollment of the section.', '12'),
    limit: parameterOrEmpty('How many marks a page has, 1 to 1000; without it the answer is complete.', '100'),
    after: parameterOrEmpty('Where the page begins, from `links.next`.', '2025-10-06.12.0123456789abcdef'),
    taken: switchParameter('1: also list the dates on which everybody was present. An extension.'),
    ...ofAnyRequest,
    ...startId,
  },
  {
    title: 'AttendanceQuery',
    description: 'Which marks. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ start: '2025-10-06', end: '2025-10-10' }, { limit: '100' }],
  },
);
export type AttendanceQuery = TypeOf<typeof AttendanceQuery>;

const day = Type.String({ format: 'date', examples: ['2025-10-06'] });

/** Of a student who was not simply there. */
const exception = oneOf([2, 3, 4], { description: '2 absent, 3 late, 4 excused.', examples: [2] });

const mark = { enrollment_id: 12, date: '2025-10-06', status: 2, comment: 'ill' };

const Mark = closed(
  {
    enrollment_id: Type.Integer({ examples: [12] }),
    date: day,
    status: exception,
    comment: Type.String({ description: 'May be empty.', examples: ['ill'] }),
  },
  { title: 'Attendance', description: 'That a student was absent, late or excused.', examples: [mark] },
);

const StatusGroup = closed(
  { status_code: exception, attendances: closed({ attendance: Type.Array(Mark, { minItems: 1 }) }) },
  {
    title: 'StatusOfDate',
    description: 'Those of a date who have a status, by enrollment.',
    examples: [{ status_code: 2, attendances: { attendance: [mark] } }],
  },
);
export type StatusGroup = TypeOf<typeof StatusGroup>;

const DateGroup = closed(
  {
    date: day,
    taken: Type.Optional(
      Type.Literal(0, {
        description:
          'With `taken=1`: the roll is not taken, so that whoever is not listed is unknown. Missing where it is.',
        examples: [0],
      }),
    ),
    statuses: closed({ status: Type.Array(StatusGroup) }),
  },
  {
    title: 'AttendanceOfDate',
    description: 'The marks of a date, by status. With `taken=1` a date may have none.',
    examples: [{ date: '2025-10-06', statuses: { status: StatusGroup.examples } }],
  },
);
export type DateGroup = TypeOf<typeof DateGroup>;

const Total = closed(
  { status: exception, count: Type.Integer({ minimum: 1, description: 'How many marks have it.', examples: [1] }) },
  { title: 'StatusTotal', description: 'How often there is a status.', examples: [{ status: 2, count: 1 }] },
);
export type Total = TypeOf<typeof Total>;

const found = { date: DateGroup.examples, totals: { total: Total.examples } };
const self = 'sections/4/attendance?limit=100';

export const AttendanceReply = closed(
  {
    date: Type.Array(DateGroup, { description: 'Dates that have marks, in their order.' }),
    totals: closed(
      { total: Type.Array(Total) },
      { description: 'Of all marks that are asked for, whatever the page.', examples: [found.totals] },
    ),
    total: Type.Optional(page.total),
    links: Type.Optional(pageLinks(self, `${self}&after=2025-10-06.12.0123456789abcdef`)),
  },
  {
    title: 'AttendanceResponse',
    description:
      'The marks of a section. There are `total`, of the marks on all pages together, and `links` where a page was asked for, by `limit`.',
    examples: [found, { ...found, total: '1', links: at(self) }],
  },
);
export type Attendance = TypeOf<typeof AttendanceReply>;

export const AttendancePutQuery = Type.Object(
  {
    taken: parameterOrEmpty(
      '1, as without it: the roll of each date up to today is taken, so that all others are present. 0, an extension: these statuses are said, and no more.',
      '0',
    ),
    ...ofAnyRequest,
  },
  {
    title: 'AttendancePutQuery',
    description:
      'What is said beside the statuses. An empty value is an absent one; parameters that are not documented are ignored.',
    examples: [{ taken: '0' }],
  },
);
export type AttendancePutQuery = TypeOf<typeof AttendancePutQuery>;

const sent = { enrollment_id: '12', date: '2025-10-06', status: '2', comment: 'ill' };

/** An item of a PUT. Its values may be anything: the ledger says of each item what is wrong with it. */
const SentAttendance = Type.Object(
  {
    enrollment_id: Type.Optional(Type.Unknown({ description: 'A number or its digits. Required.', examples: ['12'] })),
    date: Type.Optional(Type.Unknown({ description: 'A day, YYYY-MM-DD. Required.', examples: ['2025-10-06'] })),
    status: Type.Optional(
      Type.Unknown({
        description: '1 present, 2 absent, 3 late, 4 excused; a number or its digit. Required.',
        examples: ['2'],
      }),
    ),
    comment: Type.Optional(
      Type.Unknown({
        description:
          'A text. Empty: it is cleared. Missing, or null: the one that stands stays as long as the status does.',
        examples: ['ill'],
      }),
    ),
  },
  { title: 'SentAttendance', description: 'The status of a student on a date.', examples: [sent] },
);
export type SentAttendance = TypeOf<typeof SentAttendance>;

export const AttendancePutBody = Type.Object(
  {
    attendances: Type.Object({
      attendance: Type.Unsafe<unknown>({
        ...SentAttendance,
        type: ['array', 'object'],
        minItems: 1,
        items: Type.Unknown({ description: 'As where there is a single one.', examples: [sent] }),
        description: 'A list of up to 10,000 items, or a single one. They are checked and answered one by one.',
        examples: [sent, [sent]],
      }),
    }),
  },
  {
    title: 'AttendancePutRequest',
    description: 'Says the statuses of students of a section. Whatever else an item has is ignored.',
    examples: [{ attendances: { attendance: [sent] } }],
  },
);

const echoed = (example: string) =>
  Type.Unsafe<string | number | boolean | null>({
    type: ['string', 'number', 'boolean', 'null'],
    description: 'As it was sent; the JSON of it, cut short, where that was no single value.',
    examples: [example],
  });

const Written = closed(
  {
    id: Type.String({ pattern: '^\\d+$', description: 'The id of the attendance.', examples: ['1200020398'] }),
    response_code: Type.Literal(200, { examples: [200] }),
    message: Type.Optional(
      Type.String({
        description: 'That a later item of the same request replaced this one.',
        examples: ['Item 2 of this request, for the same enrollment and date, replaced this one.'],
      }),
    ),
  },
  {
    title: 'WrittenAttendance',
    description: 'An item that went in.',
    examples: [{ id: '1200020398', response_code: 200 }],
  },
);

const Refused = closed(
  {
    enrollment_id: echoed('99'),
    date: echoed('2025-10-06'),
    response_code: oneOf([400, 403, 404], {
      description: '400 it is not valid, 403 it may not be written, 404 there is no such enrollment in the section.',
      examples: [404],
    }),
    message: Type.String({ description: 'What is wrong with it.', examples: ['There is no enrollment 99.'] }),
  },
  {
    title: 'RefusedAttendance',
    description: 'An item that changed nothing.',
    examples: [{ enrollment_id: '99', date: '2025-10-06', response_code: 404, message: 'There is no enrollment 99.' }],
  },
);

const AttendanceResult = Type.Union([Written, Refused], {
  title: 'AttendanceResult',
  description: 'What became of an item.',
  examples: [...Written.examples, ...Refused.examples],
});
export type AttendanceResult = TypeOf<typeof AttendanceResult>;

export const AttendancePutReply = closed(
  { attendance: Type.Array(AttendanceResult, { description: 'One for each item, in the order of the request.' }) },
  {
    title: 'AttendancePutResponse',
    description: 'What became of each item. The response is 200 also where some were refused.',
    examples: [{ attendance: AttendanceResult.examples }],
  },
);
