import type { Status } from '../../../src/ledger/attendance';
import { TODAY } from './clock';
import { type Day, isEnrolled, rollOf, type Seat, type Section, seats } from './roster';

export type Api = 'schoology' | 'powerschool' | 'osdi' | 'wix' | 'rollbook';
/** A school's own code for a status. */
export type Code = 'P' | 'A' | 'E' | 'T' | 'UT';

/** What is known of a student on a day; `api` is the one that said it, and missing where nobody did: implied. */
export interface Known {
  readonly status: Status;
  readonly comment: string;
  readonly code: Code | undefined;
  readonly api: Api | undefined;
}

/** What is to be said of a student on a day: a status, or null for nothing any more. What is undefined is not said. */
export interface Wish {
  readonly status: Status | null;
  readonly comment?: string | undefined;
  readonly code?: Code | undefined;
  /** Schoology's own rule: "a missing comment keeps the one that stands if the status stays, else clears it". */
  readonly isForgetful?: boolean | undefined;
}

/** A row of the journal: of a seat or, where that is null, of the meeting. */
export interface Change {
  readonly section: Section;
  readonly date: Day;
  readonly seat: Seat | null;
  readonly from: Status | null;
  readonly fromComment: string;
  readonly to: Status | null;
  readonly toComment: string;
  readonly code?: Code | undefined;
  readonly api: Api;
}

/** Whether a write takes the rolls of its days by itself, only those it completes, or none. */
export type Taking = 'always' | 'complete' | 'never';

const implied: Known = { status: 1, comment: '', code: undefined, api: undefined };
const keyOf = (who: Seat | Section, date: Day) => `${who} ${date}`;

/** The simplest thing that keeps the promises of the ledger (the design, section 2). */
export class Ledger {
  /** Exceptions: absent, late, excused. */
  marks = new Map<string, Known>();
  /** Presences that were told of single students, on meetings that are not taken. */
  presences = new Map<string, Known>();
  /** Whether a meeting is taken, of those that there are. */
  meetings = new Map<string, boolean>();
  journal: Change[] = [];

  copy(): Ledger {
    const other = new Ledger();
    other.marks = new Map(this.marks);
    other.presences = new Map(this.presences);
    other.meetings = new Map(this.meetings);
    other.journal = [...this.journal];
    return other;
  }

  hasMeeting = (section: Section, date: Day): boolean => this.meetings.has(keyOf(section, date));
  isTaken = (section: Section, date: Day): boolean => this.meetings.get(keyOf(section, date)) === true;
  /** Whether there is anything to ask of: an enrolled student of a meeting. */
  hasEntry = (seat: Seat, date: Day): boolean => isEnrolled(seat, date) && this.hasMeeting(seats[seat].section, date);

  /** A mark, a told or implied presence, or null: nobody knows. */
  known(seat: Seat, date: Day): Known | null {
    const told = this.marks.get(keyOf(seat, date)) ?? this.presences.get(keyOf(seat, date));
    return told ?? (this.isTaken(seats[seat].section, date) ? implied : null);
  }

  roll = (section: Section, date: Day): [Seat, Known | null][] =>
    rollOf(section, date).map((seat) => [seat, this.known(seat, date)]);

  /** What the journal says last of a student on a day. */
  private last = (seat: Seat, date: Day): Change | undefined =>
    this.journal.findLast((row) => row.seat === seat && row.date === date);

  /** Through which API the status or the comment last changed. */
  authorOf = (seat: Seat, date: Day): Api | undefined =>
    this.journal.findLast(
      (row) => row.seat === seat && row.date === date && (row.from !== row.to || row.fromComment !== row.toComment),
    )?.api;

  /** Through which API that what is known was said first: who goes back to it leaves it theirs. */
  firstSaidBy = (seat: Seat, date: Day, { status, comment, api }: Known): Api | undefined =>
    this.journal.find((row) => row.seat === seat && row.date === date && row.to === status && row.toComment === comment)
      ?.api ??
    this.last(seat, date)?.api ??
    api;

  /** A meeting that comes into being by a status has no row of its own in the journal; one that is scheduled has. */
  schedule(section: Section, date: Day, api: Api): void {
    if (this.hasMeeting(section, date)) return;
    this.meetings.set(keyOf(section, date), false);
    this.note(section, date, 'scheduled', api);
  }

