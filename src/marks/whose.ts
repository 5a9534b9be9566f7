import type { Actor } from '../actor';
import type { Database } from '../database/database';
import { type Days, isEnrolled, openKeptDays } from '../roster/enrolled';
import type { Names } from '../roster/names';
import { yesterday } from '../roster/teaches';
import { type Named, named } from './named';
import { type Naming, RowError, type Wish, wrong } from './row';
import { marksSql } from './sql';

/** The enrollment of a student, with what is shown of it. */
export interface Enrolled extends Names {
  readonly id: number;
  readonly section_id: number;
  readonly person_id: number;
  readonly active: boolean | 0 | 1;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
  /** Days outside of these that were counted, and stay so. */
  readonly kept?: readonly Days[];
  readonly school_id: number | null;
  readonly title: string;
  readonly student_number: string;
  /** Whether the person acted for teaches the section still; true where none is. */
  readonly permitted: boolean | 0 | 1;
}

interface Known {
  readonly sections: Named;
  readonly students: Named;
  readonly forbidden: ReadonlySet<number>;
  readonly enrollments: ReadonlyMap<number, Enrolled>;
}

/** Finds whose mark each wish is: throws RowError where that is nobody, or not one alone. */
export function openWhose(database: Database) {
  const sql = marksSql(database);
  const keptDays = openKeptDays(database);

  async function known({ district, person }: Actor, wishes: readonly Wish[]): Promise<Known> {
    const scope = { district, person, yesterday: yesterday() };
    const all = <Row>(query: keyof typeof sql, values: object) =>
      database.all<Row>(sql[query], { ...scope, ...values });
    const sections = await named(
      database,
      sql.sections,
      scope,
      wishes.flatMap((wish) => wish.sections),
    );
    const students = await named(
      database,
      sql.students,
      scope,
      wishes.flatMap((wish) => wish.students),
    );
    const ids = new Set(wishes.flatMap(({ enrollment }) => enrollment ?? []));
    const found = [
      ...(await all<Enrolled>('enrollments', { ids: rows(ids) })),
      ...(await all<Enrolled>('ofStudents', { ids: rows(students.all), sections: rows(sections.all) })),
    ];
    const kept = await keptDays(
      database,
      district,
      found.map(({ id }) => id),
    );
    const forbidden = await all<{ id: number }>('forbidden', { ids: rows(sections.all) });
    return {
      sections,
      students,
      forbidden: new Set(forbidden.map(({ id }) => id)),
      enrollments: new Map(found.map((enrolled) => [enrolled.id, { ...enrolled, kept: kept.get(enrolled.id) ?? [] }])),
    };
  }

  return async (actor: Actor, wishes: readonly Wish[]): Promise<(wish: Wish) => Enrolled> => {
    const all = await known(actor, wishes);
    const byPair = new Map<string, Enrolled[]>();
    for (const enrolled of all.enrollments.values())
      byPair.set(pair(enrolled), [...(byPair.get(pair(enrolled)) ?? []), enrolled]);
    return (wish) => (wish.enrollment === undefined ? placedIn(wish, all, byPair) : byId(wish, all));
  };
}

const rows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));

const pair = ({ section_id, person_id }: Pick<Enrolled, 'section_id' | 'person_id'>) => `${section_id} ${person_id}`;

/** By the enrollment; what else the row says must agree with it. */
function byId({ enrollment, sections, students }: Wish, known: Known): Enrolled {
  const enrolled = known.enrollments.get(enrollment!);
  if (!enrolled) throw wrong('enrollment', `must be the id of a student's enrollment, not ${enrollment}.`);
  if (!enrolled.permitted) throw forbidden(enrolled.section_id);
  const otherSection = sections.find((naming) => !known.sections.of(naming).has(enrolled.section_id));
  if (otherSection) throw wrong(otherSection.column, `is not the section of enrollment ${enrollment}.`);
  const otherStudent = students.find(
    (naming) => !known.students.of(naming).has(enrolled.person_id) && !isSameNumber(naming, enrolled),
  );
  if (otherStudent) throw wrong(otherStudent.column, `is not the student of enrollment ${enrollment}.`);
  return enrolled;
}

/** Spreadsheets take the zeros away from the beginning of a number. */
const isSameNumber = ({ column, text }: Naming, { student_number }: Enrolled): boolean =>
  column === 'student_number' && withoutZeros(text) === withoutZeros(student_number);
const withoutZeros = (number: string): string => number.replace(/^0+(?=.)/, '');

/** By section, student and day. */
function placedIn({ sections, students, date }: Wish, known: Known, byPair: ReadonlyMap<string, Enrolled[]>): Enrolled {
  const [section] = agreed(sections.map((naming) => known.sections.told(naming, 'section')));
  if (section === undefined) throw wrong(sections[1]!.column, 'names another section than the one beside it.');
  if (known.forbidden.has(section)) throw forbidden(section);
  const people = agreed(students.map((naming) => known.students.told(naming, 'student')));
  const enrolled = [...people].flatMap((person_id) => byPair.get(pair({ section_id: section, person_id })) ?? []);
  const { column } = students[0]!;
  if (enrolled.length === 0) throw wrong(column, `names no student of section ${section}.`);
  const onDay = enrolled.filter((each) => isEnrolled(date, each, each.kept));
  if (onDay.length === 0) throw wrong('date', `must be a day of the enrollment, ${daysOf(enrolled)}, not ${date}.`);
  // What the SIS has taken back counts where there is nothing else.
  const standing = onDay.some(({ active }) => active) ? onDay.filter(({ active }) => active) : onDay;
  if (standing.length === 1) return standing[0]!;
  const ids = standing
    .map(({ id }) => id)
    .sort((one, other) => one - other)
    .join(' and ');
  throw wrong(column, `has the enrollments ${ids} in the section that day; the column enrollment would say which.`);
}

/** What all of them may mean. */
const agreed = ([first, ...others]: readonly ReadonlySet<number>[]): Set<number> =>
  new Set([...first!].filter((id) => others.every((other) => other.has(id))));

const forbidden = (section: number) =>
  new RowError('section', `The person acted for does not teach section ${section}.`);

const daysOf = (enrolled: readonly Enrolled[]): string =>
  enrolled.map(({ begin_date, end_date }) => `${begin_date} until before ${end_date}`).join(', or ');
