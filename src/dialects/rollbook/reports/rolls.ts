import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { openRolls } from '../../../reports/rolls';
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
  'school_day',
  'reason',
];
const todayColumns = [
  'school_id',
  'school',
  'rolls',
  'taken',
  'students',
  'absent',
  'excused',
  'late',
  'school_day',
  'reason',
];

/** The rolls of a day: roll by roll, and school by school. */
export function rollsEndpoints({ database }: House, spans: Spans): Endpoint[] {
  const rolls = openRolls(database);
  const schools = openToday(database);
  const list: Endpoint<RollsCall> = {
    method: 'GET',
    path: '/rolls',
    scope: 'attendance:read',
    formats: [json, csv('rolls', columns)],
    schemas: { query: 'rollbook/rolls.query', reply: 'rollbook/rolls.reply' },
    async handle({ caller, query }) {
      const date = await spans.day(caller, query.date);
      const isAsked = takenFilter(query.taken);
      const found = await rolls(caller, date, await spans.school(caller, query.school));
      return { status: 200, body: { date, rolls: found.filter(({ taken_at }) => isAsked(taken_at !== null)) } };
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

function takenFilter(sent: string | undefined): (isTaken: boolean) => boolean {
  if (!sent) return () => true;
  if (sent !== 'yes' && sent !== 'no') throw invalid('taken', 'yes or no', sent);
  return (isTaken) => isTaken === (sent === 'yes');
}
