import type { Status } from '../../../src/ledger/attendance';
import { type Day, isEnrolled, type Seat, type Section, seats, seatsIn } from './roster';

export interface Mark {
  readonly status: Status;
  readonly comment: string;
  readonly code: string | undefined;
}

/** A status to be written; what is undefined is not said. */
export interface Wish {
  readonly status: Status;
  readonly comment?: string | undefined;
  readonly code?: string | undefined;
}

/** A change, of a seat or, where it is null, of the meeting. */
export type Change = readonly [
  section: Section,
  date: Day,
  seat: Seat | null,
  from: Status | null,
  fromComment: string,
  to: Status | null,
  toComment: string,
];

const present: Mark = { status: 1, comment: '', code: undefined };

/** The simplest thing that keeps the promises of a ledger: marks, taken and scheduled meetings, and a journal. */
export class Ledger {
  readonly marks = new Map<string, Mark>();
  readonly taken = new Set<string>();
  readonly scheduled = new Set<string>();
  readonly journal: Change[] = [];
  /** The last change of each seat and day. */
  readonly said = new Map<string, Mark>();

  private found = { taken: new Set<string>(), scheduled: new Set<string>(), written: new Set<string>() };

  /** A request finds the meetings as they are before it: a roll that it takes was not taken for any of its items. */
  begin(): void {
    this.found = { taken: new Set(this.taken), scheduled: new Set(this.scheduled), written: new Set() };
  }

  /** Whether the seat had an entry when the request began, or the request has written one. */
  hasEntry = (seat: Seat, date: Day): boolean => {
    const meeting = `${seats[seat].section} ${date}`;
    const { taken, scheduled, written } = this.found;
    return written.has(`${seat} ${date}`) || (isEnrolled(seat, date) && (taken.has(meeting) || scheduled.has(meeting)));
  };

  hasMeeting = (section: Section, date: Day): boolean =>
    this.taken.has(`${section} ${date}`) || this.scheduled.has(`${section} ${date}`);

  /** What an API shows: a mark, or the implied present; null before the roll is taken. */
  standing(seat: Seat, date: Day): Mark | null {
    const mark = this.marks.get(`${seat} ${date}`);
    const { taken, written } = this.found;
    return mark ?? (written.has(`${seat} ${date}`) || taken.has(`${seats[seat].section} ${date}`) ? present : null);
  }

  /** Whether the meeting is new. */
  schedule(section: Section, date: Day): boolean {
    if (this.hasMeeting(section, date)) return false;
    this.scheduled.add(`${section} ${date}`);
    this.journal.push([section, date, null, null, '', null, 'scheduled']);
    return true;
  }

  /** Whether the wish was right, and has therefore been written. */
  write(seat: Seat, date: Day, { status, comment, code }: Wish): boolean {
    if (!isEnrolled(seat, date)) return false;
    const { section } = seats[seat];
    const was = this.standing(seat, date);
    this.found.written.add(`${seat} ${date}`);
    // "Any write of a status for a section and date, present included, marks that meeting taken."
    if (!this.taken.has(`${section} ${date}`)) this.journal.push([section, date, null, null, '', null, '']);
    this.taken.add(`${section} ${date}`);
    const kept = was?.status === status ? was : undefined;
    const now = { status, comment: comment ?? kept?.comment ?? '', code: code ?? kept?.code };
    if (this.isNews(`${seat} ${date}`, was, now)) {
      this.journal.push([section, date, seat, was?.status ?? null, was?.comment ?? '', status, now.comment]);
      this.said.set(`${seat} ${date}`, now);
    }
    // "Writing present removes the mark."
    if (status === 1) this.marks.delete(`${seat} ${date}`);
    else this.marks.set(`${seat} ${date}`, now);
    return true;
  }

  /** "Writing what already stands changes nothing and writes no journal row." A comment with present is in the journal. */
  private isNews(key: string, was: Mark | null, now: Mark): boolean {
    if (now.status !== 1) return was?.status !== now.status || was.comment !== now.comment || was.code !== now.code;
    if (was !== null && was.status !== 1) return true;
    const last = this.said.get(key);
    return now.comment !== '' && !(last?.status === 1 && last.comment === now.comment);
  }

  /** What stands for every student of a meeting. */
  roll = (section: Section, date: Day): [Seat, Mark | null][] =>
    seatsIn(section)
      .filter((seat) => isEnrolled(seat, date))
      .map((seat) => [seat, this.standing(seat, date)]);
}
