import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Day, Id } from './parts';

export const RemindersBody = closed(
  {
    school: Type.Integer({ minimum: 1, description: 'Of which school: an id.', examples: [1] }),
    date: Type.String({ description: 'A day up to today, YYYY-MM-DD.', examples: ['2025-10-06'] }),
    period: Type.Optional(
      Type.String({ description: 'Rolls of classes in this period alone.', maxLength: 60, examples: ['2'] }),
    ),
  },
  {
    title: 'RemindersAsked',
    description: 'Of which rolls that are not taken their teachers are to be reminded.',
    examples: [{ school: 1, date: '2025-10-06' }],
  },
);

const Reminder = closed(
  {
    section_id: Id,
    section: Type.String({ examples: ['Algebra I'] }),
    periods: Type.String({ examples: ['1'] }),
    person_id: nullable(Id, { description: 'The teacher; null where the class has none.' }),
    name: Type.String({ description: 'What the teacher is called.', examples: ['Emmy Noether'] }),
    outcome: oneOf(['sent', 'recent', 'no_address', 'not_sent', 'no_teacher', 'no_mail'], {
      description:
        'sent: handed on to be sent by email. recent: the teacher was reminded of this roll within the last 30 minutes. no_address: the roster has no email address of the teacher. not_sent: too much email waits. no_teacher: the class has none that day. no_mail: the service sends no email, since SMTP_URL is not set.',
      examples: ['sent'],
    }),
  },
  {
    title: 'Reminder',
    description: 'A roll that is not taken, and what came of reminding one of its teachers.',
    examples: [
      { section_id: 4, section: 'Algebra I', periods: '1', person_id: 9, name: 'Emmy Noether', outcome: 'sent' },
    ],
  },
);
export type Reminder = TypeOf<typeof Reminder>;

export const RemindersReply = closed(
  { date: Day, reminders: Type.Array(Reminder) },
  {
    title: 'Reminders',
    description: 'Each roll that is not taken, once for each of its teachers.',
    examples: [{ date: '2025-10-06', reminders: Reminder.examples }],
  },
);
export type Reminders = TypeOf<typeof RemindersReply>;
