import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';

/** Every value is a text, an empty one where there is none. */
const Columns = Type.Record(Type.String(), Type.String(), {
  description: 'The columns that were asked for, each as a text.',
  examples: [{ id: '12', studentid: '126' }],
});

const Row = closed(
  {
    id: Type.Union([Type.Integer(), Type.String()], {
      description: 'The id of the row; a text where what it is of has names rather than numbers.',
      examples: [12],
    }),
    name: Type.String({ examples: ['cc'] }),
    tables: Type.Record(Type.String(), Columns),
  },
  {
    title: 'Row',
    description: 'A row of a table.',
    examples: [{ id: 12, name: 'cc', tables: { cc: { id: '12', studentid: '126', dateenrolled: '2025-08-18' } } }],
  },
);

export const TableReply = closed(
  { name: Type.String({ examples: ['cc'] }), record: Type.Array(Row) },
  {
    title: 'Table',
    description: 'A page of the rows of a table.',
    examples: [{ name: 'cc', record: Row.examples }],
  },
);

export const TableRowReply = Type.Object(Row.properties, {
  additionalProperties: false,
  title: 'TableRow',
  description: 'One row of a table.',
  examples: [{ id: 4220362, name: 'ATTENDANCE', tables: { attendance: { studentid: '126', att_date: '2025-10-06' } } }],
});

const Column = closed({
  name: Type.String({ examples: ['STUDENTID'] }),
  access: Type.Optional(Type.Literal('ViewOnly', { description: 'Nothing is written by tables here.' })),
});

export const TableMetadataReply = closed(
  {
    name: Type.String({ examples: ['CC'] }),
    primaryKey: Type.String({ examples: ['ID'] }),
    columns: Type.Array(Column),
  },
  {
    title: 'TableMetadata',
    description:
      'What a table is, and its columns. Their names are in capital letters here, and in any wherever they are sent.',
    examples: [{ name: 'CC', primaryKey: 'ID', columns: [{ name: 'ID', access: 'ViewOnly' }] }],
  },
);
export type TableMetadataReply = TypeOf<typeof TableMetadataReply>;
