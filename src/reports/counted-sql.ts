import type { Engine } from '../database/database';
import { text } from '../database/query';

/** The statements that read what was counted. */
export const countedSql = ({ knex }: Pick<Engine, 'knex'>) => ({
  days: text(
    knex,
    `select counted_days.school_id as school, counted_days.date, counted_days.students, counted_days.absent,
      counted_days.excused, counted_days.late, counted_days.partial, counted_days.rolls, counted_days.assumed
    from counted_days
    where counted_days.district_id = :district and counted_days.date >= :from and counted_days.date <= :to
      and (counted_days.rolls > 0 or counted_days.students > 0) and (cast(:school as bigint) is null or counted_days.school_id = :school)
    order by counted_days.date, counted_days.school_id`,
  ),
  /** The students of a school in a school year, a letter a day. */
  lines: text(
    knex,
    `select counted_students.person_id as person, counted_students.days as line
    from counted_students
    where counted_students.district_id = :district and counted_students.year = :year
      and counted_students.school_id = :school`,
  ),
});
