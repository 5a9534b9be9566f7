import type { Caller } from '../../clients/caller';
import { Problem } from '../../errors';
import { type Refusal, UNKNOWN } from '../../ledger/attendance';
import type { Book } from '../../ledger/book';
import type { Condition } from '../../ledger/condition';
import type { House } from '../house';
import { type AttendanceRow, beside, order } from './attendance';
import { factsOf, markOf, type SentAttendance } from './change';
import { openFacts } from './facts';
import { invalidField } from './refuse';

export type Writer = ReturnType<typeof openWriter>;

/** Changes one attendance: the ledger's part of it and ours, in one transaction. */
export function openWriter({ database, ledger, roster }: House) {
  const facts = openFacts(database);

  const find = async (book: Book, actor: Caller, condition: Condition): Promise<AttendanceRow | undefined> =>
    (await book.query<AttendanceRow>({ actor, condition, beside, order, limit: 1 }))[0];

  return {
    find,

    /** Everything `work` does to a section that the actor may write in, or none of it; nobody else changes it meanwhile. */
    async open<T>(section: number, actor: Caller, work: (book: Book) => Promise<T>): Promise<T> {
      if (actor.person !== null) await roster.sectionToWrite(actor, String(section));
      return ledger.open(async (book) => {
        await book.hold([section], actor);
        return work(book);
      });
    },

    /** Writes what was sent over what stands. */
    async change(book: Book, row: AttendanceRow, sent: SentAttendance, actor: Caller): Promise<void> {
      const mark = markOf(sent, row);
      await facts.put(book, actor, row, factsOf(sent, row, mark));
      const [outcome] = mark ? await book.record([mark], actor) : [];
      if (outcome && !outcome.ok) throw refused(outcome);
    },

    /**
     * Removes what was said, and the RSVP: nothing is known then, but on a taken meeting the student is present, like all
     * without a mark.
     */
    async remove(book: Book, row: AttendanceRow, actor: Caller): Promise<void> {
      await facts.remove(book, actor, row);
      const [outcome] = await book.record([{ enrollment: row.enrollment_id, date: row.date, status: UNKNOWN }], actor);
      if (!outcome!.ok) throw refused(outcome!);
    },
  };
}

/** The ledger says no to what the roster has changed under a mark, e.g. the days of an enrollment. */
function refused({ refusal, message }: { refusal: Refusal; message: string }): Problem {
  return refusal === 'section_forbidden' ? new Problem('SECTION_FORBIDDEN') : invalidField('attendance', message);
}
