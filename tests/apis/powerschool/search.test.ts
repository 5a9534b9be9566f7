import fc from 'fast-check';
import { type Fields, passes, readFilter } from '../../../src/apis/powerschool/filter';
import { runs } from '../../runs';
import { openSchool, type School } from './school';

/** The lists of `/ws/v1` as plugins search them: `q`, `expansions`, pages of what was found, and `/count`. */
let school: School;
let id: number;
const numbers: Record<string, number> = {};
beforeAll(async () => {
  school = await openSchool();
  const { knex } = school.world.database;
  const district_id = school.world.districts.larkspur;
  id = (await knex('schools').where({ number: '200' }).first()).id;
  const [other] = await knex('schools')
    .insert({ district_id, sourced_id: 'annex', name: 'Annex', type: 'school', number: 'N1' })
    .returning('id');
  const person = { district_id, role: 'student', preferred_name: '', email: '' };
  const add = async (name: string, row: object) => {
    const [added] = await knex('people')
      .insert({
        ...person,
        sourced_id: name,
        username: name,
        given_name: name,
        middle_name: '',
        family_name: '',
        ...row,
      })
      .returning('id');
    numbers[name] = added.id;
  };
  await add('emil', { school_id: id, identifier: '204156', family_name: 'O’Brien', grades: '09' });
  await add('lea', { school_id: id, identifier: '2041567', family_name: 'van der Berg', grades: 'KG' });
  await add('zoe', { school_id: other.id, identifier: '', family_name: 'Émile', grades: '10', username: 'Zoe%' });
  await add('max', { school_id: null, identifier: '0042', family_name: 'Smith, Jr.', grades: '07,08' });
  await add('gone', { school_id: id, identifier: '77', family_name: 'Hopper', grades: '07', active: false });
  await knex('courses').insert({
    district_id,
    school_id: id,
    sourced_id: 'c',
    title: 'Algebra I',
    course_code: 'MA7',
    subjects: '',
    grades: '',
  });
});
afterAll(() => school.close());

const at = async (path: string) => {
  const { status, body } = await school.get(`/ws/v1/${path}`);
  expect([status, body.message]).toEqual([200, undefined]);
  return body;
};
const q = (text: string) => encodeURIComponent(text);
const found = async (text: string, list = 'district/student'): Promise<string[]> => {
  const { students } = await at(`${list}?q=${q(text)}`);
  const { resource } = await at(`${list}/count?q=${q(text)}`);
  const names = students.student.map((each: { student_username: string }) => each.student_username);
  expect(resource.count).toBe(names.length);
  return names;
};

test.each([
  ['local_id==204156', ['emil']],
  ['local_id==0042', ['max']],
  ['local_id==42', []],
  ['local_id==ada', ['ada']], // where the SIS gives no number, its own id is it
  ['local_id==(204156,ada)', ['ada', 'emil']],
  ['local_id!=204156;school_number==200', ['ada', 'grace', 'alan', 'katherine', 'lea']],
  ['student_username==ADA', ['ada']],
  ['student_username==zoe%', ['Zoe%']],
  ['student_username==%', []],
  ['name.last_name==o*', ['emil']],
  ['name.last_name==Hopper', ['grace']],
  ['name.last_name==*E*;name.first_name==lea', ['lea']],
  ['name.last_name==Émile', ['Zoe%']],
  ['name.last_name==É*', ['Zoe%']],
  ['name.last_name=="Smith, Jr."', ['max']],
  ['school_enrollment.grade_level=ge=9', ['emil', 'Zoe%']],
  ['school_enrollment.grade_level==0', ['lea']],
  ['school_enrollment.grade_level=lt=7', ['lea']],
  ['school_enrollment.grade_level!=7', ['emil', 'lea', 'Zoe%', 'max']],
  ['school_number==N1', ['Zoe%']],
  ['school_enrollment.school_number==N1', ['Zoe%']],
  ['school_enrollment.enroll_status==A;name.last_name==H*', ['grace']],
  ['school_enrollment.enroll_status==a;name.last_name==H*', ['grace']],
  ['school_enrollment.enroll_status==(A);name.last_name==H*', ['grace']],
  ['school_enrollment.enroll_status==(A,I);name.last_name==H*', ['grace', 'gone']],
  ['school_enrollment.enroll_status==I', ['gone']],
  ['school_enrollment.enroll_status_code==0;name.last_name==H*', ['grace']],
  ['school_enrollment.enroll_status==P', []],
  ['(local_id==204156,local_id==0042);school_enrollment.grade_level=gt=8', ['emil']],
])('q=%s finds %j', async (text, right) => {
  expect(await found(text)).toEqual(right);
});

