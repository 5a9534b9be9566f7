import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer, nullable, string } from '../../database/rows';
import type { Member } from './members';
import type { Platform } from './platforms';

/**
 * Who of the roster a member of a course is, as a launch knows them: the one whom the SIS calls so, by its present name of them or one before;
 * else, where nobody can change their address at the platform, the only one of the section with it.
 */
export function openMatching({ knex, all, rows }: Pick<Database, 'knex' | 'all' | 'rows'>) {
  const ofSection = `from enrollments
    join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id`;
  const isListed = `enrollments.section_id = :section and +enrollments.district_id = :district and people.active`;
  const nameRow = { id: integer, sourced_id: string };
  const sql = {
    listed: text(knex, `select distinct people.id, people.sourced_id, people.email ${ofSection} where ${isListed}`, {
      id: integer,
      sourced_id: nullable(string),
      email: string,
    }),
    former: text(
      knex,
      `select distinct people.id, person_aliases.sourced_id ${ofSection}
      join person_aliases on person_aliases.district_id = people.district_id and person_aliases.person_id = people.id
      where ${isListed}`,
      nameRow,
    ),
    anywhere: text(
      knex,
      `select people.id, people.sourced_id
      from ${rows('names', { name: 'text' })} as asked
      cross join people
      where people.district_id = :district and people.sourced_id = asked.name and people.active
      union
      select person_aliases.person_id, person_aliases.sourced_id
      from ${rows('names', { name: 'text' })} as asked
      cross join person_aliases
      join people on people.district_id = person_aliases.district_id and people.id = person_aliases.person_id
      where person_aliases.district_id = :district and person_aliases.sourced_id = asked.name and people.active`,
      nameRow,
    ),
  };

  return {
    /** Finds who of a section a member is. */
    async of(district: number, section: number, { trusts_email }: Pick<Platform, 'trusts_email'>) {
      const asked = { district, section };
      const [listed, former] = [await all(sql.listed, asked), await all(sql.former, asked)];
      const named = new Map([...former, ...listed].map(({ id, sourced_id }) => [sourced_id, id]));
      const mailed = new Map<string, number | undefined>();
      for (const { id, email } of listed) {
        const address = email.toLowerCase();
        mailed.set(address, mailed.has(address) ? undefined : id);
      }
      mailed.delete('');
      return ({ person, email }: Pick<Member, 'person' | 'email'>): number | undefined =>
        (person === undefined ? undefined : named.get(person)) ??
        (trusts_email && email !== undefined ? mailed.get(email.toLowerCase()) : undefined);
    },

    /** Whom of the district the SIS calls as members are called, by these names. */
    async anywhere(district: number, members: readonly Pick<Member, 'person'>[]): Promise<Map<string, number>> {
      const names = JSON.stringify(members.flatMap(({ person }) => (person === undefined ? [] : [[person]])));
      const found = await all(sql.anywhere, { district, names });
      return new Map(found.map(({ id, sourced_id }) => [sourced_id, id]));
    },
  };
}
