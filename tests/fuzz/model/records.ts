import type { Status } from '../../../src/ledger/attendance';
import type { Code, Known, Wish } from './ledger';
import { type Day, type Seat, seats } from './roster';

/** The codes that a school starts with. */
export const codes = { P: 1, A: 2, E: 4, T: 3, UT: 3 } as const satisfies Record<Code, Status>;
/** By which a status is shown where nobody said a code. */
const usual = { 1: 'P', 2: 'A', 3: 'T', 4: 'E' } as const satisfies Record<Status, Code>;
/** "Absent, excused, late, present." */
const severity: readonly Status[] = [1, 3, 4, 2];
const isWorse = (one: Status, other: Status) => severity.indexOf(one) > severity.indexOf(other);

export type Mode = 'Daily' | 'Time' | 'Meeting' | 'Interval';

/** A record as a SIS plugin posts it, in the words of its mode. */
export interface Post {
  readonly mode: Mode;
  readonly code: Code;
  readonly comment?: string | undefined;
  readonly minutes?: number | undefined;
  readonly period?: string | undefined;
  readonly interval?: number | undefined;
  /** Of the first record of time that stands, if there is one, instead of a new one. */
  readonly again?: boolean | undefined;
}

/** A record that stands. */
export interface Standing {
  readonly key: string;
  readonly mode: Mode;
  readonly period: string;
  code: Code;
  comment: string;
  minutes: number | undefined;
  /** By which a later post may name it, once the answer has said it. */
  id?: number;
}

/** What is read of a record. */
export interface Shown {
  readonly mode: Mode;
  readonly period: string;
  readonly code: Code;
  readonly comment: string;
  readonly minutes: number | undefined;
}

/** What a part of the day says, and the record that says it. */
interface Part {
  readonly status: Status;
  readonly by: Standing;
}

/** The records of a SIS, each by the key of its mode, and the mark that they come to. */
export class Records {
  private readonly days = new Map<string, Standing[]>();

  of = (seat: Seat, date: Day): Standing[] => this.days.get(`${seat} ${date}`) ?? [];

  /** The record that a post is of, if it stands. */
  find(seat: Seat, date: Day, post: Post): Standing | undefined {
    if (post.mode !== 'Time') return this.of(seat, date).find(({ key }) => key === keyOf(post));
    return post.again ? this.of(seat, date).find(({ mode, id }) => mode === 'Time' && id !== undefined) : undefined;
  }

  /**
   * Posts a record, and says what it makes of the mark: nothing where it is void and was, status null where it takes
   * back what it said. A comment that is not sent stays the record's.
   */
  post(seat: Seat, date: Day, post: Post, known: Known | null): { record: Standing; wish: Wish | undefined } {
    const before = this.worst(seat, date);
    const found = this.find(seat, date, post);
    const record: Standing = found ?? {
      key: keyOf(post),
      mode: post.mode,
      period: post.period ?? '',
      code: post.code,
      comment: '',
      minutes: undefined,
    };
    const was = found && { ...found };
    record.comment = post.comment ?? record.comment;
    record.code = post.code;
    record.minutes = post.minutes;
    if (!found) this.days.set(`${seat} ${date}`, [...this.of(seat, date), record]);
    if (isVoid(record) && (!was || isVoid(was))) return { record, wish: undefined };
    const now = this.worst(seat, date);
    if (!now) return { record, wish: { status: null } };
    const isKept = known !== null && isCommentKept({ post, record, was, before, now, known });
    return { record, wish: { status: now.status, code: now.by.code, comment: isKept ? undefined : now.by.comment } };
  }

