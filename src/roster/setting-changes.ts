import type { Database, Engine, Transaction } from '../database/database';
import { text } from '../database/query';
import { each, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';

/** What is changed of a district beside its roster and who may sign in. */
export const settingChanges = [
  'client_created',
  'client_rotated',
  'client_revoked',
  'sis_attendance_on',
  'sis_attendance_off',
  'code_set',
  'lti_platform_added',
  'lti_platform_removed',
  'lti_deployment_added',
  'lti_deployment_removed',
  'lti_key_rotated',
  'lti_section_chosen',
] as const;

/** Who changes it; the person is who was signed in, also where their client acts for the district. */
export type Author = Pick<Actor, 'district' | 'api' | 'client' | 'person'>;

const changeRow = {
  at: instant,
  api: string,
  client_id: nullable(integer),
  by_person_id: nullable(integer),
  what: oneOf(...settingChanges),
  changed_client_id: nullable(integer),
  school_id: nullable(integer),
  detail: string,
  ...each(['by_given_name', 'by_preferred_name', 'by_family_name', 'school'], nullable(string)),
};
export type SettingChange = RowOf<typeof changeRow>;

/** What is said of a change, beside who made it and when. */
interface Noted {
  readonly what: SettingChange['what'];
  readonly client?: number;
  readonly school?: number;
  readonly detail?: string;
}

/** Keeps who has changed the API clients, the settings, the codes and the LMSs of a district. */
export function openSettingChanges(database: Pick<Database, 'knex' | 'all'>) {
  const sql = settingChangesSql(database);
  return {
    /** In the transaction that makes the change. */
    note: ({ district, api, client: by, person }: Author, { what, client, school, detail = '' }: Noted) => {
      const at = new Date().toISOString();
      const values = { district, at, api, by, person, what, client: client ?? null, school: school ?? null, detail };
      return (tx: Transaction): Promise<unknown> => tx.all(sql.note, values);
    },

    /** The latest first. */
    list: (district: number, limit: number): Promise<SettingChange[]> => database.all(sql.list, { district, limit }),

    /** How often clients were made or rotated since an instant. */
    async clientsMadeSince(district: number, since: string): Promise<number> {
      return (await database.all(sql.clientsMadeSince, { district, since }))[0]!.count;
    },
  };
}

/** All SQL of who has changed settings. */
export function settingChangesSql({ knex }: Pick<Engine, 'knex'>) {
  return {
    note: text(
      knex,
      `insert into setting_changes
        (district_id, at, api, client_id, by_person_id, what, changed_client_id, school_id, detail)
      values (:district, :at, :api, :by, :person, :what, :client, :school, :detail)`,
    ),
    list: text(
      knex,
      `select setting_changes.at, setting_changes.api, setting_changes.client_id, setting_changes.by_person_id,
        setting_changes.what, setting_changes.changed_client_id, setting_changes.school_id, setting_changes.detail,
        actors.given_name as by_given_name, actors.preferred_name as by_preferred_name,
        actors.family_name as by_family_name, schools.name as school
      from setting_changes
      left join people as actors on actors.id = setting_changes.by_person_id and actors.district_id = :district
      left join schools on schools.id = setting_changes.school_id and schools.district_id = :district
      where setting_changes.district_id = :district
      order by setting_changes.at desc, setting_changes.id desc
      limit :limit`,
      changeRow,
    ),
    clientsMadeSince: text(
      knex,
      `select count(*) as count from setting_changes
      where setting_changes.district_id = :district and setting_changes.at > :since
        and setting_changes.what in ('client_created', 'client_rotated')`,
      { count: integer },
    ),
  };
}
