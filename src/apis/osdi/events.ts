import { type Event, EventBody, EventReply, EventsReply, notOfMeetings } from '../../../schemas/osdi/events';
import { EventsQuery, ResourceQuery } from '../../../schemas/osdi/parts';
import { day, instant, integer, nullable, oneOf, string } from '../../database/rows';
import { idOn, isSchoolDay, partsOf, today } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import type { Column, RowOfColumns } from '../../ledger/columns';
import type { Condition } from '../../ledger/entries';
import { knownStatus } from '../../ledger/read-sql';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { mayReadOn } from '../../roster/access';
import { enrolledOn } from '../../roster/enrolled';
import type { SectionAccess } from '../../roster/roster';
import type { Dependencies } from '../dependencies';
import { collectionReply, type ListSpec, openList } from './collections';
import { invalidField } from './errors';
import { each, type Fields, instantOf, instantRule, printed } from './filter';
import { attendancesAt, documentOf, documentReply, idOf, linkTo, NAMESPACE, ownId, withoutBlanks } from './hal';

const text = (sql: string) => ({ type: 'text', sql, holds: string }) as const;
const number = (sql: string) => ({ type: 'bigint', sql, holds: integer }) as const;

/** The teacher of the day, the first where there are several. */
const creator = `(select min(teaching.person_id) from enrollments as teaching
  where teaching.section_id = meetings.section_id and +teaching.district_id = meetings.district_id and teaching.admin
    and ${enrolledOn('teaching', 'meetings.date')})`;

/** The entries that are known to be present or late. */
const accepted = `(select count(*) from enrollments
  left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
    and marks.date = meetings.date and marks.enrollment_id = enrollments.id
  where enrollments.section_id = meetings.section_id and +enrollments.district_id = meetings.district_id
    and not enrollments.admin
    and (marks.status = 3 or (marks.status is null
      and ${enrolledOn('enrollments', 'meetings.date')}
      and ${knownStatus('meetings', 'enrollments.id')} = 1)))`;

const columns = {
  section_id: { ...number('meetings.section_id'), indexed: true },
  date: { type: 'date', sql: 'meetings.date', holds: day, indexed: true },
  created_at: { type: 'timestamptz', sql: 'meetings.created_at', holds: nullable(instant) },
  changed_at: { type: 'timestamptz', sql: 'meetings.changed_at', holds: nullable(instant), indexed: true },
  name: text('sections.section_code'),
  title: text('sections.title'),
  description: text("coalesce(courses.title, '')"),
  creator: { ...number(creator), holds: nullable(integer) },
  total_accepted: number(accepted),
  origin_system: text(`'${NAMESPACE}'`),
  status: text("'confirmed'"),
  all_day: { type: 'smallint', sql: '1', holds: oneOf(1) },
} satisfies Readonly<Record<string, Column>>;

/** A meeting as an event shows it. */
type EventRow = RowOfColumns<typeof columns>;

const eventSpec: ListSpec<EventRow> = {
  columns,
  from: `meetings
    join sections on sections.district_id = meetings.district_id and sections.id = meetings.section_id
    left join courses on courses.district_id = sections.district_id and courses.id = sections.course_id
    where meetings.district_id = :district and ${mayReadOn('sections.id', 'meetings.date')}`,
  key: ['section_id', 'date'],
};

const eventFields: Fields = {
  origin_system: { column: 'origin_system', kind: 'text' },
  ...each(['identifier', 'identifiers'], { kind: 'list', among: (identifier) => withId(ownId(identifier)) }),
  created_date: { column: 'created_at', kind: 'instant' },
  modified_date: { column: 'changed_at', kind: 'instant' },
  name: { column: 'name', kind: 'text' },
  title: { column: 'title', kind: 'text' },
  description: { column: 'description', kind: 'text' },
  status: { column: 'status', kind: 'text' },
  all_day: { column: 'all_day', kind: 'boolean' },
  all_day_date: { column: 'date', kind: 'day' },
  total_accepted: { column: 'total_accepted', kind: 'integer' },
  ...each(['start_date', 'end_date', ...notOfMeetings], { kind: 'none', why: 'a meeting has a day, and no more' }),
};

/** The one event with this id. */
function withId(id: number | undefined): Condition {
  if (id === undefined) return { any: [] };
  const { id: section, date } = partsOf(id);
  return {
    all: [
      { column: 'section_id', is: 'eq', value: section },
      { column: 'date', is: 'eq', value: date },
    ],
  };
}

/** "Event" of events.md: one that lasts all day, since a meeting has a day and no hour. */
function eventOf({ section_id, date, created_at, changed_at, creator, ...event }: EventRow, call: Call): Event {
  const id = idOn(section_id, date);
  return {
    identifiers: [`${NAMESPACE}:${id}`],
    origin_system: NAMESPACE,
    ...withoutBlanks({
      created_date: created_at && printed(created_at),
      modified_date: changed_at && printed(changed_at),
    }),
    ...withoutBlanks({ name: event.name, title: event.title, description: event.description }),
    status: 'confirmed',
    all_day: true,
    all_day_date: date,
    total_accepted: event.total_accepted,
    _links: {
      self: linkTo(call, `/events/${id}`),
      ...attendancesAt(call, `/events/${id}`),
      'osdi:record_attendance_helper': linkTo(call, `/events/${id}/record_attendance_helper`),
      ...(creator !== null && { 'osdi:creator': linkTo(call, `/people/${creator}`) }),
    },
  };
}