  /** Says something of one student, and whether that is new. `isTaking` where the same write takes the roll by itself. */
  say(seat: Seat, date: Day, { status, comment, code, isForgetful }: Wish, api: Api, isTaking: boolean): boolean {
    const key = keyOf(seat, date);
    const { section } = seats[seat];
    const was = this.known(seat, date);
    if (status === null) {
      const wasTold = this.isTaken(section, date) && this.last(seat, date)?.to === 1;
      if (!this.marks.has(key) && !this.presences.has(key) && !wasTold) return false;
      // On a taken roll who has no mark is present all the same; but nobody says so of them any more.
      const to = null;
      this.marks.delete(key);
      this.presences.delete(key);
      this.journal.push({ section, date, seat, from: was!.status, fromComment: was!.comment, to, toComment: '', api });
      return true;
    }
    const isKept = was !== null && was.status !== 1 && status !== 1 && !(isForgetful && was.status !== status);
    const now: Known = {
      status,
      comment: comment ?? (isKept ? was.comment : ''),
      code: code ?? (was?.status === status ? was.code : undefined),
      api,
    };
    if (!this.hasMeeting(section, date)) this.meetings.set(keyOf(section, date), false);
    if (!this.isNews(seat, date, was, now)) return false;
    // The first that is said of a student, in a roll that is taken as a whole, is not said of that student alone.
    const isOfMany = isTaking && was === null && status === 1 && now.comment === '';
    if (!isOfMany)
      this.journal.push({
        section,
        date,
        seat,
        from: was?.status ?? null,
        fromComment: was?.comment ?? '',
        to: status,
        toComment: now.comment,
        code: now.code,
        api,
      });
    this.marks.delete(key);
    if (status !== 1) this.marks.set(key, now);
    else if (!this.isTaken(section, date)) this.presences.set(key, { ...now, comment: '', code: undefined });
    return true;
  }

  /** "Writing what already stands changes nothing and writes no journal row." A comment with present is kept in it. */
  isNews(seat: Seat, date: Day, was: Known | null, now: Known): boolean {
    if (was?.status !== now.status) return true;
    if (now.status !== 1) return was.comment !== now.comment || was.code !== now.code;
    const last = this.last(seat, date);
    return now.comment !== '' && !(last?.to === 1 && last.toComment === now.comment);
  }

  isComplete = (section: Section, date: Day): boolean => this.roll(section, date).every(([, known]) => known !== null);

  /** "A date in the future is never taken." Of a taken roll only exceptions are stored. */
  take(section: Section, date: Day, api: Api): void {
    if (this.isTaken(section, date) || date > TODAY) return;
    this.meetings.set(keyOf(section, date), true);
    for (const seat of rollOf(section, date)) this.presences.delete(keyOf(seat, date));
    this.note(section, date, '', api);
  }

  /** Leaves marks, and the presences of those of whom the journal says last that they were present. */
  untake(section: Section, date: Day, api: Api): void {
    if (!this.isTaken(section, date)) return;
    this.meetings.set(keyOf(section, date), false);
    for (const seat of rollOf(section, date)) {
      const last = this.last(seat, date);
      if (this.marks.has(keyOf(seat, date)) || last?.to !== 1) continue;
      this.presences.set(keyOf(seat, date), { ...implied, api: last.api });
    }
    this.note(section, date, 'not taken', api);
  }

  private note(section: Section, date: Day, toComment: string, api: Api): void {
    this.journal.push({ section, date, seat: null, from: null, fromComment: '', to: null, toComment, api });
  }
}

/** One write through one API: says what it says in order, and takes at its end what it is to take. */
export class Write {
  private readonly touched = new Set<string>();
  /** Where something was said that is new. */
  private readonly changed = new Set<string>();
  private readonly begun = new Set<string>();

  constructor(
    readonly ledger: Ledger,
    private readonly api: Api,
    private readonly taking: Taking,
    /** Rolls that it would take by itself, but for something that was refused. */
    private readonly hindered: ReadonlySet<string> = new Set(),
  ) {}

  static placeOf = (section: Section, date: Day): string => keyOf(section, date);

  /** Whether it takes this roll by itself, complete or not. */
  takes = (section: Section, date: Day): boolean =>
    this.taking === 'always' && date <= TODAY && !this.hindered.has(keyOf(section, date));

  say(seat: Seat, date: Day, wish: Wish): void {
    const { section } = seats[seat];
    this.touched.add(keyOf(section, date));
    if (!this.ledger.hasMeeting(section, date)) this.begun.add(keyOf(section, date));
    const isTaking = this.takes(section, date) && !this.ledger.isTaken(section, date);
    if (this.ledger.say(seat, date, wish, this.api, isTaking)) this.changed.add(keyOf(section, date));
  }

  /** Whether the meeting came into being by this write. */
  hasBegun = (section: Section, date: Day): boolean => this.begun.has(keyOf(section, date));

  end(): void {
    for (const place of this.touched) {
      const [section, date] = place.split(' ') as [Section, Day];
      // "Writing what already stands changes nothing."
      const isCompleted = this.changed.has(place) && this.ledger.isComplete(section, date);
      const isDue = this.takes(section, date) || (this.taking !== 'never' && isCompleted);
      if (isDue) this.ledger.take(section, date, this.api);
    }
  }
}
