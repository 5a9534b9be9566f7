import { Type } from '@sinclair/typebox';
import { parameterOrEmpty, type TypeOf } from '../types';

/*
 * The parameters that PowerSchool's addresses heed. One that PowerSchool documents and that an address does not have here is
 * refused there, whatever its value. Each address has examples of its own where the ones here are none of it: `withExamples`.
 */

const page = parameterOrEmpty('Which page, from 1.', '1');
const pagesize = parameterOrEmpty('How many a page has: 100, which is the most.', '50');
const q = parameterOrEmpty('FIQL: which of them. A field that is not known here is refused.', 'name.last_name==Lov*');
const expansions = parameterOrEmpty(
  'What is told beside the usual, with commas. What is not known here is refused.',
  'contact_info',
);
const projection = parameterOrEmpty('Which columns, with commas; `*` is all of them.', 'studentid,att_date');
const order = parameterOrEmpty(
  'In which order: columns with commas, each with `;desc` where it is to go down.',
  'id;desc',
);
const sort = parameterOrEmpty('The same, without `;desc`.', 'id');
const sortdescending = parameterOrEmpty('`true`: what `sort` names goes down. It goes with `sort` alone.', 'false');

/** Of named queries. */
export const PageQuery = Type.Object(
  {
    page,
    pagesize: parameterOrEmpty('How many a page has: 100, which is the most. 0 asks for all.', '50'),
    count: parameterOrEmpty('`true`: say how many records there are on all pages.', 'true'),
    $q: parameterOrEmpty(
      'FIQL: which records. A column that the query does not have is refused.',
      'att_date=ge=2025-10-01',
    ),
    q: parameterOrEmpty('The same: some clients call it so.', 'att_date=ge=2025-10-01'),
    projection,
    order,
    sort,
    sortdescending,
  },
  {
    title: 'PageQuery',
    description: 'Which records of a named query, in which order, and which page of them.',
    examples: [{ page: '2', pagesize: '50', $q: 'att_date=ge=2025-10-01', order: 'att_date;desc' }],
  },
);
export type PageQuery = TypeOf<typeof PageQuery>;

/** Of how many records a named query has. */
export const PageCountQuery = Type.Object(
  { $q: PageQuery.properties.$q, q: PageQuery.properties.q },
  { title: 'PageCountQuery', description: 'Which records are counted.', examples: [{ $q: 'att_date=ge=2025-10-01' }] },
);

/** Of lists. */
export const ListQuery = Type.Object(
  { q, page, pagesize },
  {
    title: 'ListQuery',
    description: 'Which of a list, and which page of them.',
    examples: [{ q: 'school_number==200', page: '2', pagesize: '50' }],
  },
);
export type ListQuery = TypeOf<typeof ListQuery>;

/** Of lists of what can be told more of. */
export const ExpandedListQuery = Type.Object(
  { q, page, pagesize, expansions },
  {
    title: 'ExpandedListQuery',
    description: 'Which of a list, which page of them, and what is told of each.',
    examples: [{ q: 'local_id==100126', expansions: 'school_enrollment' }],
  },
);

/** Of how long a list is. */
export const CountQuery = Type.Object(
  { q },
  { title: 'CountQuery', description: 'Which of a list are counted.', examples: [{ q: 'school_number==200' }] },
);

/** The same of a list of what can be told more of: clients ask with the parameters of the list. */
export const ExpandedCountQuery = Type.Object(
  { q, expansions },
  {
    title: 'ExpandedCountQuery',
    description: 'Which of a list are counted. The expansions have to be known here, and count for nothing.',
    examples: [{ q: 'school_enrollment.enroll_status==A', expansions: 'school_enrollment' }],
  },
);

/** Of one that can be told more of. */
export const ExpandedQuery = Type.Object(
  { expansions },
  { title: 'ExpandedQuery', description: 'What is told of it.', examples: [{ expansions: 'school_enrollment' }] },
);
export type ExpandedQuery = TypeOf<typeof ExpandedQuery>;

/** Of what takes no parameter. */
export const ResourceQuery = Type.Object(
  {},
  { title: 'ResourceQuery', description: 'There is no parameter.', examples: [{}] },
);

/** Of tables. */
export const TableQuery = Type.Object(
  { q, page, pagesize, projection, order, sort, sortdescending },
  {
    title: 'TableQuery',
    description: 'Which rows of a table, in which order, which page of them, and which columns.',
    examples: [{ q: 'studentid==126;att_date=ge=2025-10-01', projection: 'att_date,attendance_codeid' }],
  },
);
export type TableQuery = TypeOf<typeof TableQuery>;

/** Of one row of a table. */
export const TableRowQuery = Type.Object(
  { projection },
  { title: 'TableRowQuery', description: 'Which columns of a row.', examples: [{ projection: '*' }] },
);

/** Of what a table is. */
export const TableMetadataQuery = Type.Object(
  { expansions: parameterOrEmpty('`access`: what may be done with each column. No other is known here.', 'access') },
  { title: 'TableMetadataQuery', description: 'What is told of a table.', examples: [{ expansions: 'access' }] },
);
