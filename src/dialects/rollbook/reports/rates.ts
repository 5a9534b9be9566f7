import type { Call, Endpoint } from '../../../http/endpoint';
import { csv } from '../../../http/formats/csv';
import { json } from '../../../http/formats/json';
import { bandsOf } from '../../../reports/bands';
import { chronicIn, MIN_DAYS } from '../../../reports/chronic';
import type { Counted } from '../../../reports/counted';
import { type Grouping, groupings, groupsOf } from '../../../reports/groups';
import { openNamed } from '../../../reports/named';
import type { House } from '../../house';
import { integer, invalid } from '../parameters';
import { districtWide, type SpanQuery, type Spans } from './span';

type AbsenceCall = Call<object, SpanQuery & { by?: string }>;
type ChronicCall = Call<object, SpanQuery & { limit?: string; offset?: string; min_days?: string; excused?: string }>;

const groupColumns = [
  'key',
  'label',
  'rolls_taken',
  'assumed',
  'student_days',
  'absent_days',
  'excused_days',
  'late_days',
  'partial_days',
  'absence_rate',
];
const chronicColumns = [
  'person_id',
  'student_number',
  'name',
  'school',
  'grades',
  'enrolled_days',
  'absent_days',
  'partial_days',
  'rate',
];

/** How much of school is missed, and by whom too much. */
export function rateEndpoints({ database }: House, spans: Spans, counted: Counted): Endpoint[] {
  const named = openNamed(database);

  async function spanOf({ caller, query }: Call<object, SpanQuery>) {
    districtWide(caller);
    return { ...(await spans.days(caller, query)), school: await spans.school(caller, query.school) };
  }

  const rates: Endpoint<AbsenceCall> = {
    method: 'GET',
    path: '/absence',
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('rows', groupColumns)],
    schemas: { query: 'rollbook/absence.query', reply: 'rollbook/absence.reply' },
    async handle(call) {
      const by = groupingOf(call.query.by);
      const span = await spanOf(call);
      const cells = await counted.cells(span);
      const rows = groupsOf(cells, by, await named.schools(span.district));
      return { status: 200, body: { by, from: span.from, to: span.to, rows } };
    },
  };
  const list: Endpoint<ChronicCall> = {
    method: 'GET',
    path: '/chronic',
    scope: 'attendance:read',
    heavy: true,
    formats: [json, csv('students', chronicColumns)],
    schemas: { query: 'rollbook/chronic.query', reply: 'rollbook/chronic.reply' },
    async handle(call) {
      const span = await spanOf(call);
      const [limit, offset] = [integer('limit', call.query.limit), integer('offset', call.query.offset) ?? 0];
      const rule = {
        minDays: integer('min_days', call.query.min_days) ?? MIN_DAYS,
        excused: isMissed(call.query.excused),
      };
      const { absentees, students: enrolled, assumed } = await chronicIn(counted, span, rule);
      const page = absentees.slice(offset, limit === undefined ? undefined : offset + limit);
      const { from, to } = span;
      const total = absentees.length;
      const share = enrolled > 0 ? total / enrolled : null;
      const bands = bandsOf(absentees);
      return {
        status: 200,
        body: {
          from,
          to,
          min_days: rule.minDays,
          excused: rule.excused ? 'yes' : 'no',
          total,
          enrolled,
          share,
          assumed,
          bands,
          students: await named.students(span.district, page, await spans.day(call.caller, undefined)),
        },
      };
    },
  };
  return [rates, list];
}

function groupingOf(sent: string | undefined): Grouping {
  const by = sent || 'day';
  if ((groupings as readonly string[]).includes(by)) return by as Grouping;
  throw invalid('by', `one of ${groupings.join(', ')}`, sent);
}

/** Whether excused days count as missed. */
function isMissed(sent = 'yes'): boolean {
  if (sent === 'yes' || sent === '') return true;
  if (sent === 'no') return false;
  throw invalid('excused', 'yes or no', sent);
}
