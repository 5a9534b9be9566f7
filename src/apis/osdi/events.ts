import { type Event, EventBody, EventReply, EventsReply } from '../../../schemas/osdi/events';
import { CollectionQuery } from '../../../schemas/osdi/parts';
import { day, instant, integer, nullable, oneOf, string } from '../../database/rows';
import { idOn, isSchoolDay, partsOf, today } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import type { Column, RowOfColumns } from '../../ledger/columns';
import { knownStatus } from '../../ledger/read-sql';
import { Problem } from '../../lib/problem';
import { mayReadOn } from '../../roster/access';
import { enrolledOn } from '../../roster/enrolled';
import type { SectionAccess } from '../../roster/roster';
import type { Dependencies } from '../dependencies';
import { collectionReply, type ListSpec, openList } from './collections';
import { invalidField } from './errors';
import { type Fields, instantOf, printed } from './filter';
import { documentOf, documentReply, idOf, linkTo, NAMESPACE, withoutBlanks } from './hal';

const text = (sql: string) => ({ type: 'text', sql, holds: string }) as const;
const number = (sql: string) => ({ type: 'bigint', sql, holds: integer }) as const;

/** The teacher of the day, the first where there are several. */
const creator = `(select min(teaching.person_id) from enrollments as teaching
  where teaching.section_id = meetings.section_id and teaching.admin
    and ${enrolledOn('teaching', 'meetings.date')})`;

/** The entries that are known to be present or late. */
const accepted = `(select count(*) from enrollments
  left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
    and marks.date = meetings.date and marks.enrollment_id = enrollments.id
  where enrollments.section_id = meetings.section_id and not enrollments.admin
    and (marks.status = 3 or (marks.status is null
      and ${enrolledOn('enrollments', 'meetings.date')}
      and ${knownStatus('meetings', 'enrollments.id')} = 1)))`;

const columns = {
  section_id: number('meetings.section_id'),
  date: { type: 'date', sql: 'meetings.date', holds: day },
  taken_at: { type: 'timestamptz', sql: 'meetings.taken_at', holds: nullable(instant) },
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
    join sections on sections.id = meetings.section_id
    left join courses on courses.id = sections.course_id
    where meetings.district_id = :district and ${mayReadOn('sections.id', 'meetings.date')}`,
  key: ['section_id', 'date'],
};

const eventFields: Fields = {
  origin_system: { column: 'origin_system', kind: 'text' },
  created_date: { column: 'taken_at', kind: 'instant' },
  modified_date: { column: 'taken_at', kind: 'instant' },
  name: { column: 'name', kind: 'text' },
  title: { column: 'title', kind: 'text' },
  description: { column: 'description', kind: 'text' },
  status: { column: 'status', kind: 'text' },
  all_day: { column: 'all_day', kind: 'boolean' },
  all_day_date: { column: 'date', kind: 'day' },
  total_accepted: { column: 'total_accepted', kind: 'integer' },
};

/** "Event" of events.md: one that lasts all day, since a meeting has a day and no hour. */
function eventOf({ section_id, date, taken_at, creator, ...event }: EventRow, call: Call): Event {
  const id = idOn(section_id, date);
  const taken = taken_at && printed(taken_at);
  return {
    identifiers: [`${NAMESPACE}:${id}`],
    origin_system: NAMESPACE,
    ...withoutBlanks({ created_date: taken, modified_date: taken }),
    ...withoutBlanks({ name: event.name, title: event.title, description: event.description }),
    status: 'confirmed',
    all_day: true,
    all_day_date: date,
    total_accepted: event.total_accepted,
    _links: {
      self: linkTo(call, `/events/${id}`),
      'osdi:attendances': linkTo(call, `/events/${id}/attendances`),
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
    scope: 'attendance:read',
    heavy: true,
    schemas: { query: CollectionQuery, reply: EventsReply },
    handle: (call) =>
      collectionReply(call, {
        rel: 'osdi:events',
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
    scope: 'attendance:read',
    schemas: { reply: EventReply },
    handle: async (call) => documentReply(200, documentOf(await read(call, idOf(call.params.event)), call)),
  });
  const add = endpoint({
    method: 'POST',
    path: '/events',
    scope: 'attendance:write',
    schemas: { body: EventBody, reply: EventReply },
    async handle(call) {
      const section = await roster.sectionToWrite(call.caller, sectionIn(call.body));
      const date = dateIn(call.body, section);
      const isNew = await ledger.schedule(section.id, date, call.caller);
      if (call.isForNew && !isNew) throw new Problem('RESOURCE_EXISTS');
      const id = idOn(section.id, date);
      const body = documentOf(await read(call, id), call);
      return documentReply(isNew ? 201 : 200, body, { Location: linkTo(call, `/events/${id}`).href });
    },
  });
  return [list, one, add];

  async function read(call: Call, id: number) {
    const { id: section, date } = partsOf(id);
    const all = [
      { column: 'section_id', is: 'eq', value: section },
      { column: 'date', is: 'eq', value: date },
    ] as const;
    const [event] = await events.rows(call.caller, { condition: { all }, limit: 1 });
    if (!event) throw new Problem('NOT_FOUND', `There is no event ${id}.`);
    return eventOf(event, call);
  }
}

const placeOf = (event: number) => {
  const { id, date } = partsOf(event);
  return [id, date];
};

function sectionIn({ identifiers }: EventBody): string {
  for (const identifier of identifiers) {
    const [, id] = /^rollbook:section:(.*)$/.exec(identifier) ?? [];
    if (id !== undefined) return id;
  }
  throw invalidField('identifiers', 'must name the section that meets', 'rollbook:section:42');
}

/** `all_day_date`, or the day that `start_date` is in the time zone of the section. */
function dateIn({ all_day_date, start_date }: EventBody, { time_zone }: SectionAccess): string {
  const [field, sent] = all_day_date ? ['all_day_date', all_day_date] : ['start_date', start_date];
  if (!sent) throw invalidField('all_day_date', 'is missing: the day on which the section meets', '2025-10-20');
  if (isSchoolDay(sent)) return sent;
  const instant = field === 'start_date' ? instantOf(sent) : undefined;
  const date = instant && today(time_zone, new Date(instant));
  if (isSchoolDay(date)) return date;
  throw invalidField(field!, `must be a day of the calendar, YYYY-MM-DD, not ${JSON.stringify(sent)}`, '2025-10-20');
}
