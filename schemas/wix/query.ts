import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Attendance } from './attendance';

const cursor = { maxLength: 16000, description: 'Of a page. It is signed, and carries filter and order.' };

const filter = Type.Optional(
  Type.Unknown({
    description: 'A filter of Wix’s API Query Language, of up to 500 parts and values, 20 deep.',
    examples: [{ status: 'NOT_ATTENDED' }],
  }),
);

const limit = Type.Optional(
  Type.Unknown({
    description: 'How many attendances a page has: 1 to 1000, or 50 where nothing is said.',
    examples: [50],
  }),
);

/** Without an order it is ascending. */
export const Sorting = Type.Object(
  {
    fieldName: Type.Optional(Type.String({ description: 'The field to sort by.', examples: ['eventId'] })),
    order: Type.Optional(oneOf(['ASC', 'DESC', null], { description: 'Only numberOfAttendees sorts DESC.' })),
  },
  { title: 'Sorting', description: 'What to sort by.', examples: [{ fieldName: 'eventId', order: 'ASC' }] },
);
export type Sorting = TypeOf<typeof Sorting>;

const Query = Type.Object(
  {
    filter,
    sort: Type.Optional(nullable(Type.Array(Sorting), { description: 'By `id`, where nothing is said.' })),
    cursorPaging: Type.Optional(
      nullable(Type.Object({ limit, cursor: Type.Optional(nullable(Type.String(cursor))) }), {
        description: 'The page: its size, and the cursor that a page before or after it has handed out.',
        examples: [{ limit: 50 }],
      }),
    ),
    paging: Type.Optional(
      nullable(
        Type.Object({
          limit,
          offset: Type.Optional(Type.Unknown({ description: 'Not supported but for 0.', examples: [0] })),
        }),
        { description: 'What the query utility of the SDK sends in its stead.', examples: [{ limit: 50 }] },
      ),
    ),
  },
  {
    title: 'CursorQuery',
    description:
      'Which attendances, in which order, and which page of them. Projections (`fields`, `fieldsets`) are refused: they come whole.',
    examples: [{ filter: { status: 'NOT_ATTENDED' }, cursorPaging: { limit: 50 } }],
  },
);
export type Query = TypeOf<typeof Query>;

export const QueryBody = Type.Object(
  { query: Type.Optional(nullable(Query)) },
  {
    title: 'QueryAttendanceRequest',
    description: 'Asks for a page of attendances. All of them, where nothing is said.',
    examples: [{ query: Query.examples[0] }],
  },
);
export type QueryBody = TypeOf<typeof QueryBody>;

export const QueryReply = closed(
  {
    attendances: Type.Array(Attendance, { maxItems: 1000 }),
    pagingMetadata: closed(
      {
        cursors: closed(
          {
            next: Type.Optional(Type.String({ minLength: 1, ...cursor })),
            prev: Type.Optional(Type.String({ minLength: 1, ...cursor })),
          },
          { description: 'Of the pages beside it: none after the last, none before the first.' },
        ),
        hasNext: Type.Boolean({ description: 'Whether there is a page after it.' }),
      },
      {
        title: 'PagingMetadata',
        description: 'Where the pages beside it are.',
        examples: [{ cursors: {}, hasNext: false }],
      },
    ),
  },
  {
    title: 'QueryAttendanceResponse',
    description: 'A page of attendances.',
    examples: [{ attendances: Attendance.examples, pagingMetadata: { cursors: {}, hasNext: false } }],
  },
);

export const CountBody = Type.Object(
  { filter },
  {
    title: 'CountAttendancesRequest',
    description: 'Asks how many attendances there are, or of those that the filter names.',
    examples: [{ filter: { status: 'NOT_ATTENDED' } }],
  },
);

export const CountReply = closed(
  { count: Type.Integer({ minimum: 0 }) },
  { title: 'CountAttendancesResponse', description: 'How many attendances there are.', examples: [{ count: 12 }] },
);
