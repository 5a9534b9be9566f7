import { Type } from '@sinclair/typebox';
import { anyObject, closed, oneOf, type TypeOf } from '../types';
import { Day, Id } from './parts';

export const Weekday = oneOf(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
export type Weekday = TypeOf<typeof Weekday>;

const day = { date: '2025-11-27', school_day: false, reason: 'Thanksgiving' };
const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];

/** A day that is not as its weekday has it. */
export const CalendarDay = closed(
  {
    date: Day,
    school_day: Type.Boolean(),
    reason: Type.String({ description: 'Why, in a word.', examples: ['Thanksgiving'] }),
  },
  { title: 'CalendarDay', description: 'A day that is not as its weekday has it.', examples: [day] },
);
export type CalendarDay = TypeOf<typeof CalendarDay>;

/** What can be set of a calendar. */
const change = {
  days: Type.Optional(
    Type.Array(
      anyObject({
        description:
          'A `date`, and whether it is a `school_day`, with a `reason`; without, it is none. In CSV all is text.',
        examples: [day],
      }),
      { minItems: 1, maxItems: 10000, description: 'The last of several for the same date stands.' },
    ),
  ),
  weekdays: Type.Optional(
    Type.Array(Weekday, { minItems: 1, maxItems: 7, description: 'On which it is open.', examples: [week] }),
  ),
};

export const CalendarBody = Type.Object(change, {
  title: 'CalendarChange',
  description: 'Sets days, weekdays or both of a school’s calendar. What is missing stays as it is.',
  examples: [{ days: [day] }, { weekdays: week }],
});

export const CalendarReply = closed(
  {
    school: closed({ id: Id, name: Type.String() }),
    weekdays: Type.Array(Weekday, { description: 'On which the school is open.' }),
    days: Type.Array(CalendarDay, { description: 'Those that are not as their weekday has them, by date.' }),
  },
  {
    title: 'Calendar',
    description: 'When a school is open.',
    examples: [{ school: { id: 1, name: 'Larkspur High' }, weekdays: week, days: [day] }],
  },
);
export type Calendar = TypeOf<typeof CalendarReply>;

export const CalendarsBody = Type.Object(
  {
    schools: Type.Union(
      [
        Type.Unsafe<'all'>({ const: 'all' }),
        Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 10000 }),
      ],
      {
        description: 'The ids of schools, or all that are active.',
        examples: ['all', [1, 2]],
      },
    ),
    ...change,
  },
  {
    title: 'CalendarsChange',
    description: 'Sets the same days, weekdays or both in several schools.',
    examples: [{ schools: 'all', days: [day] }],
  },
);

export const CalendarsReply = closed(
  { schools: Type.Array(Id) },
  { title: 'Calendars', description: 'The ids of the schools that were changed.', examples: [{ schools: [1, 2] }] },
);
