import type { Actor } from '../../actor';
import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import { permittedPerson } from '../../roster/permitted';
import { scopeOf } from '../../roster/teaches';

export type Identifiers = ReturnType<typeof openIdentifiers>;

/** What other systems call the people of a district: those that OSDI clients have sent, and the SIS's sourcedId. */
export function openIdentifiers(database: Database) {
  const { knex } = database;
  const asked = `${database.rows('identifiers', { identifier: 'text' })} as asked`;
  const sql = {
    of: text(
      knex,
      `select osdi_identifiers.person_id, osdi_identifiers.identifier
      from ${database.rows('people', { id: 'bigint' })} as asked
      cross join osdi_identifiers
      where osdi_identifiers.person_id = asked.id and osdi_identifiers.district_id = :district
      order by osdi_identifiers.person_id, osdi_identifiers.identifier`,
    ),
    owners: text(
      knex,
      `select osdi_identifiers.person_id
      from ${asked}
      cross join osdi_identifiers
      join people on people.id = osdi_identifiers.person_id
      where osdi_identifiers.district_id = :district and osdi_identifiers.identifier = asked.identifier
        and ${permittedPerson}
      union
      select people.id
      from ${asked}
      cross join people
      where asked.identifier like 'oneroster:%' and people.district_id = :district and people.active
        and people.sourced_id = substr(asked.identifier, ${'oneroster:'.length + 1}) and ${permittedPerson}`,
    ),
    ownersOfLocalPart: text(
      knex,
      `select osdi_identifiers.person_id
      from osdi_identifiers
      join people on people.id = osdi_identifiers.person_id
      where osdi_identifiers.district_id = :district and osdi_identifiers.local_part = :local_part
        and ${permittedPerson}
      union
      select people.id
      from people
      where people.district_id = :district and people.active and people.sourced_id = :local_part
        and ${permittedPerson}`,
    ),
    add: text(
      knex,
      `insert into osdi_identifiers (district_id, identifier, local_part, person_id)
      select :district, identifier, local_part, :person
      from ${database.rows('identifiers', { identifier: 'text', local_part: 'text' })} as sent
      where true
      on conflict (district_id, identifier) do nothing`,
    ),
  };

  return {
    /** The foreign identifiers of each of these people. */
    async of({ district }: Actor, people: readonly number[]): Promise<Map<number, string[]>> {
      const found = new Map<number, string[]>();
      const rows = await database.all<{ person_id: number; identifier: string }>(sql.of, {
        district,
        people: JSON.stringify(people.map((id) => [id])),
      });
      for (const { person_id, identifier } of rows) found.set(person_id, [...(found.get(person_id) ?? []), identifier]);
      return found;
    },

    /** Whose any of these is, of the people that the actor sees. */
    owners: (tx: Executor, actor: Actor, identifiers: readonly string[]): Promise<{ person_id: number }[]> =>
      tx.all(sql.owners, {
        ...scopeOf(actor),
        identifiers: JSON.stringify(identifiers.map((identifier) => [identifier])),
      }),

    /** Whose identifier ends in this, whatever the system, of the people that the actor sees. */
    ownersOfLocalPart: (tx: Executor, actor: Actor, local_part: string): Promise<{ person_id: number }[]> =>
      tx.all(sql.ownersOfLocalPart, { ...scopeOf(actor), local_part }),

    /** Remembers what others call a person, to match them by it the next time. */
    async add(tx: Executor, district: number, person: number, identifiers: readonly string[]): Promise<void> {
      const rows = identifiers.map((identifier) => [identifier, identifier.slice(identifier.indexOf(':') + 1)]);
      if (rows.length > 0) await tx.all(sql.add, { district, person, identifiers: JSON.stringify(rows) });
    },
  };
}
