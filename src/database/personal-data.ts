import type { Engine } from './database';

/**
 * What a table holds of a person. Whoever keeps a table that names a person or an enrollment says so here, and the
 * export, the erasure and the retention of all that is held follow from it. SQL calls the table `held`.
 */
export interface PersonalData {
  /** What it is called in an export. */
  readonly name: string;
  readonly table: string;
  /** SQL to read it from where that is not the table itself. */
  readonly source?: string;
  /** SQL that is true of what is the person's, `:person` of the `:district`. */
  readonly where: string | ((engine: Pick<Engine, 'rows'>) => string);
  /** Its rows belong to school days, in a column `date`, and are found by the section or by the enrollment. */
  readonly daily?: 'section' | 'enrollment';
  /** The columns that are exported, each with what it says. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns that are never null and tell its rows apart. */
  readonly key: readonly string[];
  /** What an erasure does: puts SQL in the place of columns, or removes the rows. Nothing where nothing identifies. */
  readonly erasure?: 'remove' | Readonly<Record<string, string>>;
}

/** Stands where there was text of or about a person. */
export const ERASED = '[erased]';

/** SQL in the place of a text: where nothing was said, nothing is. */
export const erasedText = (column: string): string => `case when ${column} = '' then '' else '${ERASED}' end`;

/** For `where`: the table has the person. */
export const ofPerson = 'held.district_id = :district and held.person_id = :person';

/** The person's enrollments, as teacher or student. */
export const enrollmentsOfPerson = (column: string): string => `(
  select mine.${column} from enrollments as mine where mine.person_id = :person and +mine.district_id = :district)`;

/** For `where`: the table has the enrollment. */
export const ofEnrollments = `held.district_id = :district and held.enrollment_id in ${enrollmentsOfPerson('id')}`;

/** For `where`: the clients that are bound to the person, which are looked up before. */
export const clientsOfPerson = ({ rows }: Pick<Engine, 'rows'>): string =>
  `(select bound.id from ${rows('clients', { id: 'bigint' })} as bound)`;

/** What columns say that many tables have. */
export const usual = {
  id: 'number of the row',
  district_id: 'the district',
  section_id: 'the section',
  enrollment_id: 'the enrollment of the person in the section',
  date: 'the school day, YYYY-MM-DD',
  sourced_id: 'what the SIS calls it (OneRoster sourcedId)',
  active: 'whether the SIS still lists it',
} as const;
