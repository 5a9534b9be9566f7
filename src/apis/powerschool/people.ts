import { ExpandedCountQuery, ExpandedListQuery, ExpandedQuery } from '../../../schemas/powerschool/lists';
import {
  CountReply,
  type School,
  type SchoolEnrollment,
  type Staff,
  StaffReply,
  StaffsReply,
  type Student,
  StudentReply,
  StudentsReply,
} from '../../../schemas/powerschool/resources';
import { readOf } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import { isOfSchools, openSchools, schoolNumber } from '../../roster/schools';
import { type PersonRow, personNumber } from '../../roster/sql';
import type { Dependencies } from '../dependencies';
import { type FilterTest, mentions, type SqlField } from './filter';
import { openLists, type SearchedList, type SqlFields } from './lists';
import { expansionsOf, withExamples } from './parameters';

/*
 * Students and staff as `/ws/v1` has them, and the fields that they are searched by: what a field is in an answer it is in a
 * search.
 */

/** What can be told of a student, and of one of the staff, beside the usual. */
const studentExpansions = ['school_enrollment', 'contact_info'];
const staffExpansions = ['emails'];

const ofStaff = { expansions: 'emails' };
const StaffListQuery = withExamples(ExpandedListQuery, ofStaff);
const StaffCountQuery = withExamples(ExpandedCountQuery, ofStaff);
const StaffQuery = withExamples(ExpandedQuery, ofStaff);

/** The grades of CEDS, which rosters name, that are a number in PowerSchool: "0=Kindergarten", below it what comes before. */
const grades: Readonly<Record<string, number>> = Object.fromEntries([
  ['PK', -1],
  ['KG', 0],
  ...Array.from({ length: 13 }, (_, index) => [String(index + 1).padStart(2, '0'), index + 1]),
  ...Array.from({ length: 9 }, (_, index) => [String(index + 1), index + 1]),
]);
const gradeLevel = `case people.grades ${Object.entries(grades)
  .map(([grade, level]) => `when '${grade}' then ${level}`)
  .join(' ')} end`;

/** The letters of PowerSchool; of which a roster tells those of whom the SIS lists, and does not. */
const statuses = ['A', 'P', 'T', 'G', 'H', 'I'];

const personFields: SqlFields = {
  id: { kind: 'integer', sql: 'people.id' },
  local_id: { kind: 'code', sql: personNumber },
  'name.first_name': { kind: 'name', sql: 'people.given_name' },
  'name.middle_name': { kind: 'name', sql: 'people.middle_name' },
  'name.last_name': { kind: 'name', sql: 'people.family_name' },
};

const statusFields = ['school_enrollment.enroll_status', 'school_enrollment.enroll_status_code'];

/** That of the student's own school, which `school_enrollment` tells. */
const schoolNumberField: SqlField = {
  kind: 'code',
  sql: `(
    select ${schoolNumber} from schools
    where schools.district_id = people.district_id and schools.id = people.school_id)`,
};

/** That of each school in whose list the student is. */
const schoolNumbersField: SqlField = { kind: 'code', sql: schoolNumber, any: isOfSchools };

const studentFields: SqlFields = {
  ...personFields,
  school_number: schoolNumbersField,
  student_username: { kind: 'name', sql: 'people.username' },
  'school_enrollment.enroll_status': {
    kind: 'code',
    choices: statuses,
    sql: "case when people.active then 'A' else 'I' end",
  },
  'school_enrollment.enroll_status_code': { kind: 'integer', sql: 'case when people.active then 0 else 1 end' },
  'school_enrollment.grade_level': { kind: 'integer', sql: gradeLevel },
  'school_enrollment.school_id': { kind: 'integer', sql: 'people.school_id' },
  'school_enrollment.school_number': schoolNumberField,
};

const staffFields: SqlFields = {
  ...personFields,
  teacher_username: { kind: 'name', sql: 'people.username' },
};

/** Active students alone, where no status is asked for. */
const also = (filter: FilterTest) =>
  statusFields.some((field) => mentions(filter, field)) ? undefined : 'people.active';
const students = { name: 'students', fields: studentFields, also } satisfies SearchedList<'students'>;
const studentsOfSchool = {
  name: 'studentsOfSchool',
  fields: studentFields,
  also,
} satisfies SearchedList<'studentsOfSchool'>;
const staffOfSchool = { name: 'staffOfSchool', fields: staffFields } satisfies SearchedList<'staffOfSchool'>;

