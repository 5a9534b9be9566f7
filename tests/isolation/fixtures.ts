import { uuidOf } from '../../src/apis/wix/attendance';
import { hashOf } from '../../src/clients/tokens';
import { idOn, idOnNoDay } from '../../src/days';
import type { Api } from '../api';

export const DAY = '2025-10-01';
/** The epoch of the database: what is handed out to be brought back has it in it. */
export const EPOCH = '0123456789abcdef';
/** Columns of a record of minutes, of which a day can have several. */
export const TIME = { att_mode_code: 'ATT_ModeTime', total_minutes: 5 };
const YEAR = 2025;

/** An id of every kind that some endpoint takes. None is part of another text of an answer, so that echoes can be told. */
export interface Ids {
  readonly section: number;
  readonly sectionCode: string;
  readonly course: number;
  readonly school: number;
  readonly schoolNumber: string;
  readonly student: number;
  readonly personCode: string;
  readonly email: string;
  /** What another system calls the student. */
  readonly identifier: string;
  readonly teacher: number;
  /** Whom the SIS lists no longer. */
  readonly former: number;
  readonly enrollment: number;
  readonly code: number;
  readonly term: number;
  /** A part of a day that was posted. */
  readonly record: number;
  readonly meeting: number;
  readonly entry: number;
  readonly booking: string;
  readonly event: string;
  readonly attendance: string;
  readonly cursor: string;
  /** Webhooks of the owner, and those that it removes. */
  readonly webhook: number;
  readonly formerWebhook: number;
  readonly target: number;
  readonly formerTarget: number;
  readonly absence: number;
  readonly client: number;
  readonly substitution: number;
  readonly substitute: number;
  /** Where a page went on. */
  readonly place: string;
}

/** The ids that are made from a number: as long as those of everybody else. */
function idsFrom(base: number, school = base + 4): Ids {
  const [section, enrollment] = [base + 1, base + 2];
  return {
    section,
    sectionCode: `class-${base}`,
    course: base + 3,
    school,
    schoolNumber: String(school + 50),
    student: base + 5,
    personCode: `person-${base}`,
    email: `mail-${base}@example.org`,
    identifier: `sis:${base}`,
    teacher: base + 6,
    former: base + 60,
    enrollment,
    code: school + 7,
    term: school + 9,
    record: idOnNoDay(base + 8),
    meeting: idOn(section, DAY),
    entry: idOn(enrollment, DAY),
    booking: uuidOf('enrollment', { id: enrollment }),
    event: uuidOf('meeting', { id: section, date: DAY }),
    attendance: uuidOf('entry', { id: enrollment, date: DAY }),
    cursor: 'A'.repeat(200),
    webhook: base + 11,
    formerWebhook: base + 12,
    target: base + 13,
    formerTarget: base + 14,
    absence: base + 15,
    client: base + 16,
    substitution: base + 17,
    substitute: base + 61,
    place: `${DAY}.${enrollment}.${EPOCH}`,
  };
}

/** A section with a teacher, a student, a course, a roll that was taken, and what each API keeps in its extension tables. */
export interface Fixture {
  readonly district: number;
  readonly ids: Ids;
  /** In every text that is held of it, and in no id. */
  readonly name: string;
}

/** Alder and Aspen are sections of one school; Birch is another district. */
export interface Fixtures {
  readonly alder: Fixture;
  readonly aspen: Fixture;
  readonly birch: Fixture;
}

/** Ids that nothing has, between those of two districts. */
export const nowhere = idsFrom(725_000_000);

export async function createFixtures(api: Api): Promise<Fixtures> {
  const { knex, identities } = api.world.database;
  await knex('epochs').insert({
    epoch: EPOCH,
    identity: knex.raw(identities[0]!.made),
    made_at: '2025-10-01T00:00:00.000Z',
  });
  const { larkspur, elsewhere } = api.world.districts;
  const alder = { district: larkspur, ids: idsFrom(710_000_000), name: 'Alder' };
  const aspen = { district: larkspur, ids: idsFrom(720_000_000, alder.ids.school), name: 'Aspen' };
  const birch = { district: elsewhere, ids: idsFrom(730_000_000), name: 'Birch' };
  for (const fixture of [alder, birch]) await build(api, fixture);
  for (const fixture of [alder, aspen, birch]) await enroll(api, fixture);
  return {
    alder: await written(api, alder),
    aspen: await written(api, aspen),
    birch: await written(api, birch),
  };
}