  /** All that is read of a student's day in a section. */
  shown(seat: Seat, date: Day, known: Known | null): Shown[] {
    const records = this.of(seat, date).map((record) => this.shownOf(record, seat, date, known));
    const shown = records.filter((record) => record !== undefined);
    if (known === null || known.status === 1 || this.worst(seat, date)) return shown;
    // Where no record says anything, what another API said is one: of a homeroom that of the day, of another section, which has
    // two periods, of none of them.
    const mode = seats[seat].section === 'homeroom' ? 'Daily' : 'Meeting';
    const { status, code = usual[status], comment } = known;
    return [...shown, { mode, period: '', code, comment, minutes: undefined }];
  }

  /**
   * As posted, but for what was taken back; a void record has nothing to take back. But where another API has changed the mark since: then those that say worse than the mark, or, where the
   * mark is worse than any, those that say the worst, show what that API said.
   */
  private shownOf(record: Standing, seat: Seat, date: Day, known: Known | null): Shown | undefined {
    const { mode, period, code, comment, minutes } = record;
    const worst = this.worst(seat, date);
    if (isVoid(record) || !worst) return { mode, period, code, comment, minutes };
    if (known === null) return undefined;
    // The records of Time count as one here, too.
    const says = mode === 'Time' ? this.timeOf(seat, date)!.status : codes[code];
    const isOverruled =
      worst.status !== known.status &&
      (isWorse(known.status, worst.status) ? says === worst.status : isWorse(says, known.status));
    if (isOverruled) return { mode, period, code: known.code ?? usual[known.status], comment, minutes };
    return { mode, period, code, comment, minutes };
  }

  private timeOf = (seat: Seat, date: Day) => partOf(this.of(seat, date).filter(({ mode }) => mode === 'Time'));

  /** The most severe of the parts of a day; of several the first that has a comment, or else the first. */
  private worst(seat: Seat, date: Day): Part | undefined {
    const all = this.of(seat, date);
    const time = this.timeOf(seat, date);
    const parts = all.flatMap((by): Part[] => {
      if (by.mode !== 'Time') return [{ status: codes[by.code], by }];
      return by === time?.by ? [time] : [];
    });
    if (parts.length === 0) return undefined;
    const worst = parts.reduce((worst, part) => (isWorse(part.status, worst.status) ? part : worst));
    return parts.find(({ status, by }) => status === worst.status && by.comment !== '') ?? worst;
  }
}

/** "Total 0 with an Absent code is absent; the code of the latest record with minutes decides otherwise." */
function partOf(time: readonly Standing[]): Part | undefined {
  const saying = time.filter((record) => !isVoid(record));
  const by = saying.findLast(({ minutes }) => minutes) ?? saying.at(-1);
  return by && { status: codes[by.code], by };
}

/** "0 minutes voids one", but for one that says absent. */
const isVoid = ({ mode, minutes, code }: Pick<Standing, 'mode' | 'minutes' | 'code'>): boolean =>
  mode === 'Time' && !minutes && codes[code] !== 2 && codes[code] !== 4;

/** A post, the record before and after it, what decides before and after it, and the mark before it. */
interface Change {
  readonly post: Post;
  readonly record: Standing;
  readonly was: Standing | undefined;
  readonly before: Part | undefined;
  readonly now: Part;
  readonly known: Known;
}

/** Whether the comment that stands stays: what is not sent is not changed. */
function isCommentKept({ post, record, was, before, now, known }: Change): boolean {
  if (now.by === record && post.comment !== undefined) return false;
  // Another record decides now: its comment counts, if it has one; else what was there, but for one that is cleared.
  if (before && before.by !== now.by && (now.by.comment !== '' || (before.by === record && post.comment === '')))
    return false;
  // Present has no comment: none is kept from it, and nothing changes where it stays.
  if (known.status === 1) return now.status === 1;
  // What a record said that says less now goes with it.
  const saysLess = was && (isVoid(record) || isWorse(codes[was.code], codes[record.code]));
  return !(saysLess && was.comment !== '' && was.comment === known.comment);
}

const keyOf = ({ mode, period, interval }: Post): string => [mode, period, interval].join('/');
