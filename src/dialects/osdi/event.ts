import { idOn } from '../../days';
import type { Call } from '../../http/endpoint';
import { known as knownStatus } from '../../ledger/sql/read';
import { enrolledOn } from '../../roster/enrolled';
import { permittedSection } from '../../roster/permitted';
import type { Fields } from './filter/filter';
import { linkTo, NAMESPACE, withoutBlanks } from './hal';
import { printed } from './instants';
import type { ListSpec } from './lists';

/** A meeting as an event shows it. */
export interface EventRow {
  readonly section_id: number;
  readonly date: string;
  readonly taken_at: string | null;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly creator: number | null;
  readonly total_accepted: number;
}

const text = (sql: string) => ({ type: 'text', sql }) as const;
const number = (sql: string) => ({ type: 'bigint', sql }) as const;

/** The teacher of the day, the first where there are several. */
const creator = `(select min(teaching.person_id) from enrollments as teaching
  where teaching.section_id = meetings.section_id and teaching.admin
    and teaching.begin_date <= meetings.date and teaching.end_date > meetings.date)`;

/** The entries that are known to be present or late. */
const accepted = `(select count(*) from enrollments
  left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
    and marks.date = meetings.date and marks.enrollment_id = enrollments.id
  where enrollments.section_id = meetings.section_id and not enrollments.admin
    and (marks.status = 3 or (marks.status is null
      and ${enrolledOn('enrollments', 'meetings.date')}
      and ${knownStatus('meetings', 'enrollments.id')} = 1)))`;

export const eventSpec: ListSpec = {
  columns: {
    section_id: number('meetings.section_id'),
    date: { type: 'date', sql: 'meetings.date' },
    taken_at: { type: 'timestamptz', sql: 'meetings.taken_at', nullable: true },
    name: text('sections.section_code'),
    title: text('sections.title'),
    description: text("coalesce(courses.title, '')"),
    creator: { ...number(creator), nullable: true },
    total_accepted: number(accepted),
    origin_system: text(`'${NAMESPACE}'`),
    status: text("'confirmed'"),
    all_day: { type: 'smallint', sql: '1' },
  },
  from: `meetings
    join sections on sections.id = meetings.section_id
    left join courses on courses.id = sections.course_id
    where meetings.district_id = :district and ${permittedSection}`,
  key: ['section_id', 'date'],
};

export const eventFields: Fields = {
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
export function eventOf({ section_id, date, taken_at, creator, ...event }: EventRow, call: Call) {
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
