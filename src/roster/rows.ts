/** What the lists of the roster hold; `sql.ts` selects them. */

export interface PersonRow {
  readonly id: number;
  readonly sourced_id: string | null;
  readonly school_id: number | null;
  readonly role: string;
  readonly username: string;
  readonly email: string;
  readonly given_name: string;
  readonly middle_name: string;
  readonly family_name: string;
  readonly preferred_name: string;
  readonly identifier: string;
  readonly time_zone: string;
}

export interface SectionRow {
  readonly id: number;
  readonly sourced_id: string | null;
  readonly school_id: number | null;
  readonly course_id: number | null;
  readonly title: string;
  readonly section_code: string;
  readonly location: string;
  readonly periods: string;
  readonly active: boolean | 0 | 1;
  readonly course_title: string | null;
  readonly course_code: string | null;
}

export interface CourseRow {
  readonly id: number;
  readonly sourced_id: string | null;
  readonly school_id: number | null;
  readonly title: string;
  readonly course_code: string;
  readonly subjects: string;
}

export interface SchoolRow {
  readonly id: number;
  readonly name: string;
  readonly number: string;
}

/** A student of a section, from a day (inclusive) to a day (exclusive). */
export interface StudentOfSectionRow {
  readonly id: number;
  readonly section_id: number;
  readonly person_id: number;
  readonly begin_date: string;
  readonly end_date: string;
  readonly active: boolean | 0 | 1;
}

export type EnrollmentRow = Pick<
  PersonRow,
  'id' | 'sourced_id' | 'given_name' | 'middle_name' | 'family_name' | 'preferred_name'
> & { readonly person_id: number; readonly admin: boolean | 0 | 1; readonly status: number };
