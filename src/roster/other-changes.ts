import type { Engine, Executor } from '../database/database';
import { openTransactionNumber } from '../database/epoch';
import { type Query, text, type Values } from '../database/query';
import { integer, nullable } from '../database/rows';
import type { Actor } from '../ledger/actor';
import type { Days } from './enrolled';

/** What changes beside the statuses of the ledger, whose changes the journal has. */
export type OtherKind =
  | 'enrollment.created'
  | 'enrollment.changed'
  | 'enrollment.ended'
  | 'enrollment.removed'
  | 'section.changed'
  | 'attendance.erased'
  | 'person.erased'
  | 'person.merged'
  | 'presence'
  | 'details.changed';

export type By = Pick<Actor, 'district' | 'api' | 'client' | 'person'>;

/** A student's day in a section. */
export interface EntryOf {
  readonly section: number;
  readonly enrollment: number;
  readonly date: string;
}

export type OtherChanges = ReturnType<typeof openOtherChanges>;

/**
 * Writes changes that the journal does not have, in the transaction in which they happen. Whoever writes them holds the
 * district back until the transaction ends, so that they come in the order in which they happened: they are the last thing
 * that a transaction does which others may have to wait for.
 */
export function openOtherChanges(engine: Engine) {
  const sql = otherChangesSql(engine);

  /** The number under which changes are written now: not below that of any change of these sections, nor of the last of these. */
  async function numberOf(tx: Executor, district: number, sections: Iterable<number> = []): Promise<number> {
    await tx.all(sql.hold, { district });
    const [own, [last]] = await Promise.all([
      sql.transactionNumber(tx),
      tx.all(sql.lastNumber, { district, sections: idRows(sections) }),
    ]);
    return Math.max(own, last!.number ?? 0);
  }

  async function write(tx: Executor, query: Query, values: Values & { district: number }): Promise<void> {
    await tx.all(query, values);
    for (const keep of sql.keepIds) await tx.all(keep, { district: values.district });
  }

  return {
    /**
     * Raises the revisions of sections in which something else than a status has changed that answers show.
     * @param erased the days whose attendance was taken away, where it is that
     */
    async touch(tx: Executor, by: By, sections: Iterable<number>, erased?: Days): Promise<void> {
      const asked = [...new Set(sections)];
      if (asked.length === 0) return;
      const number = await numberOf(tx, by.district, asked);
      const of = { ...valuesOf(by), number, sections: idRows(asked) };
      await tx.all(sql.raise, { district: by.district, number, sections: of.sections });
      const kind: OtherKind = erased ? 'attendance.erased' : 'section.changed';
      const { begin_date, end_date } = erased ?? { begin_date: null, end_date: null };
      await write(tx, sql.sections, { ...of, kind, begin_date, end_date });
    },

    /** Enrollments that are as they are from now on; those of `created` are new. */
    async enrollments(
      tx: Executor,
      by: By,
      { changed = [], created = [] }: { readonly changed?: Iterable<number>; readonly created?: Iterable<number> },
    ): Promise<void> {
      const isNew = new Set(created);
      const rows = [...new Set([...changed, ...isNew])].sort((one, other) => one - other);
      if (rows.length === 0) return;
      const number = await numberOf(tx, by.district);
      const ids = JSON.stringify(rows.map((id) => [id, Number(isNew.has(id))]));
      await write(tx, sql.enrollments, { ...valuesOf(by), number, ids });
    },

    /** The last enrollment that there is: those that are made from now on have higher ids. */
    async lastEnrollment(tx: Executor, district: number): Promise<number> {
      return (await tx.all(sql.lastEnrollment, { district }))[0]!.last;
    },

    /** As `enrollments`, of those that an import has listed by their sourcedIds, and those that are new: above `last`. */
    async listed(
      tx: Executor,
      by: By,
      { last, sourcedIds }: { readonly last: number; readonly sourcedIds: readonly string[] },
    ): Promise<void> {
      const number = await numberOf(tx, by.district);
      const of = { ...valuesOf(by), number, last };
      if (sourcedIds.length > 0)
        await write(tx, sql.listed, { ...of, ids: JSON.stringify(sourcedIds.map((id) => [id])) });
      await write(tx, sql.created, of);
    },

    /** Of whom a roll says "present" that was not taken after all, with the last revision of its section. */
    async presences(tx: Executor, by: By, section: number, date: string): Promise<void> {
      await write(tx, sql.presences, { ...valuesOf(by), section, date });
    },

    /** Entries of which an API keeps other details than before, beside what the ledger says of them. */
    async details(tx: Executor, by: By, entries: Iterable<EntryOf>): Promise<void> {
      const rows = [...entries].map(({ section, enrollment, date }) => [section, enrollment, date]);
      if (rows.length > 0) await write(tx, sql.details, { ...valuesOf(by), entries: JSON.stringify(rows) });
    },

    /** A person who was erased. */
    async erased(tx: Executor, by: By, person: number): Promise<void> {
      const number = await numberOf(tx, by.district);
      await write(tx, sql.erased, { ...valuesOf(by), number, erased: person });
    },

    /** A person who is no more: made one with another, who was kept. */
    async merged(tx: Executor, by: By, kept: number, merged: number): Promise<void> {
      const number = await numberOf(tx, by.district);
      await write(tx, sql.merged, { ...valuesOf(by), number, kept, merged });
    },
  };
}