/** Students of the district and of its schools, and who works there. */
export function peopleEndpoints(dependencies: Pick<Dependencies, 'database' | 'roster'>): Endpoint[] {
  const { database, roster } = dependencies;
  const read = { method: 'GET', scope: 'roster:read' } as const;
  const lists = openLists(dependencies);
  const schools = openSchools(database);

  /** How students are told, with the expansions that are asked for. */
  async function studentsAs({ district }: Caller, query: ExpandedQuery) {
    const expansions = expansionsOf(query, studentExpansions);
    const known = expansions.has('school_enrollment') ? await schools.list(district) : [];
    const numbers = new Map(known.map((school) => [school.id, schoolNumberOf(school)]));
    return (person: PersonRow) => studentOf(person, expansions, numbers);
  }

  return [
    endpoint({
      ...read,
      path: '/v1/district/student',
      summary: 'Lists the students of the district',
      schemas: { query: ExpandedListQuery, reply: StudentsReply },
      async handle({ caller, query }) {
        const asStudent = await studentsAs(caller, query);
        const found = await lists.page(caller, query, students, {});
        return { status: 200, body: { students: { student: found.map(asStudent) } }, reads: readOf(idsOf(found)) };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/district/student/count',
      summary: 'Counts the students of the district',
      schemas: { query: ExpandedCountQuery, reply: CountReply },
      handle({ caller, query }) {
        expansionsOf(query, studentExpansions);
        return lists.countOfPeople(caller, query, students, {}, {});
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/student',
      summary: 'Lists the students of a school',
      schemas: { query: ExpandedListQuery, reply: StudentsReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        const asStudent = await studentsAs(caller, query);
        const found = await lists.page(caller, query, studentsOfSchool, values);
        const reads = readOf(idsOf(found), { school: values.id });
        return { status: 200, body: { students: { student: found.map(asStudent) } }, reads };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/student/count',
      summary: 'Counts the students of a school',
      schemas: { query: ExpandedCountQuery, reply: CountReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        expansionsOf(query, studentExpansions);
        return lists.countOfPeople(caller, query, studentsOfSchool, values, { school: values.id });
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/student/:student',
      summary: 'Reads a student of a school',
      schemas: { query: ExpandedQuery, reply: StudentReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        const { id } = await roster.one('student', caller, params.student);
        const asStudent = await studentsAs(caller, query);
        const named = { condition: 'people.id = :student', values: { student: id } };
        const { rows } = await roster.list('studentsOfSchool', caller, values, { offset: 0, limit: 1 }, named);
        if (!rows[0]) throw new Problem('NOT_FOUND', `There is no student ${id} in this school.`);
        return { status: 200, body: { student: asStudent(rows[0]) }, reads: readOf([id]) };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/staff',
      summary: 'Lists the staff of a school',
      schemas: { query: StaffListQuery, reply: StaffsReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        const expansions = expansionsOf(query, staffExpansions);
        const staff = await lists.page(caller, query, staffOfSchool, values);
        const reads = readOf(idsOf(staff), { school: values.id });
        return { status: 200, body: { staffs: { staff: staff.map((person) => staffOf(person, expansions)) } }, reads };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/school/:id/staff/count',
      summary: 'Counts the staff of a school',
      schemas: { query: StaffCountQuery, reply: CountReply },
      async handle({ caller, params, query }) {
        const values = await lists.school(caller, params.id);
        expansionsOf(query, staffExpansions);
        return lists.countOfPeople(caller, query, staffOfSchool, values, { school: values.id });
      },
    }),
    endpoint({
      ...read,
      path: '/v1/student/:id',
      summary: 'Reads a student',
      schemas: { query: ExpandedQuery, reply: StudentReply },
      async handle({ caller, params, query }) {
        const student = await roster.one('student', caller, params.id);
        const asStudent = await studentsAs(caller, query);
        return { status: 200, body: { student: asStudent(student) }, reads: readOf([student.id]) };
      },
    }),
    endpoint({
      ...read,
      path: '/v1/staff/:id',
      summary: 'Reads one of the staff',
      schemas: { query: StaffQuery, reply: StaffReply },
      async handle({ caller, params, query }) {
        const person = await roster.one('memberOfStaff', caller, params.id);
        const body = { staff: staffOf(person, expansionsOf(query, staffExpansions)) };
        return { status: 200, body, reads: readOf([person.id]) };
      },
    }),
  ];
}

const idsOf = (people: readonly PersonRow[]): number[] => people.map(({ id }) => id);

const nameOf = (person: PersonRow) => ({
  first_name: person.given_name,
  middle_name: person.middle_name,
  last_name: person.family_name,
});

/** The same as `personNumber` of the roster. */
const localId = ({ identifier, sourced_id, id }: PersonRow): string => identifier || sourced_id || String(id);

/** PowerSchool's school numbers are numbers; one that is not stays the text that it is. */
export const schoolNumberOf = ({ id, number }: { id: number; number: string }): School['school_number'] =>
  /^[1-9]\d{0,14}$/.test(number) ? Number(number) : number || id;

const studentOf = (
  person: PersonRow,
  expansions: ReadonlySet<string>,
  numbers: ReadonlyMap<number, School['school_number']>,
): Student => ({
  id: person.id,
  local_id: localId(person),
  student_username: person.username,
  name: nameOf(person),
  ...(expansions.has('contact_info') && { contact_info: { email: person.email } }),
  ...(expansions.has('school_enrollment') && { school_enrollment: enrollmentOf(person, numbers) }),
});

function enrollmentOf(
  { active, grades: grade, school_id }: PersonRow,
  numbers: ReadonlyMap<number, School['school_number']>,
): SchoolEnrollment {
  const level = Object.hasOwn(grades, grade) ? grades[grade] : undefined;
  const school_number = school_id === null ? undefined : numbers.get(school_id);
  return {
    enroll_status: active ? 'A' : 'I',
    enroll_status_code: active ? 0 : 1,
    enroll_status_description: active ? 'Active' : 'Inactive',
    ...(level !== undefined && { grade_level: level }),
    ...(school_id !== null && { school_id }),
    ...(school_number !== undefined && { school_number }),
  };
}

const staffOf = (person: PersonRow, expansions: ReadonlySet<string>): Staff => ({
  id: person.id,
  local_id: localId(person),
  teacher_username: person.username,
  name: nameOf(person),
  ...(expansions.has('emails') && { emails: { work_email: person.email } }),
});
