import { idOn, isSchoolDay, partsOf, today } from '../../days';
import { Problem } from '../../errors';
import type { Call, Endpoint } from '../../http/endpoint';
import type { SectionAccess } from '../../roster/roster';
import type { House } from '../house';
import { collectionReply } from './collection';
import { type EventRow, eventFields, eventOf, eventSpec } from './event';
import { documentOf, documentReply, idOf, linkTo } from './hal';
import { instantOf } from './instants';
import { openList } from './lists';
import type { CollectionQuery } from './paging';
import { invalidField } from './refuse';

type EventCall = Call<{ event: string }>;

interface NewEvent {
  readonly identifiers: readonly string[];
  readonly all_day_date?: string | null;
  readonly start_date?: string | null;
}

/** `/events`: the meetings of sections. */
export function eventEndpoints({ database, ledger, roster }: House): Endpoint[] {
  const events = openList<EventRow>(database, eventSpec);

  const list: Endpoint<Call<object, CollectionQuery>> = {
    method: 'GET',
    path: '/events',
    scope: 'attendance:read',
    heavy: true,
    schemas: { query: 'osdi/collection.query', reply: 'osdi/collection.reply' },
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
  };
  const one: Endpoint<EventCall> = {
    method: 'GET',
    path: '/events/:event',
    scope: 'attendance:read',
    schemas: { reply: 'osdi/event.reply' },
    handle: async (call) => documentReply(200, documentOf(await read(call, idOf(call.params.event)), call)),
  };
  const add: Endpoint<Call<object, object, NewEvent>> = {
    method: 'POST',
    path: '/events',
    scope: 'attendance:write',
    schemas: { body: 'osdi/event.body', reply: 'osdi/event.reply' },
    async handle(call) {
      const section = await roster.sectionToWrite(call.caller, sectionIn(call.body));
      const date = dateIn(call.body, section);
      const isNew = await ledger.schedule(section.id, date, call.caller);
      if (call.isForNew && !isNew) throw new Problem('RESOURCE_EXISTS');
      const id = idOn(section.id, date);
      const body = documentOf(await read(call, id), call);
      return documentReply(isNew ? 201 : 200, body, { Location: linkTo(call, `/events/${id}`).href });
    },
  };
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

function sectionIn({ identifiers }: NewEvent): string {
  for (const identifier of identifiers) {
    const [, id] = /^rollbook:section:(.*)$/.exec(identifier) ?? [];
    if (id !== undefined) return id;
  }
  throw invalidField('identifiers', 'must name the section that meets', 'rollbook:section:42');
}

/** `all_day_date`, or the day that `start_date` is in the time zone of the section. */
function dateIn({ all_day_date, start_date }: NewEvent, { time_zone }: SectionAccess): string {
  const [field, sent] = all_day_date ? ['all_day_date', all_day_date] : ['start_date', start_date];
  if (!sent) throw invalidField('all_day_date', 'is missing: the day on which the section meets', '2025-10-20');
  if (isSchoolDay(sent)) return sent;
  const instant = field === 'start_date' ? instantOf(sent) : undefined;
  const date = instant && today(time_zone, new Date(instant));
  if (isSchoolDay(date)) return date;
  throw invalidField(field!, `must be a day of the calendar, YYYY-MM-DD, not ${JSON.stringify(sent)}`, '2025-10-20');
}
