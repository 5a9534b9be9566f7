import type { Database } from '../database/database';
import { text, type Values } from '../database/query';
import { bit, day, integer, type RowOf } from '../database/rows';
import { today } from '../days';
import { openLedger } from '../ledger/ledger';
import type { LedgerTransaction } from '../ledger/transaction';
import { areDoubled, openCombining, type Stay, stayRow } from '../roster/combine-enrollments';
import { type Correction, daysText, openCorrections } from '../roster/corrections';
import { isEnrolled, isEnrollment, openKeptDays } from '../roster/enrolled';
import { openOtherChanges } from '../roster/other-changes';
import { personNames } from '../roster/person-names';
import { recountNotes } from '../roster/recounts';
import { extensionTables, personalData } from './personal-data';
import { PrivacyError, type Subject } from './subject';

/** What a merge has done, or would do. */
export interface Merged {
  /** Enrollments that are the other person's from now on. */
  readonly moved: number;
  /** Those that ran at the same time in the same section, of which one is left. */
  readonly combined: number;
  /** Statuses that were said in the one that is gone, and are said in the one that is left. */
  readonly told: number;
  /** Those of days of which the one that is left says something itself, which stands: the journal has them. */
  readonly left: number;
  /** Rows of other tables, by their names. */
  readonly others: Readonly<Record<string, number>>;
}

const enrolledRow = {
  ...stayRow,
  admin: bit,
  /** False of one that was made one with another: nothing is left of it but its rows in the journal. */
  isOfDays: bit,
};
type Enrolled = Stay & RowOf<typeof enrolledRow>;

/** Tables in which a person is named by more than their enrollments, and whose rows go to the one that stays. */
const named = [
  ...new Set(personalData.flatMap(({ table, columns }) => ('person_id' in columns ? [table] : []))),
].filter(
  (table) =>
    ![
      ...[
        'enrollments',
        'erasures',
        'counted_students',
        'person_names',
        'sign_ins',
        'office_roles',
        'passkeys',
        'absence_students',
      ],
      ...['lti_contexts', 'lti_scores'],
    ].includes(table),
);

/**
 * Makes one person of two who are the same: all that is held of `drop` is held of `keep` from now on, in one transaction with
 * its rows in the journal. What the SIS says of `keep` stands; where it lists both, imports know them by either sourcedId.
 */
export async function mergePeople(database: Database, keep: Subject, drop: Subject): Promise<Merged> {
  if (keep.id === drop.id) throw new PrivacyError('These are the same person already.');
  if (keep.district_id !== drop.district_id) throw new PrivacyError('They are of different districts.');
  const district = keep.district_id;
  const actor = { district, api: 'person merge', client: null, person: null };
  const sql = mergingSql(database);
  const { combine } = openCombining(database, extensionTables);
  const keptDays = openKeptDays(database);
  const note = recountNotes(database);
  const noteNames = personNames(database);
  const corrections = openCorrections(database);
  const otherChanges = openOtherChanges(database);
  const values: Values = { district, keep: keep.id, drop: drop.id };

  return openLedger(database).open(async (transaction) => {
    const sections = [...new Set([...keep.sections, ...drop.sections])];
    await transaction.hold(sections, actor);
    await refuseErased(transaction, values);
    const of = async (person: number): Promise<Enrolled[]> => {
      const rows = await transaction.all(sql.enrollments, { district, person });
      const days = await keptDays(
        transaction,
        district,
        rows.map(({ id }) => id),
      );
      return rows.map((row) => ({ ...row, kept: days.get(row.id) ?? [] }));
    };
    const [kept, dropped] = [await of(keep.id), await of(drop.id)];
    const corrected: Correction[] = dropped.map(({ id, section_id }) => ({
      ...{ section: section_id, enrollment: id, what: 'person', from: String(drop.id), to: String(keep.id) },
    }));
    /** What enrollments were before, and what they are in the end: each is journaled once, also one that has grown and gone. */
    const changed = new Map<number, { was: Stay; is: Stay | undefined }>();
    const noteChange = (was: Stay, is: Stay | undefined) =>
      changed.set(was.id, { was: changed.get(was.id)?.was ?? was, is });
    const passed = { told: 0, left: 0 };
    const gone = new Set<number>();
    for (const each of dropped) {
      let goes = each;
      // One that has grown may meet another.
      for (let at = meeting(kept, goes); at >= 0; at = meeting(kept, goes)) {
        const [stays] = kept.splice(at, 1);
        const done = await combine(transaction, actor, stays!, goes);
        passed.told += done.told;
        passed.left += done.left;
        gone.add(goes.id);
        noteChange(stays!, done.stays);
        noteChange(goes, undefined);
        goes = { ...stays!, ...done.stays };
      }
      if (gone.has(each.id)) kept.push(goes);
    }
    for (const { was, is } of changed.values()) {
      const taken = await transaction.all(sql.taken, { district, section: was.section_id });
      corrected.push(
        correctionOf(
          was,
          is,
          taken.map(({ date }) => date),
        ),
      );
    }
    const moved = dropped.filter(({ id, isOfDays }) => isOfDays && !gone.has(id)).length;
    const others: Record<string, number> = {};
    for (const table of named) {
      const rows = await transaction.all(
        text(
          database.knex,
          `update ${table} set person_id = :keep where person_id = :drop and district_id = :district returning 1 as one`,
          { one: integer },
        ),
        values,
      );
      if (rows.length > 0) others[table] = rows.length;
    }
    await transaction.all(sql.moveEnrollments, values);
    await note(
      transaction,
      district,
      dropped.flatMap((stay) =>
        [stay, ...(stay.kept ?? [])].map((days) => ({
          ...{ section: stay.section_id, from: days.begin_date, to: days.end_date },
        })),
      ),
    );
    for (const query of sql.rest) await transaction.all(query, values);
    await rename(transaction, keep, drop, values);
    await noteNames(transaction, district, { ids: [keep.id] });
    await transaction.all(sql.remove, values);
    await corrections.note(transaction, actor, today(keep.time_zone), corrected);
    await transaction.touch(sections, actor);
    await otherChanges.enrollments(transaction, actor, {
      changed: [...changed.keys(), ...dropped.map(({ id }) => id)],
    });
    await otherChanges.merged(transaction, actor, keep.id, drop.id);
    return { moved, combined: gone.size, ...passed, others };
  });

  async function refuseErased(transaction: LedgerTransaction, about: Values): Promise<void> {
    if ((await transaction.all(sql.erased, about)).length > 0)
      throw new PrivacyError('One of them was erased, and stays so.');
  }

  /** The one that stays has the sourcedId that the SIS lists; of two, one is another name of it. */
  async function rename(
    transaction: LedgerTransaction,
    { sourced_id: known }: Subject,
    { sourced_id: gone }: Subject,
    about: Values,
  ) {
    const { unsaid } = sql;
    await transaction.all(unsaid, { ...about, now: new Date().toISOString() });
    if (gone === null) return;
    await transaction.all(sql.unname, about);
    await transaction.all(known === null ? sql.name : sql.alias, { ...about, sourced_id: gone });
  }
}

