import { type Holding, ofPerson, usual } from '../holding';

/** What reports have counted of a person. */
export const reportHoldings: readonly Holding[] = [
  {
    name: 'counted_students',
    table: 'counted_students',
    where: ofPerson,
    key: ['year', 'school_id'],
    columns: {
      district_id: usual.district_id,
      year: 'the school year, by the year it starts in',
      school_id: 'the school, 0 for none',
      person_id: 'the student',
      days: 'a letter a day, from July 1 on',
    },
  },
];

/** What they have counted of a school year, which goes with it: `:year`, or the days from `:from` to before `:to`. */
export const countedOfYear = [
  { table: 'counted_students', where: 'held.year = :year' },
  { table: 'counted_days', where: 'held.date >= :from and held.date < :to' },
] as const;
