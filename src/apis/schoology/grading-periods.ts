import {
  GradingPeriodReply,
  GradingPeriodsQuery,
  GradingPeriodsReply,
  SectionGradingPeriodsReply,
} from '../../../schemas/schoology/grading-periods';
import { ResourceQuery } from '../../../schemas/schoology/parts';
import type { TypeOf } from '../../../schemas/types';
import { today } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import type { Roster } from '../../roster/roster';
import { invalid, linksOf, sliceOf } from './parameters';
import { gradingPeriodOf, sectionGradingPeriodsOf } from './resources';

/** The page does not call this list paged, so that it is whole where no `limit` is asked for; `links.next` tells if not. */
const WHOLE = 1_000;

/** "Grading periods determine when a course section is active": the terms of the roster. */
export function gradingPeriodEndpoints(roster: Roster): Endpoint[] {
  const get = { method: 'GET', scope: 'roster:read' } as const;
  return [
    endpoint({
      ...get,
      path: '/gradingperiods',
      summary: 'Lists grading periods',
      schemas: { query: GradingPeriodsQuery, reply: GradingPeriodsReply },
      async handle(call) {
        const slice = sliceOf(call.query, WHOLE);
        const { total, rows } = await roster.list('terms', call.caller, titleIn(call.query), slice);
        const day = today((await roster.district(call.caller)).time_zone);
        const gradingperiods = rows.map((row) => gradingPeriodOf(row, day, call));
        return { status: 200, body: { total, gradingperiods, links: linksOf(call, total, slice) } };
      },
    }),
    endpoint({
      ...get,
      path: '/gradingperiods/:id',
      summary: 'Reads a grading period',
      schemas: { query: ResourceQuery, reply: GradingPeriodReply },
      async handle(call) {
        const term = await roster.one('term', call.caller, call.params.id);
        const day = today((await roster.district(call.caller)).time_zone);
        return { status: 200, body: gradingPeriodOf(term, day, call) };
      },
    }),
    endpoint({
      ...get,
      path: '/sections/:section/grading_periods',
      summary: 'Lists the grading periods of a section',
      schemas: { query: ResourceQuery, reply: SectionGradingPeriodsReply },
      async handle({ caller, params, link, path }) {
        const { id } = await roster.section(caller, params.section);
        const terms = (await roster.terms(caller, [id])).get(id) ?? [];
        const body = { grading_period: sectionGradingPeriodsOf(terms), links: { self: link(path) } };
        return { status: 200, body };
      },
    }),
  ];
}

/** "`startswith` (set to `1` to match titles that begin with the provided `title`)" */
function titleIn({ title, startswith }: TypeOf<typeof GradingPeriodsQuery>) {
  // PostgreSQL could not be asked for it.
  if (title?.includes('\u0000')) throw invalid('title', 'must be a text without a NUL character');
  return { any_title: title ? 0 : 1, title: title ?? '', starts_with: startswith === '1' ? 1 : 0 };
}
