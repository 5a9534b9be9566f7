import { joinGivenRole, standingColumns, standingRow } from '../../clients/client';
import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer } from '../../database/rows';
import { type Author, openSettingChanges } from '../../roster/setting-changes';

/** A course of a platform, for a teacher. */
export interface Context {
  readonly district: number;
  readonly deployment: number;
  readonly context: string;
  readonly person: number;
}

/** Which launches were taken, and which section a teacher has chosen for a course. */
export function openContexts(database: Database) {
  const { knex, all, transaction } = database;
  const sql = contextsSql({ knex });
  const { note } = openSettingChanges(database);
  return {
    /** Takes a launch, which is good once; whether nobody had. */
    async take(district: number, hash: string, seconds: number): Promise<boolean> {
      const [now, expires] = [0, seconds].map((later) => new Date(Date.now() + later * 1_000).toISOString());
      const taken = await transaction(async (tx) => {
        await tx.all(sql.sweep, { district, now: now! });
        return tx.all(sql.take, { district, hash, expires: expires! });
      });
      return taken.length > 0;
    },

    /** Gives back what was taken and came to nothing. */
    giveBack: (district: number, hash: string): Promise<unknown> =>
      transaction((tx) => tx.all(sql.giveBack, { district, hash })),

    /** The section that the SIS calls so, if it lists one. */
    sectionNamed: async (district: number, sourcedId: string): Promise<number | undefined> =>
      (await all(sql.named, { district, sourced_id: sourcedId }))[0]?.id,

    chosen: async (context: Context): Promise<number | undefined> =>
      (await all(sql.chosen, { ...context }))[0]?.section_id,

    /** Keeps a choice, in the place of one before, and who made it. */
    choose: (context: Context, section: number, by: Author): Promise<unknown> =>
      transaction(async (tx) => {
        await tx.all(sql.choose, { ...context, section, at: new Date().toISOString() });
        await note(by, { what: 'lti_section_chosen', detail: `${context.context}, section ${section}` })(tx);
      }),

    /** People whom the SIS calls so, by its present name of them or one before. */
    peopleNamed: async (district: number, sourcedId: string) => all(sql.people, { district, sourced_id: sourcedId }),
  };
}

function contextsSql({ knex }: Pick<Database, 'knex'>) {
  const ofContext = `lti_contexts.district_id = :district and lti_contexts.deployment_id = :deployment
    and lti_contexts.context = :context and lti_contexts.person_id = :person`;
  return {
    sweep: text(
      knex,
      'delete from lti_nonces where lti_nonces.district_id = :district and lti_nonces.expires_at <= :now',
    ),
    giveBack: text(knex, 'delete from lti_nonces where lti_nonces.district_id = :district and lti_nonces.hash = :hash'),
    take: text(
      knex,
      `insert into lti_nonces (district_id, hash, expires_at) values (:district, :hash, :expires)
      on conflict (district_id, hash) do nothing returning 1 as one`,
      { one: integer },
    ),
    named: text(
      knex,
      `select sections.id from sections
      where sections.district_id = :district and sections.sourced_id = :sourced_id and sections.active`,
      { id: integer },
    ),
    chosen: text(knex, `select lti_contexts.section_id from lti_contexts where ${ofContext}`, { section_id: integer }),
    choose: text(
      knex,
      `insert into lti_contexts (district_id, deployment_id, context, person_id, section_id, chosen_at)
      values (:district, :deployment, :context, :person, :section, :at)
      on conflict (district_id, deployment_id, context, person_id)
      do update set section_id = excluded.section_id, chosen_at = excluded.chosen_at`,
    ),
    people: text(
      knex,
      `select ${standingColumns} from people ${joinGivenRole}
      where people.district_id = :district and people.active and people.sourced_id = :sourced_id
      union
      select ${standingColumns}
      from person_aliases
      join people on people.district_id = person_aliases.district_id and people.id = person_aliases.person_id
      ${joinGivenRole}
      where person_aliases.district_id = :district and person_aliases.sourced_id = :sourced_id and people.active`,
      standingRow,
    ),
  };
}