/** `/events`: the meetings of sections. */
export function eventEndpoints({ database, ledger, roster }: Dependencies): Endpoint[] {
  const events = openList(database, eventSpec);

  const list = endpoint({
    method: 'GET',
    path: '/events',
    summary: 'Lists meetings of sections',
    scope: 'attendance:read',
    heavy: true,
    schemas: { query: EventsQuery, reply: EventsReply },
    handle: (call) =>
      collectionReply(call, {
        rels: ['osdi:events'],
        fields: eventFields,
        count: (condition) => events.count(call.caller, condition),
        rows: (slice) => events.rows(call.caller, slice),
        idOf: ({ section_id, date }) => idOn(section_id, date),
        placeOf,
        print: (event) => eventOf(event, call),
      }),
  });
  const one = endpoint({
    method: 'GET',
    path: '/events/:event',
    summary: 'Reads a meeting of a section',
    scope: 'attendance:read',
    schemas: { query: ResourceQuery, reply: EventReply },
    handle: async (call) => documentReply(200, documentOf(await read(call, idOf(call.params.event)), call)),
  });
  const add = endpoint({
    method: 'POST',
    path: '/events',
    summary: 'Schedules a meeting of a section',
    successes: [200, 201],
    errors: ['NOT_FOUND', 'RESOURCE_EXISTS', 'DATE_CLOSED'],
    headers: { ETag: 'What the event is known by now.', Location: 'Where the event is.' },
    scope: 'attendance:write',
    schemas: { query: ResourceQuery, body: EventBody, reply: EventReply },
    async handle(call) {
      const section = await roster.section(call.caller, sectionIn(call.body));
      const date = dateIn(call.body, section);
      await roster.sectionToWrite(call.caller, String(section.id), { from: date, to: date });
      const id = idOn(section.id, date);
      checkOwn(call.body, `${NAMESPACE}:${id}`);
      const isNew = await ledger.schedule(section.id, date, call.caller);
      if (call.isForNew && !isNew) throw new Problem('RESOURCE_EXISTS');
      const body = documentOf(await read(call, id), call);
      return documentReply(isNew ? 201 : 200, body, { Location: linkTo(call, `/events/${id}`).href });
    },
  });
  return [list, one, add];

  async function read(call: Call, id: number) {
    const [event] = await events.rows(call.caller, { condition: withId(id), limit: 1 });
    if (!event) throw new Problem('NOT_FOUND', `There is no event ${id}.`);
    return eventOf(event, call);
  }
}

const placeOf = (event: number) => {
  const { id, date } = partsOf(event);
  return [id, date];
};

const SECTION = `${NAMESPACE}:section:`;

function sectionIn({ identifiers }: EventBody): string {
  const sections = new Set(identifiers.filter((identifier) => identifier.startsWith(SECTION)));
  const [section] = sections;
  if (section === undefined || sections.size > 1)
    throw invalidField('identifiers', 'must name the one section that meets', `${SECTION}42`);
  return section.slice(SECTION.length);
}

/** An identifier of ours is that of the section or of the event itself; those of other systems may be there. */
function checkOwn({ identifiers }: EventBody, own: string): void {
  const isOurs = (identifier: string) => identifier.startsWith(`${NAMESPACE}:`) && !identifier.startsWith(SECTION);
  const other = identifiers.find((identifier) => isOurs(identifier) && identifier !== own);
  if (other !== undefined)
    throw invalidField('identifiers', `must not have ${preview(other)}: the event is ${own}`, `${SECTION}42`);
}

/** `all_day_date`, or the day that `start_date` is in the time zone of the section. */
function dateIn({ all_day_date, start_date }: EventBody, { time_zone }: SectionAccess): string {
  const [field, sent] = all_day_date ? ['all_day_date', all_day_date] : ['start_date', start_date];
  if (!sent) throw invalidField('all_day_date', 'is missing: the day on which the section meets', '2025-10-20');
  if (isSchoolDay(sent)) return sent;
  const instant = field === 'start_date' ? instantOf(sent) : undefined;
  const date = instant && today(time_zone, new Date(instant));
  if (isSchoolDay(date)) return date;
  if (field === 'start_date' && !instant && instantOf(`${sent}Z`))
    throw invalidField(field, `${instantRule(sent)}, not ${preview(sent)}`, '2025-10-20T14:00:00Z');
  throw invalidField(field!, `must be a day of the calendar, YYYY-MM-DD, not ${JSON.stringify(sent)}`, '2025-10-20');
}
