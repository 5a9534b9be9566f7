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

/** SQL that forgets what they have counted of a `:year`, from `:from` to before `:to`; counting that is under way begins anew. */
export const forgetCountedYear = [
  'update counted_schools set version = version + 1 where district_id = :district',
  'delete from counted_days where district_id = :district and date >= :from and date < :to',
  'delete from counted_students where district_id = :district and year = :year',
];
