import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';

/** One change of the schema. Once it has landed it is never edited: the next change is a new one. */
interface Migration {
  up(knex: Knex, engine: Engine): Promise<unknown>;
  down(knex: Knex, engine: Engine): Promise<unknown>;
}

/** Their names, in order. */
export const migrationNames: readonly string[] = [
  '0001_roster',
  '0002_ledger',
  '0003_clients',
  '0004_attendance_codes',
  '0005_powerschool_attendance',
  '0006_osdi_attendances',
  '0007_enrollments_in_order',
  '0008_wix_attendances',
  '0009_partitions',
  '0010_erasures',
  '0011_previous_secrets',
  '0012_sign_in',
  '0013_calendars',
  '0014_summaries',
  '0015_presences',
  '0016_epochs',
  '0017_mend',
  '0019_weeks_and_languages',
  '0020_roster_sources',
  '0021_kept_days',
  '0022_days_ahead',
  '0023_corrections',
  '0024_former_terms',
  '0025_session_parents',
  '0026_enrollment_rows',
  '0027_code_years',
  '0028_bell_periods',
  '0029_post_fingerprints',
  '0030_person_numbers',
  '0031_when_changed',
  '0032_changes',
  '0033_webhooks',
  '0034_reads',
  '0036_districts_in_keys',
  '0037_access',
  '0038_mailed_codes',
  '0039_person_names',
  '0040_absences',
  '0041_absence_kinds',
  '0042_edit_days',
  '0043_code_rights',
  '0044_setting_changes',
  '0045_substitutions',
  '0046_roll_reminders',
  '0047_letters',
  '0048_reads_sent',
  '0050_absence_students',
  '0052_lti',
  '0053_lti_grades',
  '0055_office_roles',
  '0056_passkeys',
  '0057_letter_languages',
];

/** Each is loaded when it is run: most starts find nothing to do. */
const load = (name: string): Migration => require(`./${name}`);

/** Landed in another order than they are numbered in: a database of the time between has the other, and not yet the one. */
export const landedAfter: ReadonlyMap<string, string> = new Map([
  ['0006_osdi_attendances', '0007_enrollments_in_order'],
]);

/** The migrations in order, for knex. A list rather than a folder: the same names from source and from the build. */
export const migrations = (engine: Engine): Knex.MigrationSource<string> => ({
  getMigrations: async () => [...migrationNames],
  getMigrationName: (name) => name,
  getMigration: async (name) => ({
    up: (knex) => load(name).up(knex, engine),
    down: (knex) => load(name).down(knex, engine),
  }),
});
