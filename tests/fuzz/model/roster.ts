import fc from 'fast-check';
import type { School } from '../../apis/powerschool/school';

/** The small school, as world.ts and school.ts tell of it. */
export const seats = {
  ada: { student: 'ada', section: 'algebra', from: '2025-08-25', to: '2026-06-12' },
  grace: { student: 'grace', section: 'algebra', from: '2025-08-25', to: '2026-06-12' },
  alan: { student: 'alan', section: 'algebra', from: '2025-10-06', to: '2026-06-12' },
  katherine: { student: 'katherine', section: 'algebra', from: '2025-08-25', to: '2025-10-10' },
  adaInBiology: { student: 'ada', section: 'biology', from: '2025-08-25', to: '2026-06-12' },
  adaAtHome: { student: 'ada', section: 'homeroom', from: '2025-08-25', to: '2026-06-12' },
  graceAtHome: { student: 'grace', section: 'homeroom', from: '2025-08-25', to: '2026-06-12' },
  alanAtHome: { student: 'alan', section: 'homeroom', from: '2025-10-06', to: '2026-06-12' },
} as const;
export type Seat = keyof typeof seats;
export type Section = (typeof seats)[Seat]['section'];
export type Student = (typeof seats)[Seat]['student'];

export const seatNames = Object.keys(seats) as Seat[];
export const studentNames = ['ada', 'grace', 'alan', 'katherine'] as const;
export const sectionNames = ['algebra', 'biology', 'homeroom'] as const;
/** A Sunday, the day on which Alan comes, today (see clock.ts), and tomorrow, from when on Katherine is gone. */
export const dates = ['2025-10-05', '2025-10-06', '2025-10-09', '2025-10-10'] as const;
export type Day = (typeof dates)[number];

/** Some more often than others, so that one write meets what another has written. */
export const anySeat = fc.constantFrom<Seat>(...seatNames, 'ada', 'ada', 'adaAtHome', 'adaAtHome', 'graceAtHome');
export const anySection = fc.constantFrom<Section>(...sectionNames, 'homeroom');
export const anyDay = fc.constantFrom<Day>(...dates, '2025-10-10', '2025-10-09', '2025-10-09', '2025-10-09');

/** One in six. */
export const isRarely = fc.constantFrom(false, false, false, false, false, true);

/** "Not before its first day, not from its last day on." */
export const isEnrolled = (seat: Seat, date: Day): boolean => date >= seats[seat].from && date < seats[seat].to;

/** The enrollments of a student, and who sits in a section on a day. */
export const seatsOf = (student: Student): Seat[] => seatNames.filter((seat) => seats[seat].student === student);
export const rollOf = (section: Section, date: Day): Seat[] =>
  seatNames.filter((seat) => seats[seat].section === section && isEnrolled(seat, date));

/** The ids by which the APIs know them. */
export const seatId = ({ world, daily }: School, seat: Seat): number =>
  ({ ...world.enrollments, adaAtHome: daily.ada, graceAtHome: daily.grace, alanAtHome: daily.alan })[seat];
export const sectionId = ({ world, homeroom }: School, section: Section): number =>
  ({ ...world.sections, homeroom })[section];
