import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidOf } from '../../src/apis/wix/attendance';
import { idOn } from '../../src/days';
import type { Status } from '../../src/ledger/attendance';
import { openCodes } from '../../src/ledger/codes';
import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import type { Api } from '../api';
import { HOMEROOM, type Model } from './model';

/** The day on which the roster is imported, until it is later. */
const TODAY = '2025-10-07';
export const students = ['ann', 'ben', 'cem', 'dea'];
const numbers: Readonly<Record<string, string>> = { s1: '201', s2: '202' };

let districts = 0;

/** A district of its own, which the model is imported into and whose rolls are taken through every API. */
export async function openDistrict(base: Api, model: Model) {
  const { database } = base.world;
  let day = TODAY;
  const { knex } = database;
  const [{ id: district }] = await knex('districts')
    .insert({ name: `District ${++districts}`, time_zone: 'America/Chicago', created_at: '2025-08-01T00:00:00.000Z' })
    .returning('id');
  const api = await base.as({ district });
  const idOf = async (table: string, sourced_id: string): Promise<number> =>
    (await knex(table).where({ district_id: district, sourced_id }).first()).id;

  const writers: Record<string, (id: string, date: string, status: Status) => Promise<Status>> = {
    async schoology(id, date, status) {
      const { section, enrollment } = await idsOf(id);
      const attendance = [{ enrollment_id: enrollment, date, status }];
      await api.put(`/v1/sections/${section}/attendance`).send({ attendances: { attendance } });
      return status;
    },
    async single(id, date, status) {
      const { section, enrollment } = await idsOf(id);
      const attendance = [{ enrollment_id: enrollment, date, status }];
      await api.put(`/v1/sections/${section}/attendance?taken=0`).send({ attendances: { attendance } });
      return status;
    },
    async osdi(id, date, status) {
      const { section, enrollment } = await idsOf(id);
      const osdi = (verb: 'post' | 'put', path: string) =>
        api[verb](`/osdi/api/v1${path}`).set('OSDI-API-Token', api.token);
      await osdi('post', '/events').send({ identifiers: [`rollbook:section:${section}`], all_day_date: date });
      await osdi('put', `/events/${idOn(section, date)}/attendances/${idOn(enrollment, date)}`).send({
        status: ['present', 'absent', 'late', 'excused'][status - 1],
      });
      return status;
    },
    async wix(id, date, status) {
      const { section, enrollment } = await idsOf(id);
      const ids = {
        bookingId: uuidOf('enrollment', { id: enrollment }),
        eventId: uuidOf('meeting', { id: section, date }),
      };
      const there = status === 1 || status === 3;
      const said = { ...ids, status: there ? 'ATTENDED' : 'NOT_ATTENDED' };
      await api
        .post('/bookings/v2/attendance/set')
        .send({ attendance: { id: uuidOf('entry', { id: enrollment, date }), ...said } });
      const [least, most]: Status[] = there ? [1, 3] : [2, 4];
      return model.known(id, date) === most ? most! : least!;
    },
    async powerschool(id, date, status) {
      const { section, student } = model.enrollments.get(id)!;
      const school = model.schools.get(section)!;
      if (school === '') return writers.single!(id, date, status);
      const yearid = 35; // the only session has all of the days, those of June 2025 too
      const codes = await openCodes(database).of(district, await idOf('schools', school), 1990 + yearid);
      const attendance = {
        att_mode_code: 'ATT_ModeMeeting',
        att_date: date,
        schoolid: numbers[school],
        yearid: String(yearid),
        studentid: await idOf('people', student),
        ccid: (await idsOf(id)).enrollment,
        attendance_codeid: codes.find(({ code }) => code === ['P', 'A', 'T', 'E'][status - 1])!.id,
        start_time: 30_600,
        end_time: 33_300,
      };
      const { body } = await api.post('/ws/attendance/meeting_interval').send({ record: [{ tables: { attendance } }] });
      expect(body.result[0].status).toBe('SUCCESS');
      return status;
    },
  };

  const idsOf = async (id: string) => ({
    enrollment: await idOf('enrollments', id),
    section: await idOf('sections', model.enrollments.get(id)!.section),
  });

  return {
    api,
    idOf,
    apis: Object.keys(writers),

    /** Writes a status through an API, and tells the model what it comes to. */
    async write(by: string, id: string, date: string, status: Status): Promise<void> {
      if (!model.isOn(id, date)) return;
      model.write(id, date, await writers[by]!(id, date, status), by === 'schoology');
      if (by !== 'powerschool' || model.isTaken(id, date)) return;
      // Whether a status that is repeated with another code is news is the ledger's to know.
      const { section } = model.enrollments.get(id)!;
      const { body } = await api.get(`/rolls/${await idOf('sections', section)}/${date}`).expect(200);
      if (body.taken_at) model.take(section, date);
    },

    async take(section: string, date: string): Promise<void> {
      const path = `/rolls/${await idOf('sections', section)}/${date}`;
      const before = model.taken.size;
      model.take(section, date);
      const { status } = await api.patch(path).send({ taken: true });
      expect(status === 200 || model.taken.size === before).toBe(true);
    },

    /** Which presences had been said of single students is the ledger's to know. */
    async untake(section: string, date: string): Promise<void> {
      const path = `/rolls/${await idOf('sections', section)}/${date}`;
      if (!model.taken.delete(`${section} ${date}`)) return;
      const { body } = await api.patch(path).send({ taken: false }).expect(200);
      for (const [id, enrollment] of model.enrollments) {
        if (enrollment.section !== section) continue;
        const { enrollment: enrollment_id } = await idsOf(id);
        const said = body.statuses.find((each: { enrollment_id: number }) => each.enrollment_id === enrollment_id);
        if (said?.status === 1) model.told.add(`${id} ${date}`);
      }
    },

    async setUntaken(school: string, untaken: 'unknown' | 'present'): Promise<void> {
      await api
        .patch(`/schools/${await idOf('schools', school)}`)
        .send({ untaken })
        .expect(200);
      if (untaken === 'present') model.assuming.add(school);
      else model.assuming.delete(school);
    },

    /** From now on the roster is imported on this day. */
    later(date: string): void {
      day = date;
    },

    async import(): Promise<void> {
      const folder = mkdtempSync(join(tmpdir(), 'rollbook-reports-'));
      for (const [file, text] of Object.entries(filesOf(model))) writeFileSync(join(folder, file), text);
      const report = await importOneRoster(database, district, await openOneRoster(folder), { today: day });
      rmSync(folder, { recursive: true });
      expect(report.refused).toEqual([]);
      model.import(day);
    },

    async setDay(school: string, date: string, school_day: boolean): Promise<void> {
      const path = `/calendars/${await idOf('schools', school)}`;
      expect((await api.put(path).send({ days: [{ date, school_day, reason: 'said so' }] })).status).toBe(200);
      model.calendar.set(`${school} ${date}`, school_day);
    },
  };
}