test('the list of a school is searched alike, and has its students alone', async () => {
  expect(await found('name.last_name==*', `school/${id}/student`)).toEqual([
    'ada',
    'grace',
    'alan',
    'katherine',
    'emil',
    'lea',
  ]);
  expect(await found('local_id==0042', `school/${id}/student`)).toEqual([]);
  expect(await found('school_enrollment.enroll_status==I', `school/${id}/student`)).toEqual(['gone']);
});

test('a student of two schools is in the list of each, and is found by the number of each', async () => {
  const { knex } = school.world.database;
  const district_id = school.world.districts.larkspur;
  const { id: annex } = await knex('schools').where({ number: 'N1' }).first();
  const { id: _, ...algebra } = await knex('sections').where({ id: school.world.sections.algebra }).first();
  const [{ id: section_id }] = await knex('sections')
    .insert({ ...algebra, school_id: annex, sourced_id: 'annex-algebra' })
    .returning('id');
  const { emil, gone } = numbers;
  const enrollment = { district_id, section_id, admin: false, begin_date: '2025-08-25', end_date: '2026-06-12' };
  await knex('enrollments').insert(
    [
      { person_id: emil, sourced_id: 'e1' },
      { person_id: gone, sourced_id: 'e2' },
      { person_id: school.world.people.grace, sourced_id: 'e3', active: false },
      { person_id: school.world.people.noether, sourced_id: 'e4', admin: true },
    ].map((each) => ({ active: true, ...enrollment, ...each })),
  );
  try {
    for (const [number, list] of [
      ['200', `school/${id}/student`],
      ['N1', `school/${annex}/student`],
    ] as const) {
      const inList = await found('name.last_name==*', list);
      expect(inList).toContain('emil');
      expect(await found(`school_number==${number}`)).toEqual(inList);
      expect(await found(`school_number==${number}`, list)).toEqual(inList);
      const all = await found('school_enrollment.enroll_status==(A,I)');
      const others = await found(`school_enrollment.enroll_status==(A,I);school_number!=${number}`);
      const inSchool = await found('school_enrollment.enroll_status==(A,I)', list);
      expect([...inSchool, ...others].sort()).toEqual(all.sort());
    }
    expect(await found('local_id==204156;school_number==N1')).toEqual(['emil']);
    expect(await found('school_number==(200,N1)')).toContain('emil');
    expect(await found('school_number==N1')).toEqual(['emil', 'Zoe%']);
    expect(await found('school_enrollment.school_number==N1')).toEqual(['Zoe%']);
    expect((await at(`school/${annex}/student/${emil}`)).student.id).toBe(emil);
    expect(await found('school_number==none')).toEqual([]);
  } finally {
    await knex('enrollments').where({ section_id }).delete();
    await knex('sections').where({ id: section_id }).delete();
  }
});

test('without a filter the district has its active students, page by page', async () => {
  expect((await at('district/student/count')).resource.count).toBe(8);
  const page = async (number: number) =>
    (await at(`district/student?pagesize=5&page=${number}`)).students.student.length;
  expect([await page(1), await page(2), await page(3)]).toEqual([5, 3, 0]);
  const second = await at(`district/student?q=${q('school_number==200')}&pagesize=4&page=2`);
  expect(second.students.student.map(({ id }: { id: number }) => id)).toEqual([numbers.emil, numbers.lea]);
});

test('expansions tell more of a student, the others nothing', async () => {
  const { students } = await at(`district/student?q=local_id==204156&expansions=school_enrollment,contact_info`);
  expect(students.student).toEqual([
    {
      id: numbers.emil,
      local_id: '204156',
      student_username: 'emil',
      name: { first_name: 'emil', middle_name: '', last_name: 'O’Brien' },
      contact_info: { email: '' },
      school_enrollment: {
        enroll_status: 'A',
        enroll_status_code: 0,
        enroll_status_description: 'Active',
        grade_level: 9,
        school_id: id,
        school_number: 200,
      },
    },
  ]);
  expect((await at(`student/${numbers.max}?expansions=school_enrollment`)).student.school_enrollment).toEqual({
    enroll_status: 'A',
    enroll_status_code: 0,
    enroll_status_description: 'Active',
  });
  expect((await at(`student/${numbers.gone}?expansions=school_enrollment`)).student.school_enrollment).toMatchObject({
    enroll_status: 'I',
    enroll_status_code: 1,
    grade_level: 7,
  });
  expect(Object.keys((await at(`student/${numbers.emil}?expansions=`)).student)).toEqual([
    'id',
    'local_id',
    'student_username',
    'name',
  ]);
});

