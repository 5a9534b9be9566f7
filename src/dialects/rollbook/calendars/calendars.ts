import { Problem } from '../../../errors';
import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { readDays, type SentDay } from '../../../roster/calendar-days';
import { openCalendars } from '../../../roster/calendars';
import type { SchoolRow } from '../../../roster/rows';
import type { House } from '../../house';
import { range } from '../parameters';

type Params = { school: string };
type ReadCall = Call<Params, { from?: string; to?: string }>;
type WriteCall = Call<Params, object, { days: readonly SentDay[] }>;

/** `/calendars/{school}`: the days that are not as their weekday has them, in JSON and CSV. */
export function calendarEndpoints({ database, roster }: House): Endpoint[] {
  const calendars = openCalendars(database);
  const common = { path: '/:school', formats: [json, csv('days', ['date', 'school_day', 'reason'])] };
  const read: Endpoint<ReadCall> = {
    ...common,
    method: 'GET',
    scope: 'attendance:read',
    schemas: { query: 'rollbook/range.query', reply: 'rollbook/calendar.reply' },
    async handle({ caller, params, query }) {
      const { id, name } = await roster.one<SchoolRow>('school', caller, params.school);
      return { status: 200, body: { school: { id, name }, days: await calendars.days(caller, id, range(query)) } };
    },
  };
  const write: Endpoint<WriteCall> = {
    ...common,
    method: 'PUT',
    scope: 'roster:write',
    schemas: { body: 'rollbook/calendar.body', reply: 'rollbook/calendar.reply' },
    async handle({ caller, params, body }) {
      const { id, name } = await roster.one<SchoolRow>('school', caller, params.school);
      if (caller.person !== null) throw new Problem('SECTION_FORBIDDEN', 'The calendar of a school is the office’s.');
      await calendars.set(caller, id, readDays(body.days));
      return { status: 200, body: { school: { id, name }, days: await calendars.days(caller, id, {}) } };
    },
  };
  return [read, write];
}
