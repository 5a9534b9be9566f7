import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Curies, collectionOf, href, Identifiers, Instant, Link, sentIdentifiers, sentText } from './parts';
import { InlinePerson } from './people';

export const announced = ['declined', 'tentative', 'accepted', 'cancelled', 'needs action'] as const;

/** What was announced. */
export type Announced = (typeof announced)[number];

const fields = {
  identifiers: Identifiers,
  origin_system: Type.String({ description: 'Which system it came from.', examples: ['rollbook'] }),
  created_date: Type.Optional(Instant),
  modified_date: Type.Optional(Instant),
  action_date: Type.Optional(Type.String({ minLength: 1, description: 'As it was sent, where it was.' })),
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

export const AttendancesReply = collectionOf('osdi:attendances', Attendance, '/events/4220362/attendances', {
  title: 'Attendances',
  description: 'A page of the attendances of an event or of a person, whether or not anything was said of them.',
});

export const NoticeReply = closed(
  { notice: Type.String() },
  {
    title: 'Notice',
    description: 'What was said of the attendance is taken back.',
    examples: [{ notice: 'This attendance was successfully deleted.' }],
  },
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
          'action alone.',
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
    person: Type.Optional(nullable(InlinePerson)),
    _links: Type.Optional(
      Type.Unknown({
        description:
          'Of a new one: `osdi:person` and `osdi:event`, where the address does not say which, and `osdi:invited_by`. ' +
          'Of one that is changed they are read-only.',
        examples: [{ 'osdi:person': { href: '/osdi/api/v1/people/126' } }],
      }),
    ),
  },
  {
    mustBe: 'an object',
    title: 'SentAttendance',
    description: 'A missing field stays as it is, null clears it; what is not listed here is ignored.',
    examples: [
      { attended: true },
      { status: 'accepted', person: { email_addresses: [{ address: 'ada@example.org' }] } },
    ],
  },
);
export type AttendanceBody = TypeOf<typeof AttendanceBody>;
