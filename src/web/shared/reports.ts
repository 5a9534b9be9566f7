import type { Status } from './status';

/** Answers of `/reports`; see `schemas/rollbook/`. */
export interface RollSummary {
  readonly section_id: number;
  readonly title: string;
  readonly section_code: string;
  readonly periods: string;
  readonly school: string;
  readonly teachers: string;
  readonly students: number;
  readonly taken_at: string | null;
  readonly absent: number;
  readonly late: number;
  readonly excused: number;
  /** Students of whom something is known, though the roll is not taken. */
  readonly marked: number;
  readonly school_day: boolean;
  readonly reason: string;
}

export interface Rolls {
  readonly date: string;
  readonly rolls: readonly RollSummary[];
}

export interface SectionMonth {
  readonly section: { readonly id: number; readonly title: string; readonly section_code: string };
  readonly month: string;
  readonly days: readonly MonthDay[];
  readonly students: readonly MonthStudent[];
}

export interface MonthDay {
  readonly date: string;
  readonly taken_at: string | null;
  readonly school_day: boolean;
  readonly reason: string;
}

export interface MonthStudent {
  readonly enrollment_id: number;
  readonly person_id: number;
  readonly name: string;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
  /** Days outside of these that were counted, and stay so. */
  readonly kept_days?: readonly { readonly begin_date: string; readonly end_date: string }[];
  readonly marks: readonly { readonly date: string; readonly status: Status; readonly comment: string }[];
  /** Days on which somebody said that the student was present, of those whose roll is not taken. */
  readonly presences: readonly string[];
}

export interface Change {
  readonly id: number;
  readonly at: string;
  readonly date: string;
  readonly enrollment_id: number | null;
  /** What was said of the roll as a whole; null: the change is of one student. */
  readonly roll: 'taken' | 'not taken' | 'scheduled' | null;
  readonly student: string | null;
  readonly by: string;
  readonly by_teacher: boolean;
  readonly api: string;
  readonly from_status: Status | null;
  readonly from_comment: string;
  readonly to_status: Status | null;
  readonly to_comment: string;
}

export interface StudentHistory {
  readonly student: { readonly id: number; readonly name: string; readonly school: string };
  readonly from: string;
  readonly to: string;
  readonly assumed: boolean;
  readonly rate: number | null;
  readonly enrolled_days: number;
  readonly absent_days: number;
  readonly partial_days: number;
  readonly late_days: number;
  readonly excused_days: number;
  readonly streaks: { readonly present: Streak; readonly absent: Streak };
  readonly days: readonly {
    readonly date: string;
    readonly section_id: number;
    readonly section: string;
    readonly status: Status;
    readonly comment: string;
  }[];
}

export interface Streak {
  readonly now: number;
  readonly longest: number;
}

/** What a rate says where the school counts so, and answers are `assumed`. */
export const ASSUMED = 'In schools that say so, who is not marked on a past roll that nobody took counts as present.';

export const isEnrolled = (student: MonthStudent, date: string): boolean =>
  // What a device has kept from before says nothing of kept days.
  [student, ...(student.kept_days ?? [])].some(({ begin_date, end_date }) => begin_date <= date && date < end_date);
