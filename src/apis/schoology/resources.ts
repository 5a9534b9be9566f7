import type { Course } from '../../../schemas/schoology/courses';
import type { Enrollment } from '../../../schemas/schoology/enrollments';
import type { GradingPeriod, SectionGradingPeriod } from '../../../schemas/schoology/grading-periods';
import type { School } from '../../../schemas/schoology/schools';
import type { Section } from '../../../schemas/schoology/sections';
import type { InactiveUser, Role, User } from '../../../schemas/schoology/users';
import { hoursFromUtc } from '../../days';
import type { Call } from '../../http/endpoint';
import type { CourseRow, EnrollmentRow, PersonRow, SchoolRow, SectionRow, TermRow } from '../../roster/sql';

/*
 * The read-only resources of the roster as Schoology prints them. Every documented field is there, as "", 0 or null where
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

/** What the roster calls the role with an id of ours; undefined where it is none. */
export const roleWithId = (id: string): string | undefined =>
  Object.entries(roles).find(([, role]) => role.id === id)?.[0];

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
  school_id: person.school_id ?? 0,
  synced: flag(person.sourced_id),
  building_id: person.school_id ?? 0,
  additional_buildings: '',
  school_uid: person.sourced_id ?? '',
  name_title: '',
  name_title_show: 0,
  name_first: person.given_name,
  name_first_preferred: person.preferred_name,
  name_middle: person.middle_name,
  name_middle_show: 0,
  name_last: person.family_name,
  name_display: displayName(person),
  username: person.username,
  primary_email: person.email,
  picture_url: '',
  profile_url: '',
  gender: null,
  position: null,
  grad_year: '',
  password: '',
  role_id: Number(roleOf(person.role).id) as User['role_id'],
  tz_offset: hoursFromUtc(person.time_zone),
  tz_name: person.time_zone,
  parents: null,
  child_uids: null,
  send_message: 0,
  links: self(call, `users/${person.id}`),
});

export const inactiveUserOf = (person: PersonRow, call: Call): InactiveUser => ({
  uid: person.id,
  name: displayName(person),
  school_uid: person.sourced_id ?? '',
  synced: flag(person.sourced_id),
  inactive_timestamp: 0,
  modified_by_uid: 0,
  links: self(call, `users/inactive/${person.id}`),
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
  picture_url: '',
  links: self(call, `schools/${school.id}`),
});

/** Schoology's subject areas by what the names of subjects have in them; the first that fits. 0 is another one. */
const subjectAreas: readonly (readonly [area: number, names: RegExp])[] = [
  [7, /special ed/i],
  [4, /professional dev/i],
  [1, /health|physical ed|\bp\.?e\b/i],
  [8, /technolog|comput|engineering|informatics|robotics|coding/i],
  [6, /social|histor|geograph|civics|government|economics|psycholog/i],
  [3, /math|algebra|geometry|calculus|statistic|trigonometry|arithmetic/i],
  [5, /scien|biolog|chemi|physics|astronom|ecolog/i],
  [2, /language arts|\bela\b|english|reading|writing|literature|literacy|journalism/i],
  [9, /\barts?\b|music|theat|drama|danc|band|choir|chorus|orchestra|painting|ceramics|photograph/i],
];

/** Of the subjects of the SIS, separated by commas, the first that is one of them. */
function subjectArea(subjects: string): number {
  for (const subject of subjects.split(',')) {
    const found = subjectAreas.find(([, names]) => names.test(subject));
    if (found) return found[0];
  }
  return 0;
}

/** Schoology's number of a grade as the SIS says it, by its code of CEDS (OneRoster 1.1, 3.12.1) or otherwise. */
function gradeLevel(grade: string): number {
  const code = grade.trim().toUpperCase();
  if (/^(IT|PR|PK|TK|PRE-?K)$/.test(code)) return 1;
  if (/^(KG|K)$/.test(code)) return 2;
  const number = /^\d{1,2}$/.test(code) ? Number(code) : 0;
  if (number >= 1 && number <= 12) return number + 2;
  return number === 13 || code === 'PS' ? 15 : 0;
}

/** "The lowest (or only) grade level", and the highest, which "must be greater". */
function gradeLevels(grades: string) {
  const levels = grades
    .split(',')
    .map(gradeLevel)
    .filter((level) => level > 0);
  const [lowest, highest] = levels.length > 0 ? [Math.min(...levels), Math.max(...levels)] : [0, 0];
  return { grade_level_range_start: lowest, grade_level_range_end: highest > lowest ? highest : 0 };
}

export const courseOf = (course: CourseRow, call: Call): Course => ({
  id: course.id,
  title: course.title,
  course_code: course.course_code,
  department: '',
  description: '',
  credits: 0,
  subject_area: subjectArea(course.subjects),
  ...gradeLevels(course.grades),
  synced: flag(course.sourced_id),
  building_id: text(course.school_id),
  links: self(call, `courses/${course.id}`),
});

const noOptions = {
  weighted_grading_categories: '0',
  upload_documents: '0',
  create_discussion: '0',
  member_post: '0',
  member_post_comment: '0',
  content_index_visibility: {
    topics: 0,
    assignments: 0,
    assessments: 0,
    documents: 0,
    discussion: 0,
    album: 0,
    pages: 0,
  },
} as const;

/** @param today in the district's time zone */
export function sectionOf(section: SectionRow, terms: readonly TermRow[], today: string, call: Call): Section {
  const { grade_level_range_start: lowest, grade_level_range_end: highest } = gradeLevels(
    section.grades || (section.course_grades ?? ''),
  );
  const isPast = section.over_on !== null && section.over_on <= today;
  return {
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
    active: flag(section.active && !isPast),
    description: '',
    subject_area: String(subjectArea(section.subjects || (section.course_subjects ?? ''))),
    grade_level_range_start: String(lowest),
    grade_level_range_end: String(highest),
    grading_periods: terms.map(({ id }) => id),
    profile_url: '',
    location: section.location,
    meeting_days: [''],
    start_time: '',
    end_time: '',
    weight: '0',
    options: noOptions,
    admin: flag(section.teaches),
    links: self(call, `sections/${section.id}`),
  };
}

/** @param today in the district's time zone */
export const gradingPeriodOf = (term: TermRow, today: string, call: Call): GradingPeriod => ({
  id: term.id,
  title: term.title,
  start: term.begin_date,
  end: term.end_date,
  active: term.begin_date <= today && today < term.end_date ? '1' : '0',
  links: self(call, `gradingperiods/${term.id}`),
});

/** Weights are equal shares of 100, in whole numbers: of three 34, 33 and 33. */
export const sectionGradingPeriodsOf = (terms: readonly TermRow[]): SectionGradingPeriod[] =>
  terms.map(({ id, title, begin_date, end_date }, index) => ({
    id,
    title,
    weight: Math.floor(100 / terms.length) + flag(index < 100 % terms.length),
    start: `${begin_date} 00:00:00`,
    end: `${end_date} 00:00:00`,
  }));

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
