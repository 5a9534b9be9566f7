import { Type } from '@sinclair/typebox';
import { anyObject, closed, type TypeOf } from '../types';

/** How Wix says no: https://dev.wix.com/docs/rest/articles/getting-started/errors */

const unknownAttendance = { code: 'ATTENDANCE_NOT_FOUND', description: 'attendance not found', data: {} };

export const ItemError = closed(
  { code: Type.String(), description: Type.String(), data: anyObject() },
  {
    title: 'ApplicationError',
    description: 'Why the application says no: to a request, or to an item of it.',
    examples: [unknownAttendance],
  },
);
export type ItemError = TypeOf<typeof ItemError>;

const FieldViolation = closed({
  field: Type.String({ description: 'The path of the field.', examples: ['query.cursorPaging.limit'] }),
  description: Type.String({ description: 'What was sent, and what would be right.' }),
  violatedRule: Type.String({ description: 'Which rule it breaks, in the words of Wix.', examples: ['OUT_OF_RANGE'] }),
  data: anyObject({ description: 'What the rule allows.', examples: [{ min: 1, max: 1000 }] }),
});

export const WixError = Type.Union(
  [
    closed({
      message: Type.String(),
      details: closed({ validationError: closed({ fieldViolations: Type.Array(FieldViolation) }) }),
    }),
    closed({ message: Type.String(), details: closed({ applicationError: ItemError }) }),
  ],
  {
    title: 'Error',
    description: 'What is wrong with the fields, or why the application says no. Nothing was changed.',
    examples: [{ message: 'attendance not found', details: { applicationError: unknownAttendance } }],
  },
);
export type WixError = TypeOf<typeof WixError>;
