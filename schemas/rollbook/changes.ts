import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, parameter, type TypeOf } from '../types';
import { Day, Exception, Id, Instant } from './parts';

export const ChangesQuery = Type.Object(
  {
    after: parameter('start, now, or the `next` of the answer before. Without it: start.', 'start'),
    section: parameter('The id of one section.', '4'),
    school: parameter('The id of one school.', '1'),
    limit: numberParameter('How many at most. Without it: 1000.', '100', [1, 10_000]),
    wait: numberParameter('How many seconds to wait where there is no change yet.', '30', [0, 30]),
  },
  {
    title: 'ChangesQuery',
    description: 'Which changes: all that the caller may read, after a place in their order.',
    examples: [{ after: 'start', limit: '100' }],
  },
);

/** What every change has. */
const common = {
  id: Type.Integer({ description: 'Of this change alone. Later ones may have lower ids.', examples: [73] }),
  section: Type.Integer({ description: 'The id of the section.', examples: [4] }),
  revision: nullable(Type.Integer({ examples: [12] }), {
    description:
      'The revision of the section by the change: each is followed by itself or the next one. null where the change raised none, or was made before revisions were kept.',
  }),
  at: Instant,
  by: closed(
    {
      api: Type.String({ description: 'The API or the command.', examples: ['rollbook'] }),
      client: nullable(Id, { description: 'The id of the client; null for the operator.' }),
      person: nullable(Id, { description: 'The id of the person that it acted for, if for one.' }),
    },
    { title: 'ChangedBy', description: 'Who made it.', examples: [{ api: 'rollbook', client: 2, person: 118 }] },
  ),
};
const example = {
  id: 73,
  section: 4,
  revision: 12,
  at: '2025-10-06T14:03:00.000Z',
  by: { api: 'rollbook', client: 2, person: 118 },
};

const kind = <const Kind extends string>(...kinds: Kind[]) => oneOf(kinds, { examples: [kinds[0]!] });

const ofRoll = { date: Day };
const ofStudent = { date: Day, enrollment: Type.Integer({ description: 'The id of the enrollment.', examples: [12] }) };
const said = {
  code: Type.String({ description: 'The school’s code by which it was written; empty where there is none.' }),
  comment: Type.String({ examples: ['bus'] }),
};

const RollChange = closed(
  { ...common, kind: kind('roll.taken', 'roll.untaken', 'meeting.scheduled'), ...ofRoll },
  {
    title: 'RollChanged',
    description:
      'A roll was taken, was said not to be taken after all, or its meeting was scheduled. On a roll that is taken, whoever is enrolled that day and has no mark is present.',
    examples: [{ ...example, kind: 'roll.taken', date: '2025-10-06' }],
  },
);

const MarkChange = closed(
  { ...common, kind: kind('mark'), ...ofStudent, status: Exception, ...said },
  {
    title: 'Marked',
    description: 'A student has this mark. It takes the place of whatever was said of the student on the day.',
    examples: [{ ...example, kind: 'mark', date: '2025-10-06', enrollment: 12, status: 3, code: '', comment: 'bus' }],
  },
);

const PresenceChange = closed(
  { ...common, kind: kind('presence'), ...ofStudent, ...said },
  {
    title: 'SaidPresent',
    description:
      'A student was said to be present. It takes the place of whatever was said of the student on the day. After roll.untaken it comes once more of whom it still holds.',
    examples: [{ ...example, kind: 'presence', date: '2025-10-06', enrollment: 12, code: '', comment: '' }],
  },
);

const TakenBack = closed(
  { ...common, kind: kind('mark.removed', 'presence.removed'), ...ofStudent },
  {
    title: 'TakenBack',
    description: 'What was said of a student on a day was taken back.',
    examples: [{ ...example, kind: 'mark.removed', date: '2025-10-06', enrollment: 12 }],
  },
);

const DetailsChange = closed(
  { ...common, kind: kind('details.changed'), ...ofStudent },
  {
    title: 'DetailsChanged',
    description:
      'What one API alone keeps of a student on a day has changed, as minutes: that of `by.api`, by which it can be read. It says nothing of the status.',
    examples: [{ ...example, revision: null, kind: 'details.changed', date: '2025-10-06', enrollment: 12 }],
  },
);