async function build({ world }: Api, { district: district_id, ids, name }: Fixture): Promise<void> {
  const { knex } = world.database;
  await knex('schools').insert({
    id: ids.school,
    district_id,
    sourced_id: `school-${ids.school}`,
    name: `${name} School`,
    type: 'school',
    number: ids.schoolNumber,
  });
  await knex('terms').insert({
    id: ids.term,
    district_id,
    sourced_id: `term-${ids.term}`,
    title: `${name} Fall`,
    type: 'term',
    school_year: '2026',
    begin_date: '2025-08-18',
    end_date: '2099-12-18',
  });
  await knex('attendance_codes').insert({
    id: ids.code,
    district_id,
    school_id: ids.school,
    year: YEAR,
    code: 'A',
    description: `${name} absent`,
    status: 2,
  });
  await knex('bell_periods').insert({
    district_id,
    school_id: ids.school,
    year: YEAR,
    period: '1',
    start_time: 30_600,
    end_time: 33_300,
  });
}

async function enroll({ world }: Api, { district: district_id, ids, name }: Fixture): Promise<void> {
  const { knex } = world.database;
  const { school: school_id, section: section_id } = ids;
  const texts = { subjects: '', grades: '07' };
  await knex('courses').insert({
    id: ids.course,
    district_id,
    school_id,
    sourced_id: `course-${ids.course}`,
    title: `${name} Course`,
    course_code: name,
    ...texts,
  });
  await knex('sections').insert({
    id: section_id,
    district_id,
    school_id,
    course_id: ids.course,
    sourced_id: ids.sectionCode,
    title: `${name} Section`,
    section_code: name,
    class_type: 'homeroom',
    location: name,
    periods: '1',
    ...texts,
  });
  await knex('section_terms').insert({ district_id, section_id, term_id: ids.term });
  const person = {
    district_id,
    school_id,
    active: true,
    middle_name: '',
    preferred_name: '',
    identifier: '',
    grades: '07',
  };
  const names = { given_name: name, family_name: name, username: name };
  await knex('people').insert([
    { ...person, ...names, id: ids.student, sourced_id: ids.personCode, role: 'student', email: ids.email },
    { ...person, ...names, id: ids.teacher, sourced_id: `teacher-${ids.teacher}`, role: 'teacher', email: '' },
    { ...person, ...names, id: ids.substitute, sourced_id: `s-${ids.substitute}`, role: 'teacher', email: '' },
    { ...person, ...names, id: ids.former, sourced_id: `x-${ids.former}`, role: 'student', email: '', active: false },
  ]);
  const enrollment = { district_id, section_id, begin_date: '2025-08-25', end_date: '2099-06-12' };
  await knex('enrollments').insert([
    { ...enrollment, id: ids.enrollment, person_id: ids.student, sourced_id: `e${ids.student}`, admin: false },
    { ...enrollment, id: ids.enrollment + 90, person_id: ids.teacher, sourced_id: `e${ids.teacher}`, admin: true },
    {
      ...enrollment,
      id: ids.enrollment + 91,
      person_id: ids.former,
      sourced_id: `e${ids.former}`,
      admin: false,
      end_date: '2025-09-10',
    },
  ]);
  const local_part = ids.identifier.slice('sis:'.length);
  await knex('osdi_identifiers').insert({
    district_id,
    person_id: ids.student,
    identifier: ids.identifier,
    local_part,
  });
}

