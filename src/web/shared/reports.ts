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
}

export interface Change {
  readonly id: number;
  readonly at: string;
  readonly date: string;
  readonly enrollment_id: number | null;
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
  readonly rate: number | null;
  readonly enrolled_days: number;
  readonly absent_days: number;
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

export const isEnrolled = (student: MonthStudent, date: string): boolean =>
  // What a device has kept from before says nothing of kept days.
  [student, ...(student.kept_days ?? [])].some(({ begin_date, end_date }) => begin_date <= date && date < end_date);
