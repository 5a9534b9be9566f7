import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { type LetterLanguage, letterLanguages } from '../lib/usual-letters';
import { recountNotes } from './recounts';
import { everOfSchool } from './section-schools';
import { type Author, openSettingChanges, type SettingChange } from './setting-changes';

/** The most days for which teachers may be let change a roll: a year. */
export const MOST_EDIT_DAYS = 366;

/** SQL of a school's number: the SIS's identifier of it, else its id; null where there is no school. */
export const schoolNumber = "coalesce(nullif(schools.number, ''), cast(schools.id as text))";

/**
 * SQL that is true of the person in `people` where they are a student of a school of which a condition is true: it is their own,
 * or they are enrolled in one of its sections.
 */
export function isOfSchools(condition: string): string {
  const asked = `select schools.id from schools where schools.district_id = :district and ${condition}`;
  return `(people.school_id in (${asked}) or people.id in (
    select enrollments.person_id
    from sections
    join enrollments on +enrollments.district_id = sections.district_id and enrollments.section_id = sections.id
    where sections.district_id = :district and coalesce(sections.school_id, 0) in (${asked})
      and enrollments.active and not enrollments.admin))`;
}

/** Finds the schools of a district by their numbers; the lowest id where the SIS gives one number to several. */
export function openSchoolNumbers(database: Database) {
  const find = text(
    database.knex,
    `select schools.id, ${schoolNumber} as number
    from schools
    where schools.district_id = :district
      and ${schoolNumber} in (select asked.number from ${database.rows('numbers', { number: 'text' })} as asked)
    order by schools.id desc`,
    { id: integer, number: string },
  );
  return async (district: number, numbers: Iterable<string>): Promise<Map<string, number>> => {
    const asked = JSON.stringify([...new Set(numbers)].map((number) => [number]));
    const rows = await database.all(find, { district, numbers: asked });
    return new Map(rows.map(({ id, number }) => [number, id]));
  };
}

/** The ids of all schools of a district that the SIS lists. */
export function openSchoolIds(database: Database) {
  const find = text(
    database.knex,
    'select schools.id from schools where schools.district_id = :district and schools.active order by schools.id',
    { id: integer },
  );
  return async (district: number): Promise<number[]> => (await database.all(find, { district })).map(({ id }) => id);
}

/**
 * What a student without a record is, on a past school day whose roll nobody took: unknown, or present, in schools that note
 * exceptions alone, as a SIS may.
 */
export const untakenRolls = ['unknown', 'present'] as const;
export type UntakenRolls = (typeof untakenRolls)[number];

/** What an attendance grade makes of excused: it is left out of the count, or counts as present. */
export const gradesOfExcused = ['left_out', 'present'] as const;

/** How an attendance grade is made: what late counts, in percent of present, and what excused does. */
export interface GradeRule {
  readonly grade_late: number;
  readonly grade_excused: (typeof gradesOfExcused)[number];
}

/** A school and its settings. */
const schoolRow = {
  id: integer,
  district_id: integer,
  number: string,
  name: string,
  /** How its rolls that nobody took are counted. */
  untaken: oneOf(...untakenRolls),
  /** For how many days after the day itself teachers may take and change a roll; null: without an end. */
  edit_days: nullable(integer),
  /** What late counts in an attendance grade, in percent of present; null: no grade is sent anywhere. */
  grade_late: nullable(integer),
  grade_excused: oneOf(...gradesOfExcused),
};
export type School = RowOf<typeof schoolRow>;

/** What a school writes about chronic absence; the text is empty where it has none of its own. */
export interface SchoolLetter {
  readonly text: string;
  readonly language: LetterLanguage;
}

/** Settings that are to be other; what is missing stays. */
export interface SchoolChange {
  readonly untaken?: UntakenRolls | undefined;
  readonly edit_days?: number | null | undefined;
  readonly grade_late?: number | null | undefined;
  readonly grade_excused?: GradeRule['grade_excused'] | undefined;
}

