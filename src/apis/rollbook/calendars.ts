import type { Caller } from '../../clients/client';
import type { Call, Endpoint } from '../../http/endpoint';
import { csv } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Problem } from '../../lib/problem';
import {
  type CalendarChange,
  openCalendars,
  type Range,
  readDays,
  type SentDay,
  type Weekday,
} from '../../roster/calendars';
import { openSchoolIds } from '../../roster/schools';
import type { SchoolRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { range } from './parameters';

type Params = { school: string };
type ReadCall = Call<Params, { from?: string; to?: string }>;
interface Sent {
  readonly days?: readonly SentDay[];
  readonly weekdays?: readonly Weekday[];
}
type WriteCall = Call<Params, object, Sent>;
type WriteManyCall = Call<object, object, Sent & { schools: 'all' | readonly number[] }>;

/** `/calendars`: on which weekdays schools are open, and the days that are not as their weekday has them; JSON and CSV. */
export function calendarEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const calendars = openCalendars(database);
  const schoolsOf = openSchoolIds(database);
  const common = { path: '/:school', formats: [json, csv('days', ['date', 'school_day', 'reason'])] };

  const calendarOf = async (caller: Caller, { id, name }: SchoolRow, days: Range) => ({
    school: { id, name },
    weekdays: await calendars.weekdays(caller, id),
    days: await calendars.days(caller, id, days),
  });
  const changeOf = ({ caller, body: { days, weekdays } }: Call<object, object, Sent>): CalendarChange => {
    if (caller.person !== null) throw new Problem('SECTION_FORBIDDEN', 'The calendar of a school is the office’s.');
    if (!days && !weekdays) throw new Problem('BODY_INVALID', 'Neither days nor weekdays are there.');
    return { days: days && readDays(days), weekdays };
  };

  const read: Endpoint<ReadCall> = {
    ...common,
    method: 'GET',
    scope: 'attendance:read',
    schemas: { query: 'rollbook/range.query', reply: 'rollbook/calendar.reply' },
    async handle({ caller, params, query }) {
      const school = await roster.one<SchoolRow>('school', caller, params.school);
      return { status: 200, body: await calendarOf(caller, school, range(query)) };
    },
  };
  const write: Endpoint<WriteCall> = {
    ...common,
    method: 'PUT',
    scope: 'roster:write',
    schemas: { body: 'rollbook/calendar.body', reply: 'rollbook/calendar.reply' },
    async handle(call) {
      const school = await roster.one<SchoolRow>('school', call.caller, call.params.school);
      await calendars.set(call.caller, [school.id], changeOf(call));
      return { status: 200, body: await calendarOf(call.caller, school, {}) };
    },
  };
  const writeMany: Endpoint<WriteManyCall> = {
    method: 'PUT',
    path: '/',
    scope: 'roster:write',
    schemas: { body: 'rollbook/calendars.body', reply: 'rollbook/calendars.reply' },
    async handle(call) {
      const change = changeOf(call);
      const known = await schoolsOf(call.caller.district);
      const { schools } = call.body;
      const unknown = schools === 'all' ? undefined : schools.find((id) => !known.includes(id));
      if (unknown !== undefined) throw new Problem('NOT_FOUND', `There is no school ${unknown} here.`);
      const asked = schools === 'all' ? known : [...new Set(schools)];
      await calendars.set(call.caller, asked, change);
      return { status: 200, body: { schools: asked } };
    },
  };
  return [read, write, writeMany];
}