/** Takes the roll by PowerSchool, says more of it by OSDI and Wix, and gets a cursor of a next page. */
async function written(api: Api, fixture: Fixture): Promise<Fixture> {
  const { ids, name, district } = fixture;
  const client = await api.as({ district, person: ids.teacher });
  const { body: posted } = await client.post('/ws/attendance/daily_time').send(dailyOf(ids, `${name} comment`, TIME));
  expect(posted.insert_count).toBe(1);
  const id = (ids.record - 99_999) / 100_000;
  await api.world.database.knex('powerschool_attendance').where({ enrollment_id: ids.enrollment }).update({ id });
  for (const date of ['2025-10-02', '2025-10-03'])
    await api.world.ledger.record(
      [{ enrollment: ids.enrollment, date, status: 3, comment: name }],
      {
        district,
        api: 'test',
        client: null,
        person: null,
      },
      { roll: 'always' },
    );
  const { knex } = api.world.database;
  const days = { from_date: DAY, to_date: DAY, students: 1, classes: 1, created_at: '2025-10-01T00:00:00.000Z' };
  await knex('absences').insert({ id: ids.absence, district_id: district, ...days });
  await knex('absence_students').insert({ district_id: district, absence_id: ids.absence, person_id: ids.student });
  await knex('absence_marks').insert({
    ...{ district_id: district, absence_id: ids.absence, section_id: ids.section, enrollment_id: ids.enrollment },
    ...{ date: DAY, from_comment: '', to_status: 4, to_comment: name },
  });
  await knex('substitutions').insert({
    ...{ id: ids.substitution, district_id: district, section_id: ids.section, person_id: ids.substitute, api: 'test' },
    ...{ begin_date: '2098-05-04', end_date: '2098-05-05', created_at: '2025-10-01T00:00:00.000Z' },
  });
  await knex('api_clients').insert({
    ...{
      id: ids.client,
      district_id: district,
      name: `${name} program`,
      key: `key of ${name}`,
      secret: 'never opened',
    },
    ...{ scopes: 'access', created_at: '2025-10-01T00:00:00.000Z' },
  });
  await knex('roll_reminders').insert({
    ...{ district_id: district, section_id: ids.section, date: DAY, person_id: ids.teacher },
    ...{ at: '2025-10-01T12:00:00.000Z', api: 'rollbook' },
  });
  const filter = { bookingId: ids.booking };
  const { body } = await client
    .post('/bookings/v2/attendance/query')
    .send({ query: { filter, cursorPaging: { limit: 1 } } });
  return { ...fixture, ids: { ...ids, cursor: body.pagingMetadata.cursors.next } };
}

/** Puts a fixture into a school of its own: it is of the same district, and nothing of it is of the school in which it was. */
export async function moveToSchool({ world }: Api, fixture: Fixture, school: number): Promise<Fixture> {
  const { knex } = world.database;
  const { district: district_id, name } = fixture;
  const ids = { ...fixture.ids, school, schoolNumber: String(school + 50), code: school + 7 };
  await knex('schools').insert({
    ...{ id: school, district_id, sourced_id: `school-${school}`, name: 'Another School', type: 'school' },
    number: ids.schoolNumber,
  });
  const code = { district_id, school_id: school, year: YEAR, code: 'A', description: 'absent', status: 2 };
  await knex('attendance_codes').insert({ id: ids.code, ...code });
  await knex('sections').where({ district_id, id: ids.section }).update({ school_id: school });
  await knex('courses').where({ district_id, id: ids.course }).update({ school_id: school });
  for (const id of [ids.student, ids.teacher, ids.substitute, ids.former])
    await knex('people').where({ district_id, id }).update({ school_id: school });
  return { ...fixture, ids, name };
}

/** Gives a client the webhooks of a fixture. */
export async function giveWebhooks({ world }: Api, { district: district_id, ids, name }: Fixture, token: string) {
  const { knex } = world.database;
  const [held] = await knex('api_tokens').where({ hash: hashOf(token) });
  const targets = [
    [ids.webhook, 'rollbook'],
    [ids.formerWebhook, 'rollbook'],
    [ids.target, 'schoology'],
    [ids.formerTarget, 'schoology'],
  ].map(([id, api]) => ({
    id,
    district_id,
    client_id: held.client_id,
    api,
    url: `https://${name.toLowerCase()}.example.org/`,
    description: name,
    section_id: ids.section,
    secret: 'never opened',
    created_at: '2025-10-01T00:00:00.000Z',
    after_transaction: '0',
    after_id: 0,
    epoch: EPOCH,
  }));
  await knex('webhook_targets').insert(targets);
}

