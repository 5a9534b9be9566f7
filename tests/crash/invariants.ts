import type { Database } from '../../src/database/database';

/** Rows that break a promise of the ledger, whoever wrote them. */
const broken: Readonly<Record<string, string>> = {
  'a mark that is not what the journal says last': `
    select marks.enrollment_id, marks.date, marks.status, marks.comment
    from marks
    left join (
      select max(journal.id) as id, journal.enrollment_id, journal.date
      from journal where journal.enrollment_id is not null group by journal.enrollment_id, journal.date) as last
      on last.enrollment_id = marks.enrollment_id and last.date = marks.date
    left join journal on journal.id = last.id and journal.date = last.date
    where journal.id is null or journal.to_status <> marks.status or journal.to_comment <> marks.comment`,
  'a mark without a meeting': `
    select marks.enrollment_id, marks.date
    from marks
    left join meetings on meetings.section_id = marks.section_id and meetings.date = marks.date
    where meetings.section_id is null`,
  'a presence beside a mark, or not on a meeting that is not taken': `
    select presences.enrollment_id, presences.date
    from presences
    left join marks on marks.enrollment_id = presences.enrollment_id and marks.date = presences.date
    left join meetings on meetings.section_id = presences.section_id and meetings.date = presences.date
    where marks.enrollment_id is not null or meetings.section_id is null or meetings.taken_at is not null`,
  'a presence that is not what the journal says last': `
    select presences.enrollment_id, presences.date
    from presences
    left join (
      select max(journal.id) as id, journal.enrollment_id, journal.date
      from journal where journal.enrollment_id is not null group by journal.enrollment_id, journal.date) as last
      on last.enrollment_id = presences.enrollment_id and last.date = presences.date
    left join journal on journal.id = last.id and journal.date = last.date
    where journal.id is null or journal.to_status is null or journal.to_status <> 1`,
  'a roll that nobody takes, and is taken': `
    select meetings.section_id, meetings.date
    from meetings
    left join journal on journal.section_id = meetings.section_id and journal.date = meetings.date
      and journal.enrollment_id is null and journal.to_comment <> 'scheduled'
    group by meetings.section_id, meetings.date, meetings.taken_at
    having count(journal.id) <> case when meetings.taken_at is null then 0 else 1 end`,
  'a journal row of an enrollment that is not of the section': `
    select journal.id
    from journal
    join enrollments on enrollments.id = journal.enrollment_id
    where enrollments.section_id <> journal.section_id`,
};

/** Says which promises are broken, and by what. */
export async function brokenIn({ knex, file }: Database): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, sql] of Object.entries(broken)) {
    const found = await knex.raw(sql);
    const rows: object[] = found.rows ?? found;
    if (rows.length > 0) faults.push(`${rows.length} times ${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  if (!file) return faults;
  const [{ integrity_check: integrity }] = await knex.raw('pragma integrity_check');
  if (integrity !== 'ok') faults.push(`The file is damaged: ${integrity}`);
  const loose = await knex.raw('pragma foreign_key_check');
  if (loose.length > 0) faults.push(`References lead nowhere: ${JSON.stringify(loose.slice(0, 3))}`);
  return faults;
}
