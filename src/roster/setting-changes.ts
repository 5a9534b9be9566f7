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
  'edit_days_set',
  'edit_days_unlimited',
  'untaken_unknown',
  'untaken_present',
  'grade_set',
  'grade_off',
  'grade_excused_left_out',
  'grade_excused_present',
  'letter_set',
  'letter_usual',
  'week_set',
  'days_off_set',
  'school_days_set',
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
  /** Of how many schools it is; which one, where it is one. */
  schools: integer,
  school_id: nullable(integer),
  detail: string,
  ...each(['by_given_name', 'by_preferred_name', 'by_family_name', 'school'], nullable(string)),
};
export type SettingChange = RowOf<typeof changeRow>;

/** What is said of a change, beside who made it and when. */
interface Noted {
  readonly what: SettingChange['what'];
  readonly client?: number;
  /** Whose settings they are; one entry is kept of each. */
  readonly schools?: readonly number[];
  /** What it was set to, in the words of no language: the page has its own. */
  readonly detail?: string;
}

/** Keeps who has changed the API clients, settings and LMSs of a district, and the settings, calendars and codes of its schools. */
export function openSettingChanges(database: Database) {
  const sql = settingChangesSql(database);
  return {
    /** In the transaction that makes the change. */
    note: ({ district, api, client: by, person }: Author, { what, client, schools, detail = '' }: Noted) => {
      const at = new Date().toISOString();
      const values = { district, at, api, by, person, what, client: client ?? null, detail };
      const rows = JSON.stringify((schools ?? [null]).map((school) => [school]));
      return (tx: Transaction): Promise<unknown> => tx.all(sql.note, { ...values, schools: rows });
    },

    /** The latest first; what was changed of several schools at once is one. */
    list: (district: number, limit: number): Promise<SettingChange[]> => database.all(sql.list, { district, limit }),

    /** How often clients were made or rotated since an instant. */
    async clientsMadeSince(district: number, since: string): Promise<number> {
      return (await database.all(sql.clientsMadeSince, { district, since }))[0]!.count;
    },
  };
}

/** All SQL of who has changed settings. */
export function settingChangesSql({ knex, rows }: Pick<Engine, 'knex' | 'rows'>) {
  return {
    note: text(
      knex,
      `insert into setting_changes
        (district_id, at, api, client_id, by_person_id, what, changed_client_id, school_id, detail)
      select :district, :at, :api, :by, :person, :what, :client, asked.school, :detail
      from ${rows('schools', { school: 'bigint' })} as asked`,
    ),
    list: text(
      knex,
      `select noted.at, noted.api, noted.client_id, noted.by_person_id, noted.what, noted.changed_client_id,
        noted.schools, noted.school_id, noted.detail, actors.given_name as by_given_name,
        actors.preferred_name as by_preferred_name, actors.family_name as by_family_name, schools.name as school
      from (
        select max(setting_changes.id) as id, setting_changes.at, setting_changes.api, setting_changes.client_id,
          setting_changes.by_person_id, setting_changes.what, setting_changes.changed_client_id,
          count(setting_changes.school_id) as schools,
          case when count(*) = 1 then max(setting_changes.school_id) end as school_id, setting_changes.detail
        from setting_changes
        where setting_changes.district_id = :district
        group by setting_changes.at, setting_changes.api, setting_changes.client_id, setting_changes.by_person_id,
          setting_changes.what, setting_changes.changed_client_id, setting_changes.detail
        order by setting_changes.at desc, id desc
        limit :limit) as noted
      left join people as actors on actors.id = noted.by_person_id and actors.district_id = :district
      left join schools on schools.id = noted.school_id and schools.district_id = :district
      order by noted.at desc, noted.id desc`,
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
