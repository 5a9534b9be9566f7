import type { Database, Engine } from '../database/database';
import { type Query, text, type Values } from '../database/query';
import { bit, day, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { preview } from '../lib/preview';
import { mayWrite, scopeOf } from '../roster/access';
import { type Days, isEnrolled, openKeptDays } from '../roster/enrolled';
import { namesRow } from '../roster/names';
import { type FormerSchool, openFormerSchools, schoolAt } from '../roster/section-schools';
import { type Column, type Naming, RowError, type RowRequest, wrong } from './row';

/** One thing that a text names, and as what. */
const namedRow = { kind: oneOf('id', 'sourced_id', 'number'), text: string, id: integer };
type NamedRow = RowOf<typeof namedRow>;

/** The enrollment of a student, with what is shown of it. */
const enrolledRow = {
  id: integer,
  section_id: integer,
  person_id: integer,
  active: bit,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
  school_id: nullable(integer),
  title: string,
  ...namesRow,
  student_number: string,
  /** Whether the person acted for teaches the section still; true where none is. */
  permitted: bit,
};
type EnrolledRow = RowOf<typeof enrolledRow>;

/** The statements by which rows find their enrollments. */
function findSql({ knex, rows, lookUp }: Engine) {
  const ids = rows('ids', { id: 'bigint' });
  const byId = (table: string) => `
    select 'id' as kind, cast(${table}.id as text) as text, ${table}.id
    from ${ids} as asked
    ${lookUp(table, `${table}.id = asked.id and ${table}.district_id = :district`)}`;
  const byText = (kind: string, column: string) => {
    const [table] = column.split('.');
    return `
      select '${kind}' as kind, ${column} as text, ${table}.id
      from ${table}
      where ${table}.district_id = :district
        and ${column} in (select asked.text from ${rows('texts', { text: 'text' })} as asked)`;
  };
  const enrolled = `select enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.active,
      enrollments.begin_date, enrollments.end_date, sections.school_id, sections.title,
      people.given_name, people.preferred_name, people.family_name, people.identifier as student_number,
      ${mayWrite('enrollments.section_id')} as permitted`;
  const beside = `join sections on sections.district_id = +enrollments.district_id
      and sections.id = enrollments.section_id
    join people on people.district_id = +enrollments.district_id and people.id = enrollments.person_id`;
  return {
    /** What the texts may name, and as what. */
    sections: text(knex, `${byId('sections')} union all ${byText('sourced_id', 'sections.sourced_id')}`, namedRow),
    students: text(
      knex,
      `${byId('people')}
      union all ${byText('sourced_id', 'people.sourced_id')}
      union all ${byText('number', 'people.identifier')}`,
      namedRow,
    ),
    enrollments: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.id = asked.id and +enrollments.district_id = :district and not enrollments.admin`,
      enrolledRow,
    ),
    ofStudents: text(
      knex,
      `${enrolled}
      from ${ids} as asked
      cross join enrollments
      ${beside}
      where enrollments.person_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.section_id in (select named.id from ${rows('sections', { id: 'bigint' })} as named)`,
      enrolledRow,
    ),
    /** Those of the sections in which the person may not write. */
    forbidden: text(
      knex,
      `select sections.id
      from ${ids} as asked
      ${lookUp('sections', 'sections.id = asked.id and sections.district_id = :district')} and not ${mayWrite('sections.id')}`,
      { id: integer },
    ),
  };
}

/** What the texts of a column may be. */
const kinds: Partial<Record<Column, readonly NamedRow['kind'][]>> = {
  section: ['id', 'sourced_id'],
  section_id: ['id'],
  section_sourced_id: ['sourced_id'],
  student: ['id', 'sourced_id', 'number'],
  student_id: ['id'],
  student_sourced_id: ['sourced_id'],
  student_number: ['number'],
};

const kindNames = { id: 'id', sourced_id: 'sourcedId', number: 'student number' } as const;

/** Things of a district by what they are called. */
interface Named {
  readonly all: ReadonlySet<number>;
  /** The ids of what may be meant. */
  of(naming: Naming): ReadonlySet<number>;
  /**
   * The same, for where nothing else says which it is: several students may have the same number, but what is the id
   * of one and the number of another is not guessed. Throws RowError then, and where there is nothing.
   */
  unambiguous(naming: Naming, thing: string): ReadonlySet<number>;
}

async function named(
  database: Database,
  query: Query<NamedRow>,
  scope: Values,
  namings: readonly Naming[],
): Promise<Named> {
  const texts = [...new Set(namings.map(({ text }) => text))];
  const ids = texts.filter((text) => /^[1-9]\d{0,14}$/.test(text)).map((text) => [Number(text)]);
  const rows = await database.all(query, {
    ...scope,
    ids: JSON.stringify(ids),
    texts: JSON.stringify(texts.map((text) => [text])),
  });
  const byText = new Map<string, NamedRow[]>(texts.map((text) => [text, []]));
  for (const row of rows) byText.get(row.text)!.push(row);
  const rowsOf = ({ column, text }: Naming) => byText.get(text)!.filter(({ kind }) => kinds[column]!.includes(kind));
  const of = (naming: Naming) => new Set(rowsOf(naming).map(({ id }) => id));
  return {
    all: new Set(rows.map(({ id }) => id)),
    of,
    unambiguous(naming, thing) {
      const { column, text } = naming;
      const found = rowsOf(naming);
      const as = new Set(found.map(({ kind }) => kind));
      if (found.length === 0) throw wrong(column, `must be the ${words(column)} of a ${thing}, not ${preview(text)}.`);
      const ids = of(naming);
      if (ids.size === 1 || as.size === 1) return ids;
      const which = [...as].map((kind) => kindNames[kind]).join(' and ');
      const precise = [...as].map((kind) => `${thing}_${kind}`).join(' or ');
      throw wrong(
        column,
        `${preview(text)} is the ${which} of different ${thing}s; the column ${precise} would say which.`,
      );
    },
  };
}

const list = new Intl.ListFormat('en', { type: 'disjunction' });
const words = (column: Column): string => list.format(kinds[column]!.map((kind) => kindNames[kind]));

/** The enrollment of a student, with what is shown of it. */
export interface Enrolled extends EnrolledRow {
  /** Days outside of these that were counted, and stay so. */
  readonly kept?: readonly Days[];
  /** In which the section was before. */
  readonly former?: readonly FormerSchool[];
}

/** The school of the enrollment on a day; null where it is in none. */
export const schoolOfDay = ({ school_id, former }: Enrolled, date: string): number | null =>
  schoolAt(date, school_id ?? 0, former) || null;

interface Known {
  readonly sections: Named;
  readonly students: Named;
  readonly forbidden: ReadonlySet<number>;
  readonly enrollments: ReadonlyMap<number, Enrolled>;
}

/** Finds whose mark each request is: throws RowError where that is nobody, or not one alone. */
export function openEnrollmentFinder(database: Database) {
  const sql = findSql(database);
  const keptDays = openKeptDays(database);
  const formerSchools = openFormerSchools(database);

  async function known(actor: Actor, requests: readonly RowRequest[]): Promise<Known> {
    const { district } = actor;
    const scope = scopeOf(actor);
    const all = <Row>(query: Query<Row>, values: Values) => database.all(query, { ...scope, ...values });
    const sections = await named(
      database,
      sql.sections,
      scope,
      requests.flatMap((request) => request.sections),
    );
    const students = await named(
      database,
      sql.students,
      scope,
      requests.flatMap((request) => request.students),
    );
    const ids = new Set(requests.flatMap(({ enrollment }) => enrollment ?? []));
    const found = [
      ...(await all(sql.enrollments, { ids: rows(ids) })),
      ...(await all(sql.ofStudents, { ids: rows(students.all), sections: rows(sections.all) })),
    ];
    const kept = await keptDays(
      database,
      district,
      found.map(({ id }) => id),
    );
    const former = await formerSchools(
      database,
      district,
      found.map(({ section_id }) => section_id),
    );
    const forbidden = await all(sql.forbidden, { ids: rows(sections.all) });
    return {
      sections,
      students,
      forbidden: new Set(forbidden.map(({ id }) => id)),
      enrollments: new Map(
        found.map((enrolled) => [
          enrolled.id,
          { ...enrolled, kept: kept.get(enrolled.id) ?? [], former: former.get(enrolled.section_id) ?? [] },
        ]),
      ),
    };
  }

  return async (actor: Actor, requests: readonly RowRequest[]): Promise<(request: RowRequest) => Enrolled> => {
    const all = await known(actor, requests);
    const byPair = new Map<string, Enrolled[]>();
    for (const enrolled of all.enrollments.values())
      byPair.set(pair(enrolled), [...(byPair.get(pair(enrolled)) ?? []), enrolled]);
    return (request) => (request.enrollment === undefined ? placedIn(request, all, byPair) : byId(request, all));
  };
}

const rows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));

const pair = ({ section_id, person_id }: Pick<Enrolled, 'section_id' | 'person_id'>) => `${section_id} ${person_id}`;

/** By the enrollment; what else the row says must agree with it. */
function byId({ enrollment, sections, students }: RowRequest, known: Known): Enrolled {
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
function placedIn(
  { sections, students, date }: RowRequest,
  known: Known,
  byPair: ReadonlyMap<string, Enrolled[]>,
): Enrolled {
  const [section] = agreed(sections.map((naming) => known.sections.unambiguous(naming, 'section')));
  if (section === undefined) throw wrong(sections[1]!.column, 'names another section than the one beside it.');
  if (known.forbidden.has(section)) throw forbidden(section);
  const people = agreed(students.map((naming) => known.students.unambiguous(naming, 'student')));
  const enrolled = [...people].flatMap((person_id) => byPair.get(pair({ section_id: section, person_id })) ?? []);
  const { column } = students[0]!;
  if (enrolled.length === 0) throw wrong(column, `names no student of section ${section}.`);
  const onDay = enrolled.filter((each) => isEnrolled(date, each, each.kept));
  if (onDay.length === 0) throw wrong('date', `must be a day of the enrollment, ${daysOf(enrolled)}, not ${date}.`);
  // What the SIS has taken back counts where there is nothing else.
  const counted = onDay.some(({ active }) => active) ? onDay.filter(({ active }) => active) : onDay;
  if (counted.length === 1) return counted[0]!;
  const ids = counted
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
