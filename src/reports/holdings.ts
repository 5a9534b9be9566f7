import { type Holding, ofPerson, usual } from '../holding';

const { district_id, date } = usual;

/** What reports have counted of a person. */
export const reportHoldings: readonly Holding[] = [
  {
    name: 'counted_absences',
    table: 'counted_absences',
    where: ofPerson,
    daily: 'person',
    key: ['school_id', 'date'],
    columns: {
      district_id,
      school_id: 'the school, 0 for none',
      date,
      person_id: 'the student',
      status: 'what the day was, all its rolls together: 2 absent, 3 late, 4 excused',
    },
  },
];

/** What they have counted of schools, which goes with its year too. */
export const countedDays = { table: 'counted_days', daily: 'school' } as const;
