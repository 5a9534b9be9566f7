import { weekdaysFrom } from './days';

/** Of every section. */
export const STUDENTS = 30;
/** A section is a homeroom of its students or one of six classes that they have together. */
export const SECTIONS_OF_A_GROUP = 7;
/** Marks that stand for a section and day: every tenth student. */
export const MARKS_OF_A_DAY = 3;
/** The days whose rolls have been taken, up to 2026-05-01. */
export const schoolDays = weekdaysFrom('2025-08-25', 180);
/** From here on every roll is still to be taken; enrollments run for more than a year after it. */
export const FREE_FROM = '2026-05-02';

export const MARKS_OF_A_SECTION = schoolDays.length * MARKS_OF_A_DAY;

/** Enrollments of a section lie side by side: its students, then its teacher. */
export const enrollmentOf = (section: number, student: number): number => (section - 1) * (STUDENTS + 1) + student;

export const isHomeroom = (section: number): boolean => (section - 1) % SECTIONS_OF_A_GROUP === 0;

export const personOf = (section: number, student: number): number =>
  Math.floor((section - 1) / SECTIONS_OF_A_GROUP) * STUDENTS + student;

/** Ten groups go to a school. */
export const schoolOf = (section: number): number => Math.floor((section - 1) / (SECTIONS_OF_A_GROUP * 10)) + 1;

/** Sections 1 to `count`. */
export const sectionsUpTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
