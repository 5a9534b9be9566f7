import type { Database } from '../database/database';
import { text } from '../database/query';
import { day, integer, string } from '../database/rows';
import { today } from '../days';
import { openLedger } from '../ledger/ledger';
import { daysText, openCorrections } from './corrections';
import { DistrictError } from './districts';
import { type Days, isEnrolled, openKeptDays } from './enrolled';
import { openOtherChanges } from './other-changes';
import { recountNotes } from './recounts';

/** What the correction of an enrollment has changed, or would change. */
export interface Corrected {
  readonly enrollment: number;
  readonly section: string;
  readonly student: string;
  readonly before: Days & { readonly kept: readonly Days[] };
  readonly after: Days;
  /** Rolls that were taken, on which the student is from now on, and is no longer. */
  readonly on: number;
  readonly off: number;
}

/**
 * Says that the days of an enrollment were wrong, also in the past: rolls that were taken follow, and no days are kept.
 * Marks stay where they are. One transaction, with a row in the journal.
 */
export function openCorrection(database: Database) {
  const sql = correctionSql(database);
  const keptDays = openKeptDays(database);
  const note = recountNotes(database);
  const corrections = openCorrections(database);
  const otherChanges = openOtherChanges(database);

  return (id: number, { begin_date, end_date }: Partial<Days>): Promise<Corrected> =>
    openLedger(database).open(async (transaction) => {
      const [row] = await transaction.all(sql.enrollment, { id });
      if (!row) throw new DistrictError(`There is no student's enrollment ${id}.`);
      const { district_id: district, section_id: section } = row;
      const actor = { district, api: 'enrollment set', client: null, person: null };
      await transaction.hold([section], actor);
      const kept = (await keptDays(transaction, district, [id])).get(id) ?? [];
      const after = { begin_date: begin_date ?? row.begin_date, end_date: end_date ?? row.end_date };
      if (after.end_date < after.begin_date)
        throw new DistrictError(`An enrollment cannot end before ${after.begin_date}, on which it begins.`);
      const taken = await transaction.all(sql.taken, { district, section });
      const turns = taken.map(({ date }) => ({ date, was: isEnrolled(date, row, kept), is: isEnrolled(date, after) }));
      const on = turns.filter(({ was, is }) => !was && is).map(({ date }) => date);
      const off = turns.filter(({ was, is }) => was && !is).map(({ date }) => date);
      const [from, to] = [daysText([row, ...kept]), daysText([after])];
      await transaction.all(sql.set, { ...after, id, district });
      await transaction.all(sql.forgetKept, { id, district });
      const days = [row, after, ...kept].flatMap((each) => [each.begin_date, each.end_date]).sort();
      await note(transaction, district, [{ section, from: days[0]!, to: days.at(-1)! }]);
      await corrections.note(transaction, actor, today(row.time_zone), [
        { section, enrollment: id, what: 'days', from, to, on, off },
      ]);
      await transaction.touch([section], actor);
      await otherChanges.enrollments(transaction, actor, { changed: [id] });
      return {
        enrollment: id,
        section: row.title,
        student: `${row.given_name} ${row.family_name}`,
        before: { begin_date: row.begin_date, end_date: row.end_date, kept },
        after,
        on: on.length,
        off: off.length,
      };
    });
}

function correctionSql({ knex }: Database) {
  return {
    enrollment: text(
      knex,
      `select enrollments.id, enrollments.district_id, enrollments.section_id, enrollments.begin_date,
        enrollments.end_date, sections.title, people.given_name, people.family_name, districts.time_zone
      from enrollments
      join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      join districts on districts.id = enrollments.district_id
      where enrollments.id = :id and not enrollments.admin`,
      {
        id: integer,
        district_id: integer,
        section_id: integer,
        begin_date: day,
        end_date: day,
        title: string,
        given_name: string,
        family_name: string,
        time_zone: string,
      },
      { acrossDistricts: 'an operator names it by its id alone' },
    ),
    taken: text(
      knex,
      `select meetings.date from meetings
      where meetings.district_id = :district and meetings.section_id = :section and meetings.taken_at is not null
      order by meetings.date`,
      { date: day },
    ),
    set: text(
      knex,
      `update enrollments set begin_date = :begin_date, end_date = :end_date, inherits_begin = false, inherits_end = false
      where id = :id and district_id = :district`,
    ),
    forgetKept: text(
      knex,
      'delete from kept_days where kept_days.enrollment_id = :id and kept_days.district_id = :district',
    ),
  };
}