const days = {
  begin_date: Type.String({ format: 'date', description: 'The first day.', examples: ['2025-08-18'] }),
  end_date: Type.String({
    format: 'date',
    description: 'The first day on which it is over.',
    examples: ['2026-06-12'],
  }),
};

const EnrollmentChange = closed(
  {
    ...common,
    kind: kind('enrollment.created', 'enrollment.changed', 'enrollment.ended', 'enrollment.removed'),
    enrollment: Type.Integer({ description: 'The id of the enrollment.', examples: [12] }),
    person: Type.Integer({ description: 'The id of whose it is.', examples: [126] }),
    role: oneOf(['student', 'teacher'], { examples: ['student'] }),
    ...days,
  },
  {
    title: 'EnrollmentChanged',
    description:
      'An enrollment is as it says from now on. enrollment.ended: the SIS does not list it any more; enrollment.removed: and it has no day.',
    examples: [
      {
        ...example,
        revision: null,
        by: { api: 'import', client: null, person: null },
        kind: 'enrollment.created',
        enrollment: 12,
        person: 126,
        role: 'student',
        begin_date: '2025-08-18',
        end_date: '2026-06-12',
      },
    ],
  },
);

const SectionChange = closed(
  { ...common, kind: kind('section.changed') },
  {
    title: 'SectionChanged',
    description:
      'Something else than a status has changed in the section: the past was corrected, people were merged, or somebody was erased.',
    examples: [{ ...example, kind: 'section.changed' }],
  },
);

const AttendanceErased = closed(
  { ...common, kind: kind('attendance.erased'), ...days },
  {
    title: 'AttendanceErased',
    description: 'The attendance of the section on these days was erased. Whoever has a copy of it erases that.',
    examples: [{ ...example, kind: 'attendance.erased', begin_date: '2019-08-01', end_date: '2020-08-01' }],
  },
);

const PersonErased = closed(
  {
    id: common.id,
    kind: kind('person.erased'),
    section: Type.Null(),
    revision: Type.Null(),
    at: Instant,
    by: common.by,
    person: Type.Integer({ description: 'The id of the person.', examples: [126] }),
  },
  {
    title: 'PersonErased',
    description:
      'A person was erased. Whoever has a copy of their name, or of comments on them, erases that; statuses and days stay.',
    examples: [
      {
        id: 74,
        kind: 'person.erased',
        section: null,
        revision: null,
        at: '2025-10-06T14:03:00.000Z',
        by: { api: 'person erase', client: null, person: null },
        person: 126,
      },
    ],
  },
);

const PersonMerged = closed(
  {
    ...PersonErased.properties,
    kind: kind('person.merged'),
    person: Type.Integer({ description: 'The id of the person who was kept.', examples: [126] }),
    merged: Type.Integer({ description: 'The id of the person who is no more.', examples: [131] }),
  },
  {
    title: 'PersonMerged',
    description:
      'Two people were the same, and are one from now on. Whoever has a copy of the one that is no more makes it part of the other, to whom whatever comes later applies.',
    examples: [
      {
        id: 75,
        kind: 'person.merged',
        section: null,
        revision: null,
        at: '2025-10-06T14:03:00.000Z',
        by: { api: 'person merge', client: null, person: null },
        person: 126,
        merged: 131,
      },
    ],
  },
);

export const Change = Type.Union(
  [
    RollChange,
    MarkChange,
    PresenceChange,
    TakenBack,
    DetailsChange,
    EnrollmentChange,
    SectionChange,
    AttendanceErased,
    PersonErased,
    PersonMerged,
  ],
  {
    title: 'Change',
    description: 'A change, with the state that it made. The last one of a student’s day, or of an enrollment, stands.',
    examples: MarkChange.examples,
  },
);
export type Change = TypeOf<typeof Change>;

export const ChangesReply = closed(
  {
    changes: Type.Array(Change),
    next: Type.String({
      description: 'Where to go on: `after` of the next request, also where there was no change.',
      examples: ['pK0w'],
    }),
    more: Type.Boolean({ description: 'Whether there is more already.', examples: [false] }),
  },
  {
    title: 'Changes',
    description: 'Changes in their order.',
    examples: [{ changes: MarkChange.examples, next: 'pK0w', more: false }],
  },
);
export type Changes = TypeOf<typeof ChangesReply>;