test('one student of a school, and none of another', async () => {
  const { students } = await at(`school/${id}/student?q=local_id==204156`);
  expect(await at(`school/${id}/student/${numbers.emil}`)).toEqual({ student: students.student[0] });
  for (const student of [numbers.zoe, numbers.max, school.world.people.noether, 99_999_999])
    expect((await school.get(`/ws/v1/school/${id}/student/${student}`)).status).toBe(404);
});

test('schools, sections, courses, staff and enrollments are searched by what they have', async () => {
  const names = async (path: string, of: string, one: string, field: string) =>
    (await at(path))[of][one].map((each: Record<string, unknown>) => each[field]);
  expect(await names('district/school?q=school_number==N1', 'schools', 'school', 'name')).toEqual(['Annex']);
  expect(await names(`district/school?q=${q('name==larkspur*')}`, 'schools', 'school', 'school_number')).toEqual([200]);
  expect((await at('district/school/count?q=school_number==200')).resource.count).toBe(1);
  expect(await names(`school/${id}/section?q=section_number==alg`, 'sections', 'section', 'course_name')).toEqual([
    'Algebra',
  ]);
  expect((await at(`school/${id}/section/count?q=course_name==*o*`)).resource.count).toBe(2);
  expect(await at(`school/${id}/course?q=course_number==ma*`)).toEqual({
    courses: { course: [{ id: expect.any(Number), course_number: 'MA7', course_name: 'Algebra I' }] },
  });
  expect((await at(`school/${id}/course/count?q=course_number==x`)).resource.count).toBe(0);
  const [course] = (await at(`school/${id}/course`)).courses.course;
  expect(await at(`course/${course.id}`)).toEqual({ course });
  const { noether, mendel, ada } = school.world.people;
  expect(await names(`school/${id}/staff`, 'staffs', 'staff', 'id')).toEqual([noether, mendel]);
  expect((await at(`school/${id}/staff/count?q=name.last_name==men*`)).resource.count).toBe(1);
  expect(await at(`school/${id}/staff?q=teacher_username==emmy&expansions=emails`)).toEqual({
    staffs: {
      staff: [
        {
          id: noether,
          local_id: 'emmy',
          teacher_username: 'emmy',
          name: { first_name: 'Emmy', middle_name: '', last_name: 'Noether' },
          emails: { work_email: 'emmy@example.org' },
        },
      ],
    },
  });
  expect((await at(`staff/${mendel}`)).staff).toMatchObject({ id: mendel, local_id: 'gregor' });
  expect((await school.get(`/ws/v1/staff/${ada}`)).status).toBe(404);
  const list = `section/${school.world.sections.algebra}/section_enrollment`;
  const late = await at(`${list}?q=entry_date=gt=2025-09-01`);
  expect(late.section_enrollments.section_enrollment).toMatchObject([{ student_id: school.world.people.alan }]);
  expect((await at(`${list}/count?q=student_id==${ada}`)).resource.count).toBe(1);
});

test('the terms of a school are those of its sections, and what they are a part of', async () => {
  const { knex } = school.world.database;
  const district_id = school.world.districts.larkspur;
  const term = async (sourced_id: string, type: string, begin_date: string, end_date: string, parent?: string) => {
    const row = { district_id, sourced_id, title: sourced_id, type, begin_date, end_date, school_year: '2026' };
    const [added] = await knex('terms')
      .insert({ ...row, parent_sourced_id: parent ?? null })
      .returning('id');
    return added.id;
  };
  const first = await term('S1', 'semester', '2025-08-25', '2026-01-17', 'year');
  const second = await term('S2', 'semester', '2026-01-17', '2026-06-12', 'year');
  await term('Summer', 'term', '2026-06-15', '2026-07-30');
  await knex('section_terms').insert({ district_id, section_id: school.world.sections.algebra, term_id: second });
  const { terms } = await at(`school/${id}/term`);
  expect(terms.term).toEqual([
    {
      id: expect.any(Number),
      term_number: expect.any(Number),
      school_number: 200,
      start_year: 2025,
      portion: 1,
      start_date: '2025-08-25',
      end_date: '2026-06-11',
      abbreviation: '2025-26',
      name: '2025-26',
    },
    expect.objectContaining({ id: second, portion: 2, start_date: '2026-01-17', name: 'S2' }),
  ]);
  await knex('section_terms').insert({ district_id, section_id: school.world.sections.biology, term_id: first });
  expect((await at(`school/${id}/term/count`)).resource.count).toBe(3);
  expect((await at(`school/${id}/term/count?q=portion==2;start_year==2025`)).resource.count).toBe(2);
  expect((await at(`school/${id}/term?pagesize=1&page=2`)).terms.term).toMatchObject([{ id: first }]);
});

