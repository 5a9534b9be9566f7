import { readFileSync } from 'node:fs';
import { idOn } from '../../src/days';
import { BASE } from '../apis/osdi/osdi';
import { openSchool, type School } from '../apis/powerschool/school';
import { booking, event } from '../apis/wix/school';

/** Stands in everything that identifies Ada, and in everything that is said of her. */
export const TRACE = 'Quartz';
export const DAY = '2025-10-01';
export const NEXT = '2025-10-02';

const ok = <Answer extends { status: number; text: string }>(answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer;
};

/** The small school, in which Ada has left traces through all four APIs; Eve, elsewhere, has the same email. */
export async function openTraces(): Promise<School> {
  const school = await openSchool();
  const { people, enrollments, sections, districts, database } = school.world;
  const names = ['username', 'given_name', 'middle_name', 'family_name', 'preferred_name', 'identifier', 'sourced_id'];
  const identity = Object.fromEntries(names.map((name) => [name, `${TRACE}-${name}`]));
  await database
    .knex('people')
    .where({ id: people.ada })
    .update({ ...identity, email: `${TRACE}@example.org` });
  await database
    .knex('people')
    .where({ id: people.eve })
    .update({ email: `${TRACE}@example.org` });
  await database
    .knex('enrollments')
    .where({ id: enrollments.ada })
    .update({ sourced_id: `${TRACE}-enrollment` });

  const put = (date: string, status: number, comment: string, enrollment = enrollments.ada) =>
    school
      .put(`/v1/sections/${sections.algebra}/attendance`)
      .send({ attendances: { attendance: { enrollment_id: enrollment, date, status, comment } } })
      .then(ok);
  await put(DAY, 2, `${TRACE} is ill`);
  await put(DAY, 4, `${TRACE} has a note`);
  await put(NEXT, 1, `${TRACE} came after all`);
  await put(NEXT, 3, 'the bus', enrollments.grace);
  ok(await school.send('batch_daily_time', school.record({ att_comment: `${TRACE} at home` })));
  ok(
    await osdiCall(school, 'post', `/events/${idOn(sections.algebra, NEXT)}/record_attendance_helper`, {
      person: { identifiers: [`system:${TRACE}`], email_addresses: [{ address: `${TRACE}@example.org` }] },
      identifiers: [`signup:${TRACE}`],
      origin_system: `${TRACE} signs up`,
      action_date: '2025-09-18T11:02:15Z',
      status: 'tentative',
      comment: `${TRACE} looks forward`,
      _links: { 'osdi:invited_by': { href: `https://example.org/${TRACE}` } },
    }),
  );
  const set = {
    bookingId: booking(enrollments.ada),
    eventId: event(sections.algebra, NEXT),
    status: 'ATTENDED',
    numberOfAttendees: 3,
  };
  ok(await school.post('/bookings/v2/attendance/set').send({ attendance: set }));
  await school.clients.create({
    district: districts.larkspur,
    name: `${TRACE}'s app`,
    scopes: ['attendance:read'],
    person: people.ada,
  });
  return school;
}

export const osdiCall = (school: School, verb: 'get' | 'post', path: string, body?: object) =>
  school[verb](BASE + path)
    .unset('Authorization')
    .set('OSDI-API-Token', school.token)
    .send(body);

/** What the four APIs answer of the school, by what was asked. */
export async function answers(school: School): Promise<Record<string, unknown>> {
  const { sections, people } = school.world;
  const { algebra } = sections;
  const { ada } = people;
  const asked: Record<string, () => PromiseLike<{ status: number; text: string; body: unknown }>> = {};
  const [{ id }] = await school.world.database.knex('schools').select('id');
  for (const path of [
    `/v1/sections/${algebra}/attendance?taken=1`,
    `/v1/sections/${school.homeroom}/attendance?taken=1`,
    `/v1/sections/${algebra}/enrollments`,
    '/v1/users',
    `/v1/users/${ada}`,
    `/ws/v1/school/${id}/student`,
    `/ws/v1/student/${ada}`,
  ])
    asked[path] = () => school.get(path);
  for (const path of [
    '/people',
    `/people/${ada}`,
    `/people/${ada}/attendances`,
    '/events',
    `/events/${idOn(algebra, DAY)}/attendances`,
    `/people/${ada}/attendances?filter=comment ne ''`,
  ])
    asked[path] = () => osdiCall(school, 'get', path);
  for (const [query, sent] of Object.entries({
    student_attendance_detail: { students_dcid: [ada] },
    daily_attendance_template: { studentid: ada, att_date: DAY },
  }))
    asked[query] = () => school.post(`/ws/schema/query/com.pearson.core.attendance.${query}`).send(sent);
  for (const part of ['query', 'count']) asked[part] = () => school.post(`/bookings/v2/attendance/${part}`).send({});
  const answered: Record<string, unknown> = {};
  for (const [name, ask] of Object.entries(asked)) answered[name] = ok(await ask()).body;
  return answered;
}

/**
 * Where in an answer there is a number, a status or a day, and which: all of it but who it is (and
 * whether a SIS knows them), and what was said.
 * @param at the path that it was asked for by
 */
export function countsIn(value: unknown, at: string): unknown[] {
  if (/name|email|identifiers|comment|school_uid|synced|local_id|people\/\d+\/modified_date/.test(at)) return [];
  if (value && typeof value === 'object')
    return Object.entries(value).flatMap(([name, inner]) => countsIn(inner, `${at}/${name}`));
  return typeof value !== 'string' || /status|date|count|code|total|id$/.test(at) ? [[at, value]] : [];
}

/** Whether the text is anywhere in the database: in its files, or in what its tables say where those are a server's. */
export async function isStored({ world }: School, text: string): Promise<boolean> {
  const { file, knex } = world.database;
  if (file) return [file, `${file}-wal`].some((name) => readFileSync(name).includes(text));
  const { rows } = await knex.raw("select tablename from pg_tables where schemaname = 'public'");
  for (const { tablename } of rows) {
    const found = await knex.raw(`select 1 from "${tablename}" as held where cast(held as text) like ? limit 1`, [
      `%${text}%`,
    ]);
    if (found.rows.length > 0) return true;
  }
  return false;
}
