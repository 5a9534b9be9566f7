import type { Actor } from '../actor';
import type { Database } from '../database/database';
import type { Refusal } from '../ledger/attendance';
import type { Ledger } from '../ledger/ledger';
import { openCalendar } from '../reports/calendar';
import type { Column } from './columns';
import { openMeanings } from './meaning';
import { decidedRow, type RowReport, refusedRow, type Understood } from './report';
import { RowError, type SentRow, wishOf } from './row';
import { openWhose } from './whose';

export interface Counts {
  changed: number;
  unchanged: number;
  refused: number;
}

/** An import of marks under way. */
export interface MarksImport {
  /** Takes some more rows, in one transaction, and says what became of each. */
  take(rows: readonly SentRow[]): Promise<RowReport[]>;
  readonly counts: Readonly<Counts>;
  /** Headings that nobody knows; what stands under them was not read. */
  readonly ignored: ReadonlySet<string>;
}

/** The way by which marks come in from files. With `dryRun` all is decided by the same code, and nothing written. */
export function openMarksImport(database: Database, ledger: Ledger) {
  const whose = openWhose(database);
  const calendar = openCalendar(database);

  /** Which of the days are no school days, and why. */
  async function warnings({ district }: Actor, understood: readonly Understood[]) {
    const dates = understood.map(({ wish }) => wish.date).sort();
    const dayOf = dates.length > 0 ? await calendar(district, dates[0]!, dates.at(-1)!) : undefined;
    return ({ wish: { date }, enrolled: { school_id } }: Understood): string => {
      const { school_day, reason } = dayOf!({ school: school_id ?? 0, date });
      return school_day ? '' : `${date} is no school day${reason && ` (${reason})`}; it counts in no rate.`;
    };
  }

  return (actor: Actor, { dryRun }: { readonly dryRun: boolean }): MarksImport => {
    const record = dryRun ? ledger.rehearsal() : ledger.record;
    const meanings = openMeanings(database, actor.district);
    const counts: Counts = { changed: 0, unchanged: 0, refused: 0 };
    const ignored = new Set<string>();
    let taken = 0;

    async function understand(rows: readonly SentRow[]): Promise<(Understood | RowError)[]> {
      const wishes = rows.map((row) => orRefused(() => wishOf(row, ignored)));
      const find = await whose(actor, wishes.filter(isRight));
      return Promise.all(
        wishes.map(async (wish) => {
          if (wish instanceof RowError) return wish;
          const enrolled = orRefused(() => find(wish));
          if (enrolled instanceof RowError) return enrolled;
          const meaning = await meanings(wish, enrolled.school_id).catch(refusalOf);
          return meaning instanceof RowError ? meaning : { wish, enrolled, meaning };
        }),
      );
    }

    return {
      counts,
      ignored,
      async take(rows) {
        const read = await understand(rows);
        const understood = read.filter(isRight);
        const outcomes = (await record(understood.map(requestOf), actor)).values();
        const warningOf = await warnings(actor, understood);
        const reports = read.map((each, index) => {
          const sent = rows[index]!;
          const line = sent.line ?? taken + index + 1;
          if (each instanceof RowError) return refusedRow(line, sent, each);
          const outcome = outcomes.next().value!;
          return outcome.ok
            ? decidedRow(line, each, outcome, warningOf(each))
            : refusedRow(line, sent, new RowError(columns[outcome.refusal], outcome.message));
        });
        for (const { outcome } of reports) counts[outcome]++;
        taken += rows.length;
        return reports;
      },
    };
  };
}

const requestOf = ({ wish, enrolled, meaning }: Understood) => ({
  enrollment: enrolled.id,
  date: wish.date,
  ...meaning,
  comment: wish.comment,
});

const isRight = <Right>(value: Right | RowError): value is Right => !(value instanceof RowError);

function refusalOf(error: unknown): RowError {
  if (error instanceof RowError) return error;
  throw error;
}

function orRefused<Value>(read: () => Value): Value | RowError {
  try {
    return read();
  } catch (error) {
    return refusalOf(error);
  }
}

/** The column that the ledger's refusal is about. */
const columns: Record<Refusal, Column> = {
  enrollment_invalid: 'enrollment',
  enrollment_unknown: 'enrollment',
  enrollment_of_teacher: 'enrollment',
  section_forbidden: 'section',
  date_invalid: 'date',
  date_outside_enrollment: 'date',
  status_invalid: 'status',
  comment_invalid: 'comment',
};
