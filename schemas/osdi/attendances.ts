import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Curies, collectionOf, href, Identifiers, Instant, Link, notKept, sentIdentifiers, sentText } from './parts';
import { InlinePerson } from './people';

/** "One of" these; and `confirmed` of the samples on the same page, which is `accepted` in another word. */
export const announced = ['declined', 'tentative', 'accepted', 'confirmed', 'cancelled', 'needs action'] as const;

/** What was announced. */
export type Announced = (typeof announced)[number];

const fields = {
  identifiers: Identifiers,
  origin_system: Type.String({ description: 'Which system it came from.', examples: ['rollbook'] }),
  created_date: Type.Optional({ ...Instant, description: 'When its event was made; it never moves.' }),
  modified_date: Type.Optional({
    ...Instant,
    description: 'When it was last changed; of a student with no mark, when anything of the event was.',
  }),
  action_date: Type.Optional({
    ...Instant,
    description: 'When it was announced, where that was said; else when the mark was made.',
  }),
  status: Type.Optional(
    oneOf([...announced, 'absent', 'late', 'excused'], {
      description: 'What happened, where it is absent, late or excused; or else what was announced.',
      examples: ['late'],
    }),
  ),
  attended: Type.Optional(Type.Boolean({ description: 'What happened, in less detail.', examples: [true] })),
  comment: Type.Optional(Type.String({ minLength: 1, examples: ['bus'] })),
};
const links = {
  self: Link,
  'osdi:event': Link,
  'osdi:person': Link,
  'osdi:invited_by': Type.Optional(
    closed({ href: Type.String({ format: 'uri-reference', description: 'As it was sent.' }) }),
  ),
};

const example = {
  identifiers: ['rollbook:12220362'],
  origin_system: 'rollbook',
  created_date: '2025-10-06T14:03:00Z',
  modified_date: '2025-10-06T14:03:00Z',
  action_date: '2025-10-06T14:03:00Z',
  status: 'late',
  attended: true,
  comment: 'bus',
};
const exampleLinks = {
  self: { href: href('/events/4220362/attendances/12220362') },
  'osdi:event': { href: href('/events/4220362') },
  'osdi:person': { href: href('/people/126') },
};

/** An attendance as a collection has it. */
export const Attendance = closed(
  { ...fields, _links: closed(links) },
  {
    title: 'Attendance',
    description: 'What was announced and what happened of one student at one meeting.',
    examples: [{ ...example, _links: exampleLinks }],
  },
);
export type Attendance = TypeOf<typeof Attendance>;

export const AttendanceReply = closed(
  { ...fields, _links: closed({ ...links, curies: Curies }) },
  {
    title: 'AttendanceDocument',
    description: 'An attendance as a document of its own.',
    examples: [{ ...example, _links: { ...exampleLinks, curies: Curies.examples[0] } }],
  },
);

export const AttendancesReply = collectionOf(
  ['osdi:attendances', 'osdi:attendance'],
  Attendance,
  '/events/4220362/attendances',
  {
    title: 'Attendances',
    description: 'A page of the attendances of an event or of a person, whether or not anything was said of them.',
  },
);

export const NoticeReply = closed(
  { notice: Type.String() },
  {
    title: 'Notice',
    description: 'What was said of the attendance is taken back.',
    examples: [{ notice: 'This attendance was successfully deleted.' }],
  },
);

/** A link, said as a field. */
const cleared = Type.Optional(
  oneOf([null], {
    mustBe: 'null, by which it is cleared, or a link: _links.osdi:invited_by',
    description: 'Null clears the link `osdi:invited_by`.',
    examples: [null],
  }),
);

export const AttendanceBody = Type.Object(
  {
    identifiers: Type.Optional(nullable(sentIdentifiers('What other systems call the attendance. Replaced whole.'))),
    origin_system: sentText({ description: 'Which system it comes from.', hint: 'OpenSupporter' }),
    action_date: sentText({
      maxLength: 64,
      mustBe: 'an instant',
      hint: '2014-03-18T11:02:15Z',
      description: 'When it was announced.',
    }),
    status: Type.Optional(
      oneOf([...announced, 'absent', 'late', 'excused', 'present', null], {
        mustBe: 'one of declined, tentative, accepted, cancelled, needs action, present, absent, late, excused',
        hint: 'accepted',
        description:
          'What is announced, or what happened. `record_attendance_helper` takes declined, tentative, accepted and needs ' +
          'action alone. `confirmed` is taken as accepted.',
        examples: ['accepted'],
      }),
    ),
    attended: Type.Optional(
      nullable(Type.Boolean(), {
        mustBe: 'true or false',
        hint: true,
        description: 'What happened, in less detail: late stays late, excused stays excused.',
        examples: [true],
      }),
    ),
    comment: Type.Optional(nullable(Type.String(), { mustBe: 'a text', description: 'A comment.' })),
    person: Type.Optional(
      nullable(InlinePerson, { description: 'Whose it is. Of one that is there already it cannot be anybody else.' }),
    ),
    invited_by: cleared,
    'osdi:invited_by': cleared,
    _links: Type.Optional(
      Type.Unknown({
        description:
          '`osdi:person` and `osdi:event` where the address does not say which; where it does, they are to be the same. ' +
          '`osdi:invited_by`: a link, or null to clear it.',
        examples: [{ 'osdi:person': { href: '/osdi/api/v1/people/126' } }],
      }),
    ),
    'osdi:control': Type.Optional(
      nullable(
        Type.Object(
          {
            return_response: Type.Optional(
              nullable(Type.Boolean(), {
                mustBe: 'true or false',
                description:
                  '"If false, the operation does not need to return the resource": it is returned all the same.',
              }),
            ),
          },
          { mustBe: 'an object' },
        ),
      ),
    ),
    ...notKept([
      'referrer_data',
      'tickets',
      'add_tags',
      'add_tags_uri',
      'add_lists',
      'add_lists_uri',
      'add_questions_responses_uri',
      'triggers',
    ]),
  },
  {
    mustBe: 'an object',
    title: 'SentAttendance',
    description:
      'A missing field stays as it is, null clears it. `created_date`, `modified_date` and other links are read-only; what is ' +
      'not listed here is ignored.',
    examples: [
      { attended: true },
      { status: 'accepted', person: { email_addresses: [{ address: 'ada@example.org' }] } },
    ],
  },
);
export type AttendanceBody = TypeOf<typeof AttendanceBody>;
