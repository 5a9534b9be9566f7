/*
 * `src/ledger/`: The ledger: marks, presences, taken rolls, and the journal of each change. It has the verbs that every API
 * calls, and is the one way to write a status.
 */
import type { Database } from '../database/database';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from './actor';
import type { Entry, Filter, JournalRow, Mark, Meeting, Page } from './attendance';
import { editableFrom } from './edit-window';
import { entryReader } from './entries';
import { readSql } from './read-sql';
import type { RecordMarks } from './record';
import { dryRun, type OnRecorded, writer } from './transaction';
import { idRows, writeSql } from './write-sql';

/** More rows than there are: SQLite and PostgreSQL have no common way to say "no limit". */
const ALL = Number.MAX_SAFE_INTEGER;
/** Earlier than every instant. */
const EVER = '0001-01-01T00:00:00.000Z';

export type Ledger = ReturnType<typeof openLedger>;

/** The one book of who was absent, late or excused. Every API writes by `record` and reads what all have written. */
export function openLedger(database: Database, onRecorded?: OnRecorded) {
  const sql = readSql(database);
  const entriesBy = entryReader(database);
  const writing = writeSql(database);
  const open = writer(database, writing, entriesBy, onRecorded);
  const record: RecordMarks = (requests, actor, conditions) =>
    open((transaction) => transaction.record(requests, actor, conditions));
  return {
    ...entriesBy(database),

    record,

    /** A `record` that writes nothing. */
    dryRun: (): RecordMarks => dryRun(database, writing),

    /** For an API that has more to write than marks, in the same transaction. */
    open,

    /** The first day whose roll of a section the actor may still take and change; null: any. */
    async editableFrom(actor: Actor, section: number): Promise<string | null> {
      if (actor.person === null) return null;
      const [found] = await database.all(writing.sections, { sections: idRows([section]), district: actor.district });
      return found ? editableFrom(actor, found) : null;
    },

    /** Whether a meeting of a section of the actor's district was scheduled; one that exists stays as it is. */
    schedule: (section: number, date: string, actor: Actor): Promise<boolean> =>
      open((transaction) => transaction.schedule({ section, date }, actor)),

    /** The marks, in the order (date, enrollment). */
    marks: (filter: Filter, page: Page = {}): Promise<Mark[]> =>
      isFirst(filter, page)
        ? database.all(sql.firstMarks, { ...range(filter), limit: page.limit ?? ALL })
        : database.all(sql.marks, paged(filter, page)),

    /** How many marks of each status there are in all that the filter takes, whatever the page. */
    totals: (filter: Filter): Promise<{ status: Mark['status']; count: number }[]> =>
      database.all(sql.totals, range(filter)),

    /** The scheduled and taken meetings of the section, by date. */
    meetings: (filter: Filter): Promise<Meeting[]> => database.all(sql.meetings, range(filter)),

    /** The entries of every student of every meeting, implied present included, in the order (date, enrollment). */
    entries: (filter: Filter, page: Page = {}): Promise<Entry[]> => database.all(sql.entries, paged(filter, page)),

    /** What changed in the district, or in one section or enrollment of it, newest first, before the row `before`. */
    history: ({ before = ALL, limit = ALL, since = EVER, ...scope }: HistoryFilter): Promise<JournalRow[]> =>
      scope.section === undefined
        ? database.all(sql.history, { district: scope.district, since, before, limit })
        : database.all(sql.sectionHistory, {
            enrollment: null,
            ...scope,
            section: scope.section,
            since,
            before,
            limit,
          }),
  };
}

/** Which changes: since an instant, before a row of the journal; an enrollment goes with its section. */
export interface HistoryFilter {
  readonly district: number;
  readonly section?: number;
  readonly enrollment?: number;
  readonly since?: string;
  readonly before?: number;
  readonly limit?: number;
}

/** From the start, of everybody. */
const isFirst = ({ enrollment }: Filter, { after, offset }: Page): boolean =>
  [enrollment, after, offset].every((condition) => condition === undefined);

const range = ({ district, section, from, to, enrollment }: Filter) => ({
  district,
  section,
  from: from ?? FIRST_DAY,
  to: to ?? LAST_DAY,
  enrollment: enrollment ?? null,
});

function paged(filter: Filter, { after, offset = 0, limit = ALL }: Page) {
  const { from, ...rest } = range(filter);
  const place = after ?? { date: FIRST_DAY, enrollment: 0 };
  return {
    ...rest,
    // The index is entered at the place, not at the start of the range.
    // biome-ignore lint/complexity/useMathMinMax: days are text
    from: place.date > from ? place.date : from,
    after_date: place.date,
    after_enrollment: place.enrollment,
    offset,
    limit,
  };
}
