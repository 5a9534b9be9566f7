import type { Api } from '../api';
import { TODAY } from './browser';

/** A student on a day, as the test wrote it. */
interface StudentDay {
  readonly school: string;
  readonly student: string;
  readonly date: string;
  readonly status: number;
}

/**
 * Two schools beside the small one, Aspen and Birch, each of six sections with 25 students who are in no other. Their
 * rolls were taken on every weekday from 2025-08-25 to yesterday, but not today.
 */
export interface SchoolYear {
  readonly office: number;
  readonly teacher: number;
  readonly schools: { aspen: number; birch: number };
  /** The sections of Aspen, Room 1 first. */
  readonly rooms: readonly { readonly id: number; readonly enrollments: readonly number[] }[];
  readonly days: readonly string[];
  readonly studentDays: readonly StudentDay[];
}

const SECTIONS = 6;
const STUDENTS = 25;
const FIRST = '2025-08-25';

export async function openSchoolYear(api: Api): Promise<SchoolYear> {
  const { knex } = api.world.database;
  const district_id = api.world.districts.larkspur;
  const days = weekdays(FIRST, TODAY);
  const studentDays: StudentDay[] = [];
  let number = 0;
  const insert = async (table: string, rows: object[]): Promise<number[]> =>
    (await knex(table).insert(rows).returning('id')).map(({ id }: { id: number }) => id);
  const person = (given_name: string, family_name: string, role: string, school_id: number | null) => ({
    ...{ district_id, school_id, role, given_name, family_name, sourced_id: `person ${++number}` },
    ...{ username: '', email: '', middle_name: '', preferred_name: '', identifier: '', grades: '05' },
  });
  const [office, teacher] = await insert('people', [
    person('Olga', 'Office', 'administrator', null),
    person('Tove', 'Teacher', 'teacher', null),
  ]);

  async function openRoom(school: { id: number; name: string }, room: number) {
    const [section_id] = await insert('sections', [
      {
        ...{ district_id, school_id: school.id, sourced_id: `${school.name} ${room}`, title: `Room ${room}` },
        ...{ section_code: `${school.name[0]}${room}`, class_type: 'homeroom', location: '', periods: String(room) },
        ...{ subjects: '', grades: '05' },
      },
    ]);
    const names = Array.from({ length: STUDENTS }, () => `Student ${String(++number).padStart(4, '0')}`);
    const people = await insert(
      'people',
      names.map((name) => person('Student', name.slice(8), 'student', school.id)),
    );
    const enrollment = (person_id: number, admin: boolean) => ({
      ...{ district_id, section_id, person_id, admin, sourced_id: `${section_id} ${person_id}` },
      ...{ begin_date: FIRST, end_date: '2026-06-12' },
    });
    await insert('enrollments', [enrollment(teacher!, true)]);
    const enrollments = await insert(
      'enrollments',
      people.map((id) => enrollment(id, false)),
    );
    const written = days.flatMap((date, day) =>
      names.map((student, index) => ({
        school: school.name,
        student,
        date,
        status: statusOf(student, index, day + room),
      })),
    );
    const attendance = written.map(({ date, status }, index) => ({
      enrollment_id: enrollments[index % STUDENTS],
      date,
      status,
    }));
    const put = await api.put(`/v1/sections/${section_id}/attendance`).send({ attendances: { attendance } });
    expect(put.body.attendance.filter(({ response_code }: { response_code: number }) => response_code !== 200)).toEqual(
      [],
    );
    studentDays.push(...written);
    return { id: section_id!, enrollments };
  }

  async function openSchool(name: string) {
    const [id] = await insert('schools', [{ district_id, sourced_id: name, name, type: 'school', number: name }]);
    const rooms = [];
    for (let room = 1; room <= SECTIONS; room++) rooms.push(await openRoom({ id: id!, name }, room));
    return { id: id!, rooms };
  }

  const aspen = await openSchool('Aspen');
  const birch = await openSchool('Birch');
  const schools = { aspen: aspen.id, birch: birch.id };
  return { office: office!, teacher: teacher!, schools, rooms: aspen.rooms, days, studentDays };
}

/** One in four misses more than the others, and one day in five is missed most. */
function statusOf(student: string, index: number, day: number): number {
  const number = Number(student.slice(8));
  if (index % 4 === 0 && (number + day * day) % 6 === 0) return 2 + 2 * (day % 2);
  if (day % 5 === 4 && number % 7 === 0) return 2;
  return (number * 7 + day * 3) % 41 === 0 ? 3 : 1;
}

function weekdays(from: string, before: string): string[] {
  const days: string[] = [];
  for (const date = new Date(`${from}T00:00:00Z`); ; date.setUTCDate(date.getUTCDate() + 1)) {
    const day = date.toISOString().slice(0, 10);
    if (day >= before) return days;
    if (date.getUTCDay() % 6 !== 0) days.push(day);
  }
}

const isAway = ({ status }: StudentDay): boolean => status === 2 || status === 4;
const said = (count: number, of: number): string => `${((count / of) * 100).toFixed(1)}%`;

/** Rows as the pages show them, of student days put together by something. */
export function ratesBy(list: readonly StudentDay[], keyOf: (day: StudentDay) => string): string[][] {
  return [...new Set(list.map(keyOf))].map((key) => {
    const own = list.filter((day) => keyOf(day) === key);
    const away = own.filter(isAway);
    const counts = [
      own.length / STUDENTS, // the rolls, each of which is taken
      own.length,
      away.length,
      away.filter(({ status }) => status === 4).length,
      0, // one roll a day: nobody is away in part of it
      own.filter(({ status }) => status === 3).length,
    ];
    return [key, said(away.length, own.length), ...counts.map((count) => count.toLocaleString('en-US'))];
  });
}

/** Who missed a tenth or more: rows of the list, those who missed most first, then in the order of the roster. */
export function chronicOf(list: readonly StudentDay[]): string[][] {
  const students = [...new Set(list.map(({ student }) => student))].map((student) => {
    const own = list.filter((day) => day.student === student);
    return { student, school: own[0]!.school, absent: own.filter(isAway).length, enrolled: own.length };
  });
  return students
    .filter(({ absent, enrolled }) => absent / enrolled >= 0.1)
    .sort((one, other) => other.absent / other.enrolled - one.absent / one.enrolled)
    .map(({ student, school, absent, enrolled }) => [
      student,
      '05',
      school,
      `${absent} of ${enrolled}`,
      '0',
      said(absent, enrolled),
    ]);
}
