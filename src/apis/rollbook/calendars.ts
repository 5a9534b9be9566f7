import {
  type Calendar,
  CalendarBody,
  CalendarDay,
  CalendarReply,
  CalendarsBody,
  CalendarsReply,
} from '../../../schemas/rollbook/calendars';
import { RangeQuery } from '../../../schemas/rollbook/parts';
import type { TypeOf } from '../../../schemas/types';
import { managerOf } from '../../clients/access';
import type { Caller } from '../../clients/client';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { csv } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Problem } from '../../lib/problem';
import { type CalendarChange, openCalendars, type Range, readDays } from '../../roster/calendars';
import { openSchoolIds } from '../../roster/schools';
import type { SchoolRow } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { range } from './parameters';

/** `/calendars`: on which weekdays schools are open, and the days that are not as their weekday has them; JSON and CSV. */
export function calendarEndpoints({ database, roster }: Dependencies): Endpoint[] {
  const calendars = openCalendars(database);
  const schoolsOf = openSchoolIds(database);
  const common = {
    path: '/:school',
    formats: [json, csv('days', Object.keys(CalendarDay.properties))],
  } as const;

  const calendarOf = async (caller: Caller, { id, name }: SchoolRow, days: Range): Promise<Calendar> => ({
    school: { id, name },
    weekdays: await calendars.weekdays(caller, id),
    days: await calendars.days(caller, id, days),
  });
  const changeOf = ({
    caller,
    body: { days, weekdays },
  }: Call<object, object, TypeOf<typeof CalendarBody>>): CalendarChange => {
    if (caller.person !== null) throw new Problem('OFFICE_ONLY', 'The calendar of a school is the office’s.');
    if (!days && !weekdays) throw new Problem('BODY_INVALID', 'Neither days nor weekdays are there.');
    return { days: days && readDays(days), weekdays };
  };

  const read = endpoint({
    ...common,
    method: 'GET',
    summary: 'Reads the calendar of a school',
    scope: 'attendance:read',
    schemas: { query: RangeQuery, reply: CalendarReply },
    async handle({ caller, params, query }) {
      const school = await roster.one('school', caller, params.school);
      return { status: 200, body: await calendarOf(caller, school, range(query)) };
    },
  });
  const write = endpoint({
    ...common,
    method: 'PUT',
    summary: 'Changes the calendar of a school',
    scope: 'roster:write',
    schemas: { body: CalendarBody, reply: CalendarReply },
    async handle(call) {
      const school = await roster.one('school', call.caller, call.params.school);
      const change = changeOf(call);
      await calendars.set(managerOf(call.caller), [school.id], change);
      return { status: 200, body: await calendarOf(call.caller, school, {}) };
    },
  });
  const writeMany = endpoint({
    method: 'PUT',
    path: '/',
    summary: 'Changes the calendars of several schools',
    errors: ['NOT_FOUND'],
    scope: 'roster:write',
    schemas: { body: CalendarsBody, reply: CalendarsReply },
    async handle(call) {
      const change = changeOf(call);
      const known = await schoolsOf(call.caller.district);
      const { schools } = call.body;
      const unknown = schools === 'all' ? undefined : schools.find((id) => !known.includes(id));
      if (unknown !== undefined) throw new Problem('NOT_FOUND', `There is no school ${unknown} here.`);
      const asked = schools === 'all' ? known : [...new Set(schools)];
      await calendars.set(managerOf(call.caller), asked, change);
      return { status: 200, body: { schools: asked } };
    },
  });
  return [read, write, writeMany];
}