const valuesOf = ({ district, api, client, person }: By) => ({
  ...{ district, api, client, person },
  at: new Date().toISOString(),
});

const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));

function otherChangesSql(engine: Engine) {
  const { knex, rows } = engine;
  const ids = rows('sections', { id: 'bigint' });
  const inserted = (district: string, columns: string, values: string, from: string, number = ':number') =>
    text(
      knex,
      `insert into other_changes (district_id, transaction_id, id, at, api, client_id, by_person_id, ${columns})
      select ${district}, ${number}, ${engine.sharedId('journal')}, :at, :api, :client, :person, ${values}
      from ${from}`,
    );
  const ofEnrollments = (kind: string, from: string): Query =>
    inserted(
      'enrollments.district_id',
      'kind, section_id, enrollment_id, person_id, admin, begin_date, end_date',
      `case when enrollments.active then ${kind}
        when enrollments.begin_date < enrollments.end_date then 'enrollment.ended' else 'enrollment.removed' end,
        enrollments.section_id, enrollments.id, enrollments.person_id, enrollments.admin, enrollments.begin_date,
        enrollments.end_date`,
      from,
    );
  return {
    hold: text(
      knex,
      knex('districts').select('districts.id').whereRaw('districts.id = :district').forNoKeyUpdate().toQuery(),
      { id: integer },
    ),
    transactionNumber: openTransactionNumber(engine),
    lastNumber: text(
      knex,
      `select max(numbers.number) as number
      from (
        select max(sections.transaction_id) as number
        from ${ids} as asked
        ${engine.lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')}
        union all
        select last.transaction_id from (
          select other_changes.transaction_id from other_changes where other_changes.district_id = :district
          order by other_changes.transaction_id desc, other_changes.id desc limit 1) as last) as numbers`,
      { number: nullable(integer) },
    ),
    raise: text(
      knex,
      `update sections set revision = revision + 1, transaction_id = :number
      where district_id = :district and ${engine.hasOneOf('id', 'sections')}`,
    ),
    sections: inserted(
      'sections.district_id',
      'kind, section_id, revision, begin_date, end_date',
      ':kind, sections.id, sections.revision, :begin_date, :end_date',
      `${ids} as asked ${engine.lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')}`,
    ),
    enrollments: ofEnrollments(
      `case when asked.created = 1 then 'enrollment.created' else 'enrollment.changed' end`,
      `${rows('ids', { id: 'bigint', created: 'bigint' })} as asked
      ${engine.lookUp('enrollments', 'enrollments.id = asked.id and enrollments.district_id = :district')}`,
    ),
    lastEnrollment: text(
      knex,
      'select coalesce(max(enrollments.id), 0) as last from enrollments where enrollments.district_id = :district',
      { last: integer },
    ),
    listed: ofEnrollments(
      `'enrollment.changed'`,
      `${rows('ids', { sourced_id: 'text' })} as asked
      cross join enrollments
      where enrollments.district_id = :district and enrollments.sourced_id = asked.sourced_id and enrollments.id <= :last`,
    ),
    created: ofEnrollments(
      `'enrollment.created'`,
      `enrollments
      where enrollments.district_id = :district and enrollments.id > :last and enrollments.sourced_id is not null`,
    ),
    presences: inserted(
      'sections.district_id',
      'kind, section_id, revision, enrollment_id, date',
      `'presence', sections.id, sections.revision, presences.enrollment_id, presences.date`,
      `presences
      join sections on sections.district_id = presences.district_id and sections.id = presences.section_id
      where presences.district_id = :district and presences.section_id = :section and presences.date = :date`,
      'sections.transaction_id',
    ),
    details: inserted(
      ':district',
      'kind, section_id, enrollment_id, date',
      `'details.changed', asked.section_id, asked.enrollment_id, asked.date`,
      `${rows('entries', { section_id: 'bigint', enrollment_id: 'bigint', date: 'date' })} as asked`,
      engine.transactionNumber,
    ),
    erased: inserted(':district', 'kind, person_id', `'person.erased', :erased`, '(select 1 as one) as erasing'),
    merged: inserted(
      ':district',
      'kind, person_id, merged_id',
      `'person.merged', cast(:kept as bigint), cast(:merged as bigint)`,
      '(select 1 as one) as merging',
    ),
    keepIds: engine.keepSharedIds('journal', 'other_changes').map((query) => text(knex, query)),
  };
}
