import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { bit, day, integer } from '../../database/rows';
import { openOtherChanges } from '../other-changes';
import { dayAfter } from '../past';
import { recountNotes } from '../recounts';
import { fileSpecs } from './files';
import type { ImportReport } from './report';

/** What enrollments are in: without it they are orphaned. */
const carriers = ['schools', 'sections', 'people'] as const;
type Carrier = (typeof carriers)[number];

const isCarrier = (table: string): table is Carrier => carriers.some((carrier) => carrier === table);

/** SQL of the enrollments that end with a user, class or school. What was over in a class stays as it is. */
const holds: Record<Carrier, string> = {
  people: 'enrollments.person_id = people.id',
  sections: 'enrollments.section_id = sections.id and enrollments.end_date > :today',
  schools: `enrollments.end_date > :today and enrollments.section_id in (
    select held.id from sections as held where held.school_id = schools.id and held.district_id = :district)`,
};

/**
 * SQL of the day on which enrollments in `enrollments` end that are no longer: today, or where something is known of today
 * already, tomorrow; or they never began; not later than they would have anyway. `:district`, `:today`, `:tomorrow`.
 */
export function endingDay(): string {
  const isKnownToday = ['marks', 'presences']
    .map(
      (known) => `exists (select 1 from ${known} where ${known}.district_id = :district
        and ${known}.section_id = enrollments.section_id and ${known}.enrollment_id = enrollments.id and ${known}.date = :today)`,
    )
    .concat(`exists (select 1 from meetings where meetings.district_id = :district
      and meetings.section_id = enrollments.section_id and meetings.date = :today and meetings.taken_at is not null)`)
    .join(' or ');
  const endOn = (day: string) =>
    `case when end_date <= ${day} then end_date when begin_date >= ${day} then begin_date else ${day} end`;
  return `case when ${isKnownToday} then ${endOn(':tomorrow')} else ${endOn(':today')} end`;
}

/**
 * Ends the enrollments of users, classes and schools that are deleted: an SIS should delete these too, and many do not. Whoever
 * is gone is on no roll to come; days that are over stay.
 */
export function openOrphans(database: Database, district: number, today: string, report: ImportReport) {
  const { knex, rows } = database;
  const note = recountNotes(database);
  const { enrollments } = openOtherChanges(database);
  const by = { district, api: 'import', client: null, person: null };
  const row = { id: integer, section: integer, admin: bit, end_date: day, carrier: integer };
  const find = (carrier: Carrier, source: string, where: string) =>
    text(
      knex,
      `select enrollments.id, enrollments.section_id as section, enrollments.admin, enrollments.end_date, ${carrier}.id as carrier
      from ${source} ${carrier}
      cross join enrollments
      where ${carrier}.district_id = :district and ${where} and ${holds[carrier]} and +enrollments.district_id = :district
        and enrollments.active`,
      row,
    );
  const listed = (carrier: Carrier) =>
    find(
      carrier,
      `${rows('ids', { sourced_id: 'text' })} as asked cross join`,
      `${carrier}.sourced_id = asked.sourced_id`,
    );
  const ofListed = { people: listed('people'), sections: listed('sections'), schools: listed('schools') };
  const schools: string[] = [];
  const end = text(
    knex,
    `update enrollments set active = false, end_date = ${endingDay()}
    where enrollments.district_id = :district
      and enrollments.id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)
    returning id, end_date`,
    { id: integer, end_date: day },
  );

  // As of all that end: the SIS lists it by them no longer.
  const forget = ['enrollment_aliases', 'enrollment_rows'].map((table) =>
    text(
      knex,
      `delete from ${table}
      where ${table}.district_id = :district
        and ${table}.enrollment_id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
    ),
  );

  async function endAll(
    tx: Executor,
    carrier: Carrier,
    found: readonly { id: number; section: number; admin: boolean | 0 | 1; end_date: string; carrier: number }[],
  ): Promise<void> {
    if (found.length === 0) return;
    const ids = JSON.stringify(found.map(({ id }) => [id]));
    const ended = await tx.all(end, { district, today, tomorrow: dayAfter(today), ids });
    for (const query of forget) await tx.all(query, { district, ids });
    const ends = new Map(ended.map(({ id, end_date }) => [id, end_date]));
    const students = found.filter(({ admin }) => !admin);
    const recounts = students.map(({ id, section, end_date: to }) => ({ section, from: ends.get(id)!, to }));
    await note(tx, district, recounts);
    await enrollments(tx, by, { changed: found.map(({ id }) => id) });
    report.counts.enrollments.ended += found.length;
    const file = `${fileSpecs.find(({ table }) => table === carrier)!.file}.csv`;
    const said = { deleted: new Set(found.map((each) => each.carrier)).size, enrollments: found.length };
    const before = report.orphaned.find((orphaned) => orphaned.file === file);
    if (!before) report.orphaned.push({ file, ...said });
    else {
      before.deleted += said.deleted;
      before.enrollments += said.enrollments;
    }
  }

  return {
    /**
     * Of users or classes that have ended, in the transaction in which they have; of schools it is to be known first which
     * classes are in others by now.
     */
    async of(tx: Executor, table: string, sourcedIds: readonly string[]): Promise<void> {
      if (sourcedIds.length === 0 || !isCarrier(table)) return;
      if (table === 'schools') return void schools.push(...sourcedIds);
      const ids = JSON.stringify(sourcedIds.map((id) => [id]));
      await endAll(tx, table, await tx.all(ofListed[table], { district, ids, ...(table !== 'people' && { today }) }));
    },

    /** Of the schools, once classes.csv has been read. */
    async ofSchools(): Promise<void> {
      if (schools.length === 0) return;
      const ids = JSON.stringify(schools.splice(0).map((id) => [id]));
      await database.transaction(async (tx) =>
        endAll(tx, 'schools', await tx.all(ofListed.schools, { district, ids, today })),
      );
    },
  };
}

export type Orphans = ReturnType<typeof openOrphans>;
