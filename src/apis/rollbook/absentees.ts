import {
  Absentee,
  AbsenteesQuery,
  AbsenteesReply,
  UntakenQuery,
  UntakenReply,
  UntakenRoll,
} from '../../../schemas/rollbook/absentees';
import { readOf } from '../../audit/read';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { csv } from '../../http/formats/csv';
import { json } from '../../http/formats/json';
import { Status } from '../../ledger/attendance';
import { openAbsentees } from '../../reports/absentees';
import { openCalendar } from '../../reports/calendar';
import { openUntaken } from '../../reports/untaken';
import { schoolAsked } from '../../roster/access';
import { periodsOf } from '../../roster/bell-schedules';
import type { Dependencies } from '../dependencies';
import { invalid, numberOf, yesOrNo } from './parameters';
import type { Spans } from './reports';

/** Rolls on a page. */
const USUAL_PAGE = 100;

/** `/reports/absentees` and `/reports/untaken`: who is away on a day, by name, and the rolls that nobody took. */
export function absenteesEndpoints({ database, roster }: Dependencies, spans: Spans): Endpoint[] {
  const absentees = openAbsentees(database);
  const calendar = openCalendar(database);
  const untaken = openUntaken(database);
  const names = endpoint({
    method: 'GET',
    path: '/absentees',
    summary: 'Lists by name who is absent, late or excused at a school on a day',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    formats: [json, csv('marks', Object.keys(Absentee.properties))],
    schemas: { query: AbsenteesQuery, reply: AbsenteesReply },
    async handle({ caller, query }) {
      const { id, name } = await roster.one('school', caller, query.school);
      schoolAsked(caller, id);
      const date = await spans.day(caller, query.date);
      const status = query.status && Status[query.status];
      const unexplained = yesOrNo(query.unexplained);
      const { codes, periods, marks: all } = await absentees(caller, { school: id, date });
      const ofDay = {
        code: new Set([...codes, ...all].map(({ code }) => code)),
        period: new Set([...periods, ...all.flatMap(periodsOf)]),
      };
      refuseOther('code', query.code, ofDay.code);
      // A teacher is not told which periods classes of others are in.
      if (caller.person === null) refuseOther('period', query.period, ofDay.period);
      const marks = all.filter(
        (mark) =>
          (status === undefined || mark.status === status) &&
          (query.code === undefined || mark.code === query.code) &&
          (query.period === undefined || periodsOf(mark).includes(query.period)) &&
          (unexplained === undefined || mark.unexplained === unexplained),
      );
      const dayOf = await calendar(caller.district, date, date);
      const body = { school: { id, name }, date, ...dayOf({ school: id, date }), codes, periods, marks };
      const people = marks.map(({ person_id }) => person_id);
      return { status: 200, body, reads: readOf(people, { school: id, from: date, to: date }) };
    },
  });
  const rolls = endpoint({
    method: 'GET',
    path: '/untaken',
    summary: 'Lists the rolls of past school days that nobody took',
    errors: ['NOT_FOUND'],
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('rolls', Object.keys(UntakenRoll.properties))],
    schemas: { query: UntakenQuery, reply: UntakenReply },
    async handle({ caller, query }) {
      const { from, to } = await spans.days(caller, query);
      const school = await spans.school(caller, query.school);
      if (school === null && caller.person === null) throw invalid('school', 'the id of a school', query.school);
      const limit = numberOf(query.limit) ?? USUAL_PAGE;
      return { status: 200, body: { from, to, ...(await untaken(caller, { from, to, school, limit })) } };
    },
  });
  return [names, rolls];
}

/** What a school does not have is not asked for: nobody would be on the list, as if all were there. */
function refuseOther(field: string, sent: string | undefined, known: ReadonlySet<string>): void {
  const right = [...known].filter(Boolean).join(', ') || 'left out: the school has none';
  if (sent !== undefined && !known.has(sent)) throw invalid(field, `one of the school’s, ${right}`, sent);
}
