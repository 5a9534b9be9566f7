import type { Knex } from 'knex';
import type { Engine } from '../../src/database/database';
import * as roster from './0001_roster';
import * as ledger from './0002_ledger';
import * as clients from './0003_clients';
import * as codes from './0004_attendance_codes';
import * as powerschool from './0005_powerschool_attendance';
import * as osdi from './0006_osdi_attendances';
import * as order from './0007_enrollments_in_order';
import * as wix from './0008_wix_attendances';
import * as partitions from './0009_partitions';
import * as erasures from './0010_erasures';
import * as previous from './0011_previous_secrets';
import * as signIn from './0012_sign_in';
import * as calendars from './0013_calendars';
import * as summaries from './0014_summaries';
import * as presences from './0015_presences';
import * as epochs from './0016_epochs';
import * as mend from './0017_mend';
import * as weeks from './0019_weeks_and_languages';
import * as sources from './0020_roster_sources';
import * as kept from './0021_kept_days';
import * as ahead from './0022_days_ahead';
import * as corrections from './0023_corrections';
import * as formerTerms from './0024_former_terms';
import * as parents from './0025_session_parents';
import * as rows from './0026_enrollment_rows';
import * as codeYears from './0027_code_years';
import * as bells from './0028_bell_periods';
import * as fingerprints from './0029_post_fingerprints';
import * as personNumbers from './0030_person_numbers';
import * as changed from './0031_when_changed';

/** One change of the schema. Once it has landed it is never edited: the next change is a new one. */
interface Migration {
  up(knex: Knex, engine: Engine): Promise<unknown>;
  down(knex: Knex, engine: Engine): Promise<unknown>;
}

const list: Record<string, Migration> = {
  '0001_roster': roster,
  '0002_ledger': ledger,
  '0003_clients': clients,
  '0004_attendance_codes': codes,
  '0005_powerschool_attendance': powerschool,
  '0006_osdi_attendances': osdi,
  '0007_enrollments_in_order': order,
  '0008_wix_attendances': wix,
  '0009_partitions': partitions,
  '0010_erasures': erasures,
  '0011_previous_secrets': previous,
  '0012_sign_in': signIn,
  '0013_calendars': calendars,
  '0014_summaries': summaries,
  '0015_presences': presences,
  '0016_epochs': epochs,
  '0017_mend': mend,
  '0019_weeks_and_languages': weeks,
  '0020_roster_sources': sources,
  '0021_kept_days': kept,
  '0022_days_ahead': ahead,
  '0023_corrections': corrections,
  '0024_former_terms': formerTerms,
  '0025_session_parents': parents,
  '0026_enrollment_rows': rows,
  '0027_code_years': codeYears,
  '0028_bell_periods': bells,
  '0029_post_fingerprints': fingerprints,
  '0030_person_numbers': personNumbers,
  '0031_when_changed': changed,
};

/** Their names, in order. */
export const migrationNames: readonly string[] = Object.keys(list);

/** Landed in another order than they are numbered in: a database of the time between has the other, and not yet the one. */
export const landedAfter: ReadonlyMap<string, string> = new Map([
  ['0006_osdi_attendances', '0007_enrollments_in_order'],
]);

/** The migrations in order, for knex. A list rather than a folder: the same names from source and from the build. */
export const migrations = (engine: Engine): Knex.MigrationSource<string> => ({
  getMigrations: async () => [...migrationNames],
  getMigrationName: (name) => name,
  getMigration: async (name) => ({
    up: (knex) => list[name]!.up(knex, engine),
    down: (knex) => list[name]!.down(knex, engine),
  }),
});
