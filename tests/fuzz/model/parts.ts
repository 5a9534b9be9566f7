import type { Status } from '../../../src/ledger/attendance';
import type { Wish } from './ledger';

/** The codes that a school starts with. */
export const codes = { P: 1, A: 2, E: 4, T: 3, UT: 3 } as const satisfies Record<string, Status>;
export type Code = keyof typeof codes;

/** A record as a SIS plugin posts it, in the words of its mode. */
export interface Post {
  readonly mode: 'Daily' | 'Time' | 'Meeting' | 'Interval';
  readonly code: Code;
  readonly comment?: string | undefined;
  readonly minutes?: number | undefined;
  readonly period?: string | undefined;
  readonly interval?: number | undefined;
}

/** The parts of a student's day in a section, and what they come to, as plainly as the reference says it. */
export class Parts {
  private daily: Post | undefined;
  private readonly time: Post[] = [];
  private readonly periods = new Map<string, Post>();

  take(post: Post): Wish {
    if (post.mode === 'Daily') {
      this.daily = { ...post, comment: post.comment || this.daily?.comment };
      return wishOf(this.daily);
    }
    if (post.mode === 'Time') {
      this.time.push(post);
      return this.byTime();
    }
    this.periods.set(post.mode === 'Meeting' ? `${post.period}` : `${post.period}/${post.interval}`, post);
    const all = [...this.periods.values()];
    // "The most severe of the day's parts: absent, then excused, then late."
    const worst = [2, 4, 3, 1].map((status) => all.find(({ code }) => codes[code] === status)).find(Boolean);
    return wishOf(worst!);
  }

  /** "Total 0 with an Absent code is absent; the code of the latest record with minutes decides otherwise." */
  private byTime(): Wish {
    const counted = this.time.filter(({ minutes }) => minutes).at(-1);
    if (counted) return wishOf(counted);
    const last = wishOf(this.time.at(-1)!);
    return last.status === 3 ? { ...last, status: 1 } : last;
  }
}

const wishOf = ({ code, comment }: Post): Wish => ({ status: codes[code], code, comment: comment || undefined });
