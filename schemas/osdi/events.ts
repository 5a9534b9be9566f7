import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';
import { Curies, collectionOf, href, Identifiers, Instant, Link, notKept, sentIdentifiers, sentText } from './parts';

const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const fields = {
  identifiers: Identifiers,
  origin_system: Type.String({ minLength: 1, examples: ['rollbook'] }),
  created_date: Type.Optional({ ...Instant, description: 'When it was made; it never moves.' }),
  modified_date: Type.Optional({ ...Instant, description: 'When it, or an attendance of it, was last changed.' }),
  name: text('The code of the section.'),
  title: text('The title of the section.'),
  description: text('The title of the course.'),
  status: Type.Literal('confirmed'),
  all_day: Type.Literal(true, { description: 'A meeting has a day, and no hour.' }),
  all_day_date: Type.String({ format: 'date', examples: ['2025-10-06'] }),
  total_accepted: Type.Integer({ minimum: 0, description: 'How many are known to be present or late.' }),
};
const links = {
  self: Link,
  'osdi:attendances': Link,
  'osdi:attendance': Link,
  'osdi:record_attendance_helper': Link,
  'osdi:creator': Type.Optional(Link),
};

const example = {
  identifiers: ['rollbook:4220362'],
  origin_system: 'rollbook',
  created_date: '2025-10-06T14:03:00Z',
  modified_date: '2025-10-06T14:03:00Z',
  name: '101',
  title: 'Algebra I',
  status: 'confirmed',
  all_day: true,
  all_day_date: '2025-10-06',
  total_accepted: 0,
};
const exampleLinks = {
  self: { href: href('/events/4220362') },
  'osdi:attendances': { href: href('/events/4220362/attendances') },
  'osdi:attendance': { href: href('/events/4220362/attendances') },
  'osdi:record_attendance_helper': { href: href('/events/4220362/record_attendance_helper') },
};

/** An event as a collection has it. */
export const Event = closed(
  { ...fields, _links: closed(links) },
  {
    title: 'Event',
    description: 'A meeting: a section on a day.',
    examples: [{ ...example, _links: exampleLinks }],
  },
);
export type Event = TypeOf<typeof Event>;

export const EventReply = closed(
  { ...fields, _links: closed({ ...links, curies: Curies }) },
  {
    title: 'EventDocument',
    description: 'An event as a document of its own.',
    examples: [{ ...example, _links: { ...exampleLinks, curies: Curies.examples[0] } }],
  },
);

export const EventsReply = collectionOf(['osdi:events'], Event, '/events', {
  title: 'Events',
  description: 'A page of the meetings of sections.',
});

/** What events.md has of an event and a meeting has not. */
export const notOfMeetings = [
  'summary',
  'browser_url',
  'administrative_url',
  'type',
  'ticket_levels',
  'featured_image_url',
  'instructions',
  'capacity',
  'guests_can_invite_others',
  'transparence',
  'visibility',
  'location',
  'contact',
  'reminders',
  'timezone_identifier',
  'share_url',
  'share_options',
] as const;

export const EventBody = Type.Object(
  {
    identifiers: sentIdentifiers(
      'One of them names the section: `rollbook:section:<id>`. Those of other systems are taken, and not kept.',
      'rollbook:section:42',
    ),
    all_day_date: sentText({
      maxLength: 64,
      mustBe: 'a day of the calendar, YYYY-MM-DD',
      hint: '2025-10-20',
      description: 'The day.',
    }),
    start_date: sentText({
      maxLength: 64,
      mustBe: 'an instant',
      hint: '2025-10-20T14:00:00Z',
      description: 'Without `all_day_date`: the day is that of this instant, where the section is.',
    }),
    ...notKept(['end_date', 'all_day', 'status', 'origin_system', 'name', 'title', 'description', ...notOfMeetings]),
  },
  {
    mustBe: 'an object',
    title: 'NewEvent',
    description:
      'Schedules a meeting: the section, and its day. What else it shows is what the roster says. What is not listed here is ' +
      'ignored.',
    examples: [{ identifiers: ['rollbook:section:42'], all_day_date: '2025-10-20' }],
  },
);
export type EventBody = TypeOf<typeof EventBody>;