const meeting = (kept: readonly Enrolled[], goes: Enrolled): number => kept.findIndex((one) => isDoubled(one, goes));

/** What the journal says of an enrollment that has other days; of none where it is no more. */
function correctionOf(was: Stay, is: Stay | undefined, taken: readonly string[]): Correction {
  const wasOn = (date: string) => isEnrolled(date, was, was.kept);
  const isOn = (date: string) => is !== undefined && isEnrolled(date, is, is.kept);
  return {
    ...{ section: was.section_id, enrollment: was.id, what: 'days' },
    from: daysText([was, ...(was.kept ?? [])]),
    to: is ? daysText([is, ...(is.kept ?? [])]) : '',
    on: taken.filter((date) => !wasOn(date) && isOn(date)),
    off: taken.filter((date) => wasOn(date) && !isOn(date)),
  };
}

/** Of a roll both would be a line. */
const isDoubled = (one: Enrolled, other: Enrolled): boolean =>
  one.section_id === other.section_id && !one.admin && !other.admin && areDoubled(one, other);

function mergingSql({ knex }: Database) {
  const blank = ['email', 'identifier', 'username', 'grades', 'middle_name', 'preferred_name'];
  return {
    enrollments: text(
      knex,
      `select enrollments.id, enrollments.section_id, enrollments.sourced_id, enrollments.begin_date,
        enrollments.end_date, enrollments.admin, enrollments.inherits_begin, enrollments.inherits_end, enrollments.active,
        ${isEnrollment('enrollments')} as "isOfDays"
      from enrollments
      where enrollments.person_id = :person and +enrollments.district_id = :district
      order by enrollments.id`,
      enrolledRow,
    ),
    taken: text(
      knex,
      `select meetings.date from meetings
      where meetings.district_id = :district and meetings.section_id = :section and meetings.taken_at is not null
      order by meetings.date`,
      { date: day },
    ),
    erased: text(
      knex,
      `select 1 as one from erasures
      where erasures.district_id = :district and erasures.person_id in (:keep, :drop)`,
      { one: integer },
    ),
    moveEnrollments: text(
      knex,
      'update enrollments set person_id = :keep where person_id = :drop and district_id = :district',
    ),
    // What was counted of them is counted anew; who signs in as the one that is gone is signed out; who read of one has read of both.
    rest: [
      'update counted_schools set version = version + 1 where district_id = :district and cast(:drop as bigint) is not null',
      'delete from counted_students where person_id = :drop and district_id = :district',
      'delete from sign_ins where person_id = :drop and district_id = :district',
      'delete from office_roles where person_id = :drop and district_id = :district',
      'delete from passkeys where person_id = :drop and district_id = :district',
      'delete from person_names where person_id = :drop and district_id = :district',
      'delete from lti_contexts where person_id = :drop and district_id = :district',
      'delete from lti_scores where person_id = :drop and district_id = :district',
      // One that was entered for both is of the one that stays.
      `delete from absence_students where person_id = :drop and district_id = :district and exists (
        select 1 from absence_students as kept
        where kept.district_id = :district and kept.absence_id = absence_students.absence_id and kept.person_id = :keep)`,
      'update absence_students set person_id = :keep where person_id = :drop and district_id = :district',
      'update reads set subject_id = :keep where subject_id = :drop and district_id = :district',
      'update other_changes set by_person_id = :keep where by_person_id = :drop and district_id = :district',
    ].map((query) => text(knex, query)),
    unsaid: text(
      knex,
      `update people set ${blank
        .map((column) => `${column} = coalesce(nullif(people.${column}, ''), gone.${column})`)
        .join(', ')}, school_id = coalesce(people.school_id, gone.school_id), active = (people.active or gone.active),
        modified_at = :now
      from people as gone
      where people.id = :keep and people.district_id = :district
        and gone.id = :drop and gone.district_id = :district`,
    ),
    unname: text(knex, 'update people set sourced_id = null where id = :drop and district_id = :district'),
    name: text(knex, 'update people set sourced_id = :sourced_id where id = :keep and district_id = :district'),
    alias: text(
      knex,
      `insert into person_aliases (district_id, sourced_id, person_id) values (:district, :sourced_id, :keep)
      on conflict (district_id, sourced_id) do update set person_id = excluded.person_id`,
    ),
    remove: text(knex, 'delete from people where id = :drop and district_id = :district'),
  };
}
