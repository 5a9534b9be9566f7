import { Type } from '@sinclair/typebox';
import { closed, oneOf, patternParameter, type TypeOf } from '../types';
import { Id, statusWords } from './parts';

/** The attendance codes of a school: its own words for statuses, of a school year. */

export const Year = Type.Integer({ description: 'The year in which the school year starts.', examples: [2025] });
const Status = oneOf([1, 2, 3, 4], { description: `What it means. ${statusWords}`, examples: [4] });
const description = 'What it says.';
const officeOnly = 'true: the office’s alone; no API takes it from a client that is bound to a person.';
const color = 'In which it is shown.';

const AttendanceCode = closed(
  {
    id: Id,
    code: Type.String({ description: 'What stands on the roll.', examples: ['FT'] }),
    description: Type.String({ description, examples: ['Field trip'] }),
    status: Status,
    office_only: Type.Boolean({ description: officeOnly, examples: [false] }),
    color: Type.String({ description: `${color} Empty for none.`, examples: ['#2a6f4e'] }),
  },
  {
    title: 'AttendanceCode',
    description: 'A school’s own word for a status.',
    examples: [{ id: 12, code: 'FT', description: 'Field trip', status: 4, office_only: false, color: '#2a6f4e' }],
  },
);

export const CodesQuery = closed(
  {
    year: patternParameter(
      '^(?:19|20|21)\\d\\d$',
      'a year such as 2025',
      'The year in which the school year starts; this one where nothing is said.',
      '2025',
    ),
  },
  { title: 'CodesQuery', description: 'Of which school year.', examples: [{ year: '2025' }] },
);

export const CodesReply = closed(
  { year: Year, codes: Type.Array(AttendanceCode) },
  {
    title: 'AttendanceCodes',
    description: 'The attendance codes of a school in a school year, in the order in which they were made.',
    examples: [{ year: 2025, codes: AttendanceCode.examples }],
  },
);
export type AttendanceCodes = TypeOf<typeof CodesReply>;

export const CodeBody = closed(
  {
    status: Status,
    description: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: `${description} The code itself where it is left out.`,
      }),
    ),
    office_only: Type.Optional(
      Type.Boolean({ description: `${officeOnly} It stays as it is where it is left out.`, examples: [true] }),
    ),
    color: Type.Optional(
      Type.String({
        pattern: '^(#[0-9a-fA-F]{6})?$',
        mustBe: '#rrggbb, or empty',
        description: `${color} It stays as it is where it is left out.`,
        examples: ['#2a6f4e'],
      }),
    ),
  },
  {
    title: 'AttendanceCodeChange',
    description: 'What a code says and means from now on. Marks that stand are not rewritten.',
    examples: [{ status: 4, description: 'Field trip' }],
  },
);

export const CodeReply = AttendanceCode;
