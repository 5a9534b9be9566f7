import { Type } from '@sinclair/typebox';
import { dayParameter, nullable, oneOf } from '../types';

/** What several subjects of rollbook's own API are made of. */

export const Id = Type.Integer({ examples: [12] });

export const Day = Type.String({ format: 'date', examples: ['2025-10-06'] });

export const Instant = Type.String({ format: 'date-time', examples: ['2025-10-06T14:03:00.000Z'] });

export const statusWords = '1 present, 2 absent, 3 late, 4 excused.';

/** Of a student who was not simply there. */
export const Exception = oneOf([2, 3, 4], { description: '2 absent, 3 late, 4 excused.', examples: [2] });

/** What the calendar makes of a day. */
export const dayOf = {
  school_day: Type.Boolean({ examples: [true] }),
  reason: Type.String({
    description: 'Why it is a school day, or is none; empty where it is as usual.',
    examples: [''],
  }),
};

export const range = {
  from: dayParameter('The first day.', '2025-08-18'),
  to: dayParameter('The last day, inclusive.'),
};

/** Days, both inclusive. */
export const RangeQuery = Type.Object(range, {
  title: 'Range',
  description:
    'Days, both inclusive. Without them what is usual there: all days, or the school year up to today. A report ends today at the latest.',
  examples: [{ from: '2025-08-18', to: '2025-10-06' }],
});

/** Of reports: a number of students, days or rolls. */
export const count = (description?: string) => Type.Integer({ ...(description && { description }), examples: [3] });
export const rate = (description: string) =>
  nullable(Type.Number({ minimum: 0, maximum: 1 }), { description, examples: [0.07] });

export const assumed = Type.Boolean({
  description:
    'true: in a school that counts them so (`untaken: present`), students who are not marked are among these as present on past days whose roll nobody took.',
  examples: [false],
});
export const studentNumber = Type.String({
  description: 'The number that the SIS gave the student.',
  examples: ['100126'],
});