test.each([
  ['district/student?q=student_number==1', 'q', 'there is no field "student_number"'],
  ['district/student/count?q=student_number==1', 'q', 'there is no field "student_number"'],
  ['district/student?q=school_enrollment.entry_date=gt=2017-08-01', 'q', 'there is no field'],
  ['district/student?q=local_id==', 'q', 'a value is missing'],
  ['district/student?q=local_id==1&q=local_id==2', 'q', 'must come once, not twice'],
  ['district/student?expansions=demographics,contact_info', 'expansions', '"demographics" is not known here'],
  ['district/student/count?expansions=lunch', 'expansions', '"lunch" is not known here'],
  ['district/student?pagesize=0', 'pagesize', 'a whole number from 1 to 100'],
  ['school/1/staff?expansions=addresses', 'expansions', '"addresses" is not known here'],
])('%s is refused, and names %s', async (path, field, why) => {
  const { status, body } = await school.get(`/ws/v1/${path.replace('school/1', `school/${id}`)}`);
  expect([status, body.message]).toEqual([400, 'Validation Failed']);
  expect(body.errors).toEqual([
    expect.objectContaining({ field, resource: expect.stringMatching(/^(STUDENT|STAFF)$/) }),
  ]);
  expect(body.errors[0].description).toContain(why);
});

test('a filter comes to the same in SQL and on the rows that it would be done on', async () => {
  const fields: Fields = {
    local_id: { kind: 'code' },
    student_username: { kind: 'name' },
    'name.last_name': { kind: 'name' },
    'school_enrollment.grade_level': { kind: 'integer' },
    'school_enrollment.enroll_status': { kind: 'code', choices: ['A', 'P', 'T', 'G', 'H', 'I'] },
    'school_enrollment.school_number': { kind: 'code' },
  };
  const { students } = await at(
    `district/student?q=school_enrollment.enroll_status==(A,I)&expansions=school_enrollment`,
  );
  type Student = { id: number; [field: string]: unknown };
  const textOf = (student: Student, field: string): string =>
    String(field.split('.').reduce<unknown>((of, name) => (of as Student | undefined)?.[name], student) ?? '');
  const part = fc.constantFrom('ada', 'LOVE', 'o', 'é', 'É', '*', '%', '_', '!', '7', '204156', '0042', 'van der', '’');
  const word = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  const grade = fc.integer({ min: -1, max: 13 }).map(String);
  const status = fc.constantFrom('A', 'i', 'P');
  const is = fc.constantFrom('==', '!=');
  const compared = fc.constantFrom('==', '!=', '=gt=', '=ge=', '=lt=', '=le=');
  const code = fc.constantFrom('204156', '0042', 'ada', 'zoe', '200', 'N1', '1');
  const one = fc.oneof(
    fc
      .tuple(fc.constantFrom('student_username', 'name.last_name'), is, word)
      .filter(([, , text]) => text.split('*').length <= 6),
    fc.tuple(fc.constantFrom('local_id', 'school_enrollment.school_number'), is, code),
    fc.tuple(fc.constant('school_enrollment.grade_level'), compared, grade),
    fc.tuple(fc.constant('school_enrollment.enroll_status'), is, status),
  );
  const expression = fc
    .array(fc.tuple(one, fc.constantFrom(';', ',')), { minLength: 1, maxLength: 5 })
    .map((tests) => tests.map(([each, word], index) => (index > 0 ? word : '') + each.join('')).join(''));
  await fc.assert(
    fc.asyncProperty(expression, async (text) => {
      const whole = `school_enrollment.enroll_status==(A,I);(${text})`;
      const filter = readFilter('q', whole, fields);
      const right = students.student.filter((student: Student) => passes(filter, (field) => textOf(student, field)));
      const answer = (await at(`district/student?q=${q(whole)}&expansions=school_enrollment`)).students.student;
      expect(answer).toEqual(right);
    }),
    { numRuns: runs(50) },
  );
});