/** A post of one day to PowerSchool. */
export const dailyOf = (ids: Ids, comment = '', columns: object = {}) => ({
  name: 'ATTENDANCE',
  record: [
    {
      tables: {
        attendance: {
          att_mode_code: 'ATT_ModeDaily',
          att_date: DAY,
          schoolid: ids.schoolNumber,
          yearid: String(YEAR - 1990),
          studentid: String(ids.student),
          attendance_codeid: String(ids.code),
          att_comment: comment,
          ...columns,
        },
      },
    },
  ],
});

/** All that is held of a district, or of one section of it. */
export async function everythingOf({ world }: Api, { district, ids }: Fixture, whole = true): Promise<object> {
  const { knex } = world.database;
  const ofSection = { section_id: ids.section };
  const ofEntry = { enrollment_id: ids.enrollment };
  const held: [table: string, where: object, order: string[]][] = [
    ['marks', ofSection, ['enrollment_id', 'date']],
    ['meetings', ofSection, ['section_id', 'date']],
    ['journal', ofSection, ['id']],
    ['powerschool_attendance', ofSection, ['id']],
    ['osdi_attendances', ofEntry, ['enrollment_id', 'date']],
    ['wix_attendances', ofEntry, ['enrollment_id', 'date']],
    ['enrollments', ofSection, ['id']],
    ['sections', { id: ids.section }, ['id']],
    ['people', { id: ids.student }, ['id']],
    ['osdi_identifiers', { person_id: ids.student }, ['identifier']],
    ['attendance_codes', { school_id: ids.school }, ['id']],
    ['bell_periods', { school_id: ids.school }, ['school_id', 'period']],
    ['schools', { id: ids.school }, ['id']],
    ['courses', { id: ids.course }, ['id']],
    ['webhook_targets', ofSection, ['id']],
    ['sign_ins', { person_id: ids.teacher }, ['person_id']],
    ['office_roles', { person_id: ids.teacher }, ['person_id']],
    ['access_changes', { person_id: ids.teacher }, ['id']],
    ['substitutions', ofSection, ['id']],
    ['setting_changes', { school_id: ids.school }, ['id']],
    ['absence_marks', ofSection, ['absence_id', 'date']],
    ['roll_reminders', ofSection, ['id']],
    ['absence_students', { person_id: ids.student }, ['absence_id']],
    ['lti_contexts', ofSection, ['deployment_id', 'context']],
    ['lti_courses', ofSection, ['id']],
    ['schoology_subscriptions', { target_id: ids.target }, ['target_id']],
  ];
  const rows: Record<string, unknown> = {};
  for (const [table, where, order] of held)
    rows[table] = await knex(table)
      .where({ district_id: district, ...(whole ? {} : where) })
      .orderBy(order);
  return rows;
}

/** Changes whatever a section holds, but none of its ids. */
export async function changeAll({ world }: Api, { district, ids }: Fixture): Promise<void> {
  const { knex } = world.database;
  const actor = { district, api: 'test', client: null, person: null };
  const { enrollment } = ids;
  await world.ledger.record(
    [DAY, '2025-10-02', '2025-10-06'].map((date) => ({ enrollment, date, status: 4, comment: 'changed' })),
    actor,
    { roll: 'always' },
  );
  await knex('powerschool_attendance').where({ enrollment_id: enrollment }).delete();
  const row = { district_id: district, section_id: ids.section, admin: false, begin_date: DAY, end_date: '2099-01-01' };
  const { id: _id, ...student } = await knex('people').where({ id: ids.student }).first();
  const [another] = await knex('people')
    .insert({ ...student, sourced_id: `${student.sourced_id}-other`, email: '' })
    .returning('id');
  await knex('enrollments').insert({ ...row, person_id: another.id });
  await knex('enrollments').where({ id: enrollment }).update({ begin_date: '2025-09-15', end_date: '2025-09-30' });
  await knex('sections').where({ id: ids.section }).update({ title: 'changed', class_type: 'scheduled', periods: '2' });
  await knex('people').where({ id: ids.student }).update({ given_name: 'changed', email: 'changed@example.org' });
  await knex('osdi_identifiers').where({ person_id: ids.student }).delete();
}