export type District = Awaited<ReturnType<typeof openDistrict>>;

function filesOf({ schools, enrollments }: Model): Record<string, string> {
  const lines = (header: string, rows: string[]) => `${[header, ...rows].join('\n')}\n`;
  const listed = [...enrollments].filter(([, enrollment]) => enrollment.listed);
  return {
    'manifest.csv': 'propertyName,value\noneroster.version,1.1\n',
    'orgs.csv': lines(
      'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
      Object.entries(numbers).map(([id, number]) => `${id},,,School ${id},school,${number},`),
    ),
    'academicSessions.csv': lines(
      'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
      ['t,,,Year,semester,2025-06-01,2026-06-12,,2026'],
    ),
    'classes.csv': lines(
      'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
      [...schools].map(
        ([id, school]) =>
          `${id},,,Class ${id},07,,${id},${id === HOMEROOM ? 'homeroom' : 'scheduled'},,${school},t,,,1`,
      ),
    ),
    'users.csv': lines(
      'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
      students.map((id) => `${id},,,true,s1,student,${id},,${id},Test,,,,,,,07,`),
    ),
    'enrollments.csv': lines(
      'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
      listed.map(
        ([id, { section, student, begin, end }]) => `${id},,,${section},s1,${student},student,false,${begin},${end}`,
      ),
    ),
  };
}
