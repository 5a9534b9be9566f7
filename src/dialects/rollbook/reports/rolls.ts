import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { Streamed } from '../../../http/streamed';
import type { Counted } from '../../../reports/counted';
import { openRolls, type RollSummary } from '../../../reports/rolls';
import { openToday } from '../../../reports/today';
import type { House } from '../../house';
import { invalid } from '../parameters';
import { districtWide, type Spans } from './span';

type RollsCall = Call<object, { date?: string; school?: string; taken?: string }>;

const columns = [
  'section_id',
  'title',
  'section_code',
  'periods',
  'class_type',
  'school_id',
  'school',
  'teachers',
  'students',
  'taken_at',
  'absent',
  'late',
  'excused',
  'marked',
  'school_day',
  'reason',
];
const todayColumns = [
  'school_id',
  'school',
  'rolls',
  'taken',
  'not_taken',
  'marked',
  'assumed',
  'students',
  'absent',
  'excused',
  'late',
  'partial',
  'school_day',
  'reason',
];

/** The rolls of a day: roll by roll, and school by school. */
export function rollsEndpoints({ database }: House, spans: Spans, counted: Counted): Endpoint[] {
  const rolls = openRolls(database);
  const schools = openToday(database, counted);
  const list: Endpoint<RollsCall> = {
    method: 'GET',
    path: '/rolls',
    scope: 'attendance:read',
    formats: [json, csv('rolls', columns)],
    schemas: { query: 'rollbook/rolls.query', reply: 'rollbook/rolls.reply' },
    async handle({ caller, query }) {
      const date = await spans.day(caller, query.date);
      const isAsked = takenFilter(query.taken);
      const school = await spans.school(caller, query.school);
      const found = only(isAsked, rolls(caller, date, school));
      // Those of a district are many, and are written while they are read.
      if (caller.person === null && school === null) return { status: 200, body: new Streamed({ date, rolls: found }) };
      const few: RollSummary[] = [];
      for await (const some of found) few.push(...some);
      return { status: 200, body: { date, rolls: few } };
    },
  };
  const today: Endpoint<RollsCall> = {
    method: 'GET',
    path: '/today',
    scope: 'attendance:read',
    formats: [json, csv('schools', todayColumns)],
    schemas: { query: 'rollbook/rolls.query', reply: 'rollbook/today.reply' },
    async handle({ caller, query }) {
      districtWide(caller);
      const date = await spans.day(caller, query.date);
      return { status: 200, body: { date, schools: await schools(caller.district, date) } };
    },
  };
  return [list, today];
}

async function* only(isAsked: (isTaken: boolean) => boolean, some: AsyncIterable<RollSummary[]>) {
  for await (const rolls of some) yield rolls.filter(({ taken_at }) => isAsked(taken_at !== null));
}

function takenFilter(sent: string | undefined): (isTaken: boolean) => boolean {
  if (!sent) return () => true;
  if (sent !== 'yes' && sent !== 'no') throw invalid('taken', 'yes or no', sent);
  return (isTaken) => isTaken === (sent === 'yes');
}
