import type { Course } from '../../../schemas/schoology/courses';
import type { Enrollment } from '../../../schemas/schoology/enrollments';
import type { School } from '../../../schemas/schoology/schools';
import type { Section } from '../../../schemas/schoology/sections';
import type { Role, User } from '../../../schemas/schoology/users';
import type { Call } from '../../http/endpoint';
import type { CourseRow, EnrollmentRow, PersonRow, SchoolRow, SectionRow } from '../../roster/sql';

/*
 * The read-only resources of the roster as Schoology prints them. Every documented field is there, as "" or 0 where
 * rollbook has nothing for it: clients select columns without a check.
 */

/** Schoology's roles are a school's own; these are ours. The key is OneRoster's name of the role. */
const roles = {
  student: { id: '1', title: 'Student', faculty: 0 },
  teacher: { id: '2', title: 'Teacher', faculty: 1 },
  administrator: { id: '3', title: 'Administrator', faculty: 1 },
  aide: { id: '4', title: 'Aide', faculty: 1 },
  other: { id: '5', title: 'Other', faculty: 0 },
} as const;

const roleOf = (role: string) => (Object.hasOwn(roles, role) ? roles[role as keyof typeof roles] : roles.other);
const text = (id: number | null): string => (id === null ? '' : String(id));
const flag = (value: unknown): 0 | 1 => (value ? 1 : 0);
const self = (call: Call, path: string) => ({ self: call.link(`/v1/${path}`) });

const displayName = (person: Pick<PersonRow, 'given_name' | 'family_name' | 'preferred_name'>) =>
  [person.preferred_name || person.given_name, person.family_name].filter(Boolean).join(' ');

export const allRoles = (call: Call): Role[] =>
  Object.values(roles).map((role) => ({ ...role, role_type: 1, links: self(call, `roles/${role.id}`) }));

export const userOf = (person: PersonRow, call: Call): User => ({
  uid: String(person.id),
  id: person.id,
  school_id: text(person.school_id),
  building_id: text(person.school_id),
  school_uid: person.sourced_id ?? '',
  name_title: '',
  name_first: person.given_name,
  name_first_preferred: person.preferred_name,
  name_middle: person.middle_name,
  name_last: person.family_name,
  name_display: displayName(person),
  username: person.username,
  primary_email: person.email,
  role_id: roleOf(person.role).id,
  tz_name: person.time_zone,
  links: self(call, `users/${person.id}`),
});

export const schoolOf = (school: SchoolRow, call: Call): School => ({
  id: String(school.id),
  title: school.name,
  address1: '',
  address2: '',
  city: '',
  state: '',
  postal_code: '',
  country: '',
  website: '',
  phone: '',
  fax: '',
  building_code: school.number,
  links: self(call, `schools/${school.id}`),
});

export const courseOf = (course: CourseRow, call: Call): Course => ({
  id: course.id,
  title: course.title,
  course_code: course.course_code,
  department: '',
  description: '',
  credits: '0',
  subject_area: course.subjects,
  grade_level_range_start: 0,
  grade_level_range_end: 0,
  synced: flag(course.sourced_id),
  building_id: text(course.school_id),
  links: self(call, `courses/${course.id}`),
});

export const sectionOf = (section: SectionRow, terms: readonly number[], call: Call): Section => ({
  id: String(section.id),
  course_title: section.course_title ?? section.title,
  course_code: section.course_code ?? '',
  course_id: text(section.course_id),
  school_id: text(section.school_id),
  access_code: '',
  section_title: section.title,
  section_code: section.section_code,
  section_school_code: section.sourced_id ?? '',
  synced: section.sourced_id ? '1' : '0',
  active: flag(section.active),
  description: '',
  grading_periods: terms,
  location: section.location,
  meeting_days: [],
  start_time: '',
  end_time: '',
  weight: '0',
  options: '',
  admin: 0,
  links: self(call, `sections/${section.id}`),
});

export const enrollmentOf = (enrollment: EnrollmentRow, section: number, call: Call): Enrollment => ({
  id: String(enrollment.id),
  uid: String(enrollment.person_id),
  school_uid: enrollment.sourced_id ?? '',
  name_title: '',
  name_title_show: '0',
  name_first: enrollment.given_name,
  name_first_preferred: enrollment.preferred_name,
  name_middle: enrollment.middle_name,
  name_middle_show: '0',
  name_last: enrollment.family_name,
  name_display: displayName(enrollment),
  admin: flag(enrollment.admin),
  status: `${enrollment.status}`,
  picture_url: '',
  links: self(call, `sections/${section}/enrollments/${enrollment.id}`),
});
