import type { Caller } from '../../../clients/caller';
import type { Database } from '../../../database/database';
import { today } from '../../../days';
import { Problem } from '../../../errors';
import type { Span } from '../../../reports/counted';
import type { Roster } from '../../../roster/roster';
import { openSchoolYears, startOfYear } from '../../../roster/school-years';
import { day, invalid, range } from '../parameters';

export interface SpanQuery {
  readonly from?: string;
  readonly to?: string;
  readonly school?: string;
}

/** Reads which days and which school of the caller's district are asked for. */
export function openSpans(database: Database, roster: Roster) {
  const schoolYears = openSchoolYears(database);

  const todayOf = async (caller: Caller): Promise<string> => today((await roster.district(caller)).time_zone);

  return {
    /** The day that is asked for, or the district's today. */
    day: async (caller: Caller, sent: string | undefined): Promise<string> => day('date', sent) ?? todayOf(caller),

    /** The days that are asked for; without them, the school year up to today. */
    async days(caller: Caller, query: SpanQuery): Promise<Pick<Span, 'district' | 'from' | 'to'>> {
      const sent = range(query);
      const to = sent.to ?? (await todayOf(caller));
      const from = sent.from ?? startOfYear(to, await schoolYears(caller.district));
      if (from > to) throw invalid('from', `${to}, which is today, or earlier`, from);
      return { district: caller.district, from, to };
    },

    /** The id of a school of the district; null where none is asked for. */
    async school(caller: Caller, sent: string | undefined): Promise<number | null> {
      return sent ? (await roster.one<{ id: number }>('school', caller, sent)).id : null;
    },
  };
}

export type Spans = ReturnType<typeof openSpans>;

/** What counts all students of a school is for those who may see all of them. */
export function districtWide({ person }: Caller): void {
  if (person !== null)
    throw new Problem('SECTION_FORBIDDEN', 'This report is of all sections, not of those one teaches.');
}
