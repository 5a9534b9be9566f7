import { Type } from '@sinclair/typebox';
import { anyObject, closed, nullable, oneOf, parameter, type TypeOf } from '../types';
import { ItemError } from './errors';

const guid = (description: string, example: string) =>
  Type.String({ format: 'uuid', description, examples: [example] });

const booking = '01000000-0000-8002-8000-000000000000';
const event = '02000000-0000-8001-804f-8f0000000000';
const entry = '03000000-0000-8002-804f-8f0000000000';

/** Wix's word for a status. */
export const AttendanceStatus = oneOf(['NOT_SET', 'ATTENDED', 'NOT_ATTENDED'], {
  title: 'AttendanceStatus',
  description: 'ATTENDED is present or late, NOT_ATTENDED is absent or excused, NOT_SET is unknown.',
  examples: ['NOT_ATTENDED'],
});
export type AttendanceStatus = TypeOf<typeof AttendanceStatus>;

/** An entry in the words of Wix. */
export const Attendance = closed(
  {
    id: guid('The id of the attendance, which is that of a booking at an event.', entry),
    bookingId: guid('The booking, which is an enrollment.', booking),
    eventId: guid('The event, which is a section on a date.', event),
    sessionId: guid('The deprecated name of `eventId`.', event),
    status: AttendanceStatus,
    numberOfAttendees: Type.Integer({
      minimum: 1,
      description: 'How many came along, the person included.',
      examples: [1],
    }),
  },
  {
    title: 'Attendance',
    description: 'What is known of a booking at an event.',
    examples: [
      {
        id: entry,
        bookingId: booking,
        eventId: event,
        sessionId: event,
        status: 'NOT_ATTENDED',
        numberOfAttendees: 1,
      },
    ],
  },
);
export type Attendance = TypeOf<typeof Attendance>;

export const AttendanceQuery = Type.Object(
  { attendanceId: parameter('The same as in the path, where the SDK says it again.', entry) },
  { title: 'AttendanceQuery', description: 'Has no parameters of its own.', examples: [{ attendanceId: entry }] },
);
export type AttendanceQuery = TypeOf<typeof AttendanceQuery>;

const notification = Type.Optional(
  nullable(anyObject(), {
    description: 'Taken, and not kept: nobody is notified from here.',
    examples: [null],
  }),
);

const sent = { bookingId: booking, eventId: event, status: 'NOT_ATTENDED' };

export const SetBody = Type.Object(
  {
    attendance: anyObject({
      title: 'SentAttendance',
      description:
        'The attendance to set: `bookingId`, `eventId`, `status`, and `numberOfAttendees` where it is not as it stands. An `id` is ' +
        'to be that of this booking at this event.',
      examples: [sent],
    }),
    participantNotification: notification,
  },
  {
    title: 'SetAttendanceRequest',
    description: 'Sets the attendance of one booking at an event.',
    examples: [{ attendance: sent }],
  },
);

/** The answer of a get and of a set. */
export const AttendanceReply = closed(
  { attendance: Attendance },
  {
    title: 'AttendanceResponse',
    description: 'An attendance as it stands.',
    examples: [{ attendance: Attendance.examples[0] }],
  },
);

export const DeleteReply = closed(
  {},
  { title: 'DeleteAttendanceResponse', description: 'What was set of the booking is taken back.', examples: [{}] },
);

export const BulkSetBody = Type.Object(
  {
    attendanceDetails: Type.Optional(
      nullable(
        Type.Array(
          Type.Object({
            attendance: Type.Optional(Type.Unknown({ description: 'As in a set of one.' })),
            participantNotification: notification,
          }),
        ),
        { maxItems: 1000, description: 'The attendances to set.', examples: [[{ attendance: sent }]] },
      ),
    ),
    returnFullEntity: Type.Optional(
      nullable(Type.Boolean(), { description: 'Whether each result has the attendance.', examples: [true] }),
    ),
  },
  {
    title: 'BulkSetAttendanceRequest',
    description:
      'Sets attendances. One that is malformed fails the request, one that does not fit the roster itself alone.',
    examples: [{ attendanceDetails: [{ attendance: sent }], returnFullEntity: true }],
  },
);

export const BulkDeleteBody = Type.Object(
  {
    attendanceIds: Type.Array(Type.String({ description: 'The id of an attendance.', examples: [entry] }), {
      minItems: 1,
      maxItems: 1000,
    }),
  },
  {
    title: 'BulkDeleteAttendanceRequest',
    description: 'Takes back what was set of these attendances.',
    examples: [{ attendanceIds: [entry] }],
  },
);

const ItemMetadata = closed(
  {
    id: Type.Optional(Type.String({ description: 'The id of the attendance, where it has one.', examples: [entry] })),
    originalIndex: Type.Integer({ description: 'The place of the item in the request, from 0.', examples: [0] }),
    success: Type.Boolean({ examples: [true] }),
    error: Type.Optional(ItemError),
  },
  {
    title: 'ItemMetadata',
    description: 'What became of an item.',
    examples: [{ id: entry, originalIndex: 0, success: true }],
  },
);

/** What became of one item of a bulk request. */
export const ItemResult = closed(
  { item: Type.Optional(Attendance), itemMetadata: ItemMetadata },
  {
    title: 'BulkAttendanceResult',
    description: 'What became of an item, and the attendance where it was asked for.',
    examples: [{ itemMetadata: { id: entry, originalIndex: 0, success: true } }],
  },
);
export type ItemResult = TypeOf<typeof ItemResult>;

export const BulkReply = closed(
  {
    results: Type.Array(ItemResult, { description: 'One for each item, in the order of the request.' }),
    bulkActionMetadata: closed(
      { totalSuccesses: Type.Integer(), totalFailures: Type.Integer(), undetailedFailures: Type.Integer() },
      {
        title: 'BulkActionMetadata',
        description: 'How many items succeeded and failed. Each failure has its details.',
        examples: [{ totalSuccesses: 1, totalFailures: 0, undetailedFailures: 0 }],
      },
    ),
  },
  {
    title: 'BulkAttendanceResponse',
    description: 'What became of each item of a bulk request.',
    examples: [
      {
        results: ItemResult.examples,
        bulkActionMetadata: { totalSuccesses: 1, totalFailures: 0, undetailedFailures: 0 },
      },
    ],
  },
);
export type BulkReply = TypeOf<typeof BulkReply>;