/** The settings of schools. */
export function openSchools(database: Database) {
  const sql = schoolsSql(database);
  const noteRecounts = recountNotes(database);
  const changes = openSettingChanges(database);
  return {
    async get({ district }: Pick<Actor, 'district'>, school: number): Promise<School> {
      return (await database.all(sql.school, { district, school }))[0]!;
    },

    async letter({ district }: Pick<Actor, 'district'>, school: number): Promise<SchoolLetter> {
      const [row] = await database.all(sql.letter, { district, school });
      return { text: row!.chronic_letter, language: row!.chronic_letter_language };
    },

    /** It is kept who changed it. */
    setLetter: async (by: Author, school: number, letter: SchoolLetter): Promise<void> =>
      database.transaction(async (tx) => {
        const changed = await tx.all(sql.setLetter, { district: by.district, school, ...letter });
        if (changed.length === 0) return;
        const what = letter.text === '' ? 'letter_usual' : 'letter_set';
        await changes.note(by, { what, schools: [school], detail: letter.language })(tx);
      }),

    /** Those of a district, or of all. */
    list: (district: number | null): Promise<School[]> => database.all(sql.list, { district }),

    /** Changes settings; it is kept who changed what. Where untaken rolls are something else, reports forget what they have counted of the school. */
    async set(by: Author, school: number, change: SchoolChange): Promise<void> {
      const { district } = by;
      const { untaken, edit_days, grade_late, grade_excused } = change;
      await database.transaction(async (tx) => {
        const [before] = await tx.all(sql.school, { district, school });
        for (const [what, detail] of before ? changesOf(before, change) : [])
          await changes.note(by, { what, schools: [school], detail })(tx);
        if (edit_days !== undefined) await tx.all(sql.setEditDays, { district, school, edit_days });
        if (grade_late !== undefined) await tx.all(sql.setGradeLate, { district, school, grade_late });
        if (grade_excused !== undefined) await tx.all(sql.setGradeExcused, { district, school, grade_excused });
        if (untaken === undefined || (await tx.all(sql.setUntaken, { district, school, untaken })).length === 0) return;
        await tx.all(sql.recount, { district, school });
        await tx.all(sql.forgetDays, { district, school });
        const sections = await tx.all(sql.sections, { district, school });
        await noteRecounts(
          tx,
          district,
          sections.map(({ section }) => ({ section, school, from: FIRST_DAY, to: LAST_DAY })),
        );
      });
    },
  };
}

/** What is other than before, and what it is set to. */
function changesOf(before: School, change: SchoolChange): [what: SettingChange['what'], detail: string][] {
  const { untaken, edit_days, grade_late, grade_excused } = change;
  const isOther = <Name extends keyof SchoolChange>(name: Name): boolean =>
    change[name] !== undefined && change[name] !== before[name];
  const found: [SettingChange['what'], string][] = [];
  if (isOther('untaken')) found.push([`untaken_${untaken!}`, '']);
  if (isOther('edit_days'))
    found.push([edit_days === null ? 'edit_days_unlimited' : 'edit_days_set', asText(edit_days)]);
  if (isOther('grade_late')) found.push([grade_late === null ? 'grade_off' : 'grade_set', asText(grade_late)]);
  if (isOther('grade_excused')) found.push([`grade_excused_${grade_excused!}`, '']);
  return found;
}

const asText = (number: number | null | undefined): string => String(number ?? '');

/** All SQL of the settings of schools. */
export function schoolsSql({ knex }: Pick<Engine, 'knex'>) {
  const columns = Object.keys(schoolRow)
    .map((name) => `schools.${name}`)
    .join(', ');
  return {
    school: text(
      knex,
      `select ${columns} from schools where schools.district_id = :district and schools.id = :school`,
      schoolRow,
    ),
    list: text(
      knex,
      `select ${columns} from schools
      where cast(:district as bigint) is null or schools.district_id = :district
      order by schools.district_id, schools.name, schools.id`,
      schoolRow,
      { acrossDistricts: 'an operator may ask for those of all districts' },
    ),
    setUntaken: text(
      knex,
      `update schools set untaken = :untaken
      where schools.district_id = :district and schools.id = :school and schools.untaken <> :untaken
      returning id`,
      { id: integer },
    ),
    letter: text(
      knex,
      `select schools.chronic_letter, schools.chronic_letter_language
      from schools
      where schools.district_id = :district and schools.id = :school`,
      { chronic_letter: string, chronic_letter_language: oneOf(...letterLanguages) },
    ),
    setLetter: text(
      knex,
      `update schools set chronic_letter = :text, chronic_letter_language = :language
      where schools.district_id = :district and schools.id = :school
        and (schools.chronic_letter <> :text or schools.chronic_letter_language <> :language)
      returning id`,
      { id: integer },
    ),
    setEditDays: text(
      knex,
      'update schools set edit_days = :edit_days where schools.district_id = :district and schools.id = :school',
    ),
    setGradeLate: text(
      knex,
      'update schools set grade_late = :grade_late where schools.district_id = :district and schools.id = :school',
    ),
    setGradeExcused: text(
      knex,
      'update schools set grade_excused = :grade_excused where schools.district_id = :district and schools.id = :school',
    ),
    // Whoever is counting in it now begins anew, for the first time too.
    recount: text(
      knex,
      `insert into counted_schools (district_id, school_id, version)
      values (:district, :school, 1)
      on conflict (district_id, school_id) do update set version = counted_schools.version + 1`,
    ),
    forgetDays: text(
      knex,
      `delete from counted_days where counted_days.district_id = :district and counted_days.school_id = :school`,
    ),
    sections: text(knex, `select sections.id as section from sections where ${everOfSchool}`, { section: integer }),
  };
}
