import type { Engine, Executor } from '../database/database';
import { text } from '../database/query';
import { day, integer, nullable, string } from '../database/rows';
import { idOn } from '../days';
import type { Actor } from '../ledger/actor';
import { exception, Status } from '../ledger/attendance';
import { type EntryValue, present, unknown } from '../ledger/resolve';
import { writeSql } from '../ledger/write-sql';
import { authorNames, authorRow, openAuthors } from '../reports/authors';

/** A student's enrollment in a section on a day. */
export interface EntryOn {
  readonly section: number;
  readonly enrollment: number;
  readonly date: string;
}

/** What stands of an entry, and who said it. */
export interface Standing extends EntryValue {
  /** Whether the roll is taken: then whoever has no mark is present. */
  readonly isTaken: boolean;
  /** What of it somebody has said: nothing where the taken roll alone implies that the student was present. */
  readonly said: EntryValue;
  /** The person who said it, else the client; empty where it was the operator, or is implied by the roll. */
  readonly by: string;
}

/** Reads what stands of entries. */
export function openStanding(engine: Engine) {
  const { knex, rows, lookUp } = engine;
  const authors = openAuthors(engine);
  const { lastJournaled } = writeSql(engine);
  const keys = rows('keys', { section_id: 'bigint', date: 'date', enrollment_id: 'bigint' });
  const days = rows('days', { section_id: 'bigint', date: 'date' });
  const ofEntry = (table: string) => `${table}.district_id = :district and ${table}.section_id = asked.section_id
    and ${table}.date = asked.date and ${table}.enrollment_id = asked.enrollment_id`;
  const said = (columns: string, table: string) => `
    select said.enrollment_id, said.date, ${columns}said.client_id, ${authorNames}
    from (
      select ${table}.*
      from ${keys} as asked
      ${lookUp(table, ofEntry(table))}) as said
    left join people as authors on authors.district_id = :district and authors.id = said.person_id`;
  const saidRow = { enrollment_id: integer, date: day, ...authorRow };
  const marks = text(knex, said('said.status, said.comment, said.code_id as code, ', 'marks'), {
    ...saidRow,
    status: exception,
    comment: string,
    code: nullable(integer),
  });
  const presences = text(knex, said('', 'presences'), saidRow);
  const taken = text(
    knex,
    `select meetings.section_id, meetings.date
    from ${days} as asked
    ${lookUp(
      'meetings',
      `meetings.district_id = :district and meetings.section_id = asked.section_id and meetings.date = asked.date
        and meetings.taken_at is not null`,
    )}`,
    { section_id: integer, date: day },
  );

  return async (
    executor: Executor,
    { district }: Actor,
    entries: readonly EntryOn[],
  ): Promise<(of: EntryOn) => Standing> => {
    const asked = keysOf(entries);
    const meetings = new Map(entries.map(({ section, date }) => [idOn(section, date), [section, date]]));
    const [marked, presentOnes, rolls] = await Promise.all([
      executor.all(marks, { district, keys: asked }),
      executor.all(presences, { district, keys: asked }),
      executor.all(taken, { district, days: JSON.stringify([...meetings.values()]) }),
    ]);
    const isTaken = new Set(rolls.map(({ section_id, date }) => idOn(section_id, date)));
    const byOf = await authors(executor, district, [...marked, ...presentOnes]);
    const known = new Map<number, EntryValue & { by: string }>();
    for (const row of presentOnes) known.set(idOn(row.enrollment_id, row.date), { ...present, by: byOf(row) });
    for (const row of marked) {
      const { status, comment, code } = row;
      known.set(idOn(row.enrollment_id, row.date), { status, comment, code, by: byOf(row) });
    }
    // Where the roll is taken, who has no mark is present; the journal knows whether somebody has said that, too.
    const implied = entries.filter(
      ({ section, enrollment, date }) => isTaken.has(idOn(section, date)) && !known.has(idOn(enrollment, date)),
    );
    const last = implied.length > 0 ? await executor.all(lastJournaled, { district, keys: keysOf(implied) }) : [];
    const saidPresent = new Set(
      last.filter(({ status }) => status === Status.present).map((row) => idOn(row.enrollment_id, row.date)),
    );
    return ({ section, enrollment, date }) => {
      const entry = idOn(enrollment, date);
      const found = known.get(entry);
      if (found) return { ...found, said: found, isTaken: isTaken.has(idOn(section, date)) };
      if (!isTaken.has(idOn(section, date))) return { ...unknown, said: unknown, isTaken: false, by: '' };
      return { ...present, said: saidPresent.has(entry) ? present : unknown, isTaken: true, by: '' };
    };
  };
}

const keysOf = (entries: readonly EntryOn[]): string =>
  JSON.stringify(entries.map(({ section, date, enrollment }) => [section, date, enrollment]));
