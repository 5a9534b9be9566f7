import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Client } from 'pg';
import { migrationNames } from '../../db/migrations';
import { uuidOf } from '../../src/apis/wix/attendance';
import { invariantsOf } from '../../src/cli/check';
import { findingsOf } from '../../src/database/invariants';
import { makeReady } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { idOn } from '../../src/days';
import { SECRET } from '../cli/many';
import { type RunningServer, startServer } from '../cli/process';
import { openTestDatabase, type TestDatabase } from '../world';

/**
 * Databases that older commits made, by their own commands and APIs: an import of a school with the sections Algebra
 * (Ada is enrollment 1, Grace 2) and a homeroom, a client with a token, a roll, a part of a day (PowerSchool), an answer
 * to an invitation (OSDI) and a number of attendees (Wix), as far as the commit had these. Migrations were edited after
 * the first, the second and the fourth.
 */
jest.setTimeout(60_000);

const engine = process.env.ENGINE!;
const folder = join(__dirname, 'old');
const commits = readdirSync(folder).flatMap((file) => /^(\w+)\.sqlite\.sql$/.exec(file)?.[1] ?? []);
let opened: TestDatabase;
let server: RunningServer | undefined;
beforeEach(async () => {
  server = undefined;
  opened = await openTestDatabase();
});
afterEach(async () => {
  await server?.stop('SIGTERM');
  await opened.close();
});

/** Puts the dump in the place of the empty database; gives the token of its client. */
async function load(commit: string): Promise<string> {
  const dump = readFileSync(join(folder, `${commit}.${engine}.sql`), 'utf8');
  if (engine === 'postgres') {
    const client = new Client(opened.url);
    await client.connect();
    await client.query('drop schema public cascade');
    await client.query(`create schema public; ${dump}`);
    await client.end();
  } else {
    const connection = new BetterSqlite3(opened.database.file!);
    connection.pragma('foreign_keys = off');
    const tables = connection.prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'",
    );
    for (const name of tables.pluck().all()) connection.exec(`drop table ${name}`);
    connection.exec('delete from sqlite_sequence');
    connection.exec(dump);
    connection.close();
  }
  return /^-- token: (\S+)/.exec(dump)![1]!;
}

const [DAY, PART, ANNOUNCED, NEW] = ['2025-10-07', '2025-10-09', '2025-10-10', '2025-10-14'];
const mark = { enrollment_id: 1, date: NEW, status: 2, comment: 'Flu' };
const set = {
  bookingId: uuidOf('enrollment', { id: 1 }),
  eventId: uuidOf('meeting', { id: 1, date: DAY }),
  status: 'NOT_ATTENDED',
  numberOfAttendees: 3,
};
const people = '/ws/schema/query/com.pearson.core.attendance.student_attendance_detail';

/** Each API, asked to read and to write; the answers that are not 200, and what it answered of the old database. */
async function ask(url: string, token: string, codeId: number, isAnnounced: boolean) {
  const call = async (method: string, path: string, body?: object, status = 200) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(path.startsWith('/osdi') ? { 'OSDI-API-Token': token } : { Authorization: `Bearer ${token}` }),
        'Content-Type': 'application/json',
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect([method, path, answer.status, text]).toEqual([method, path, status, expect.any(String)]);
    return JSON.parse(text);
  };
  const record = {
    att_mode_code: 'ATT_ModeMeeting',
    att_date: NEW,
    schoolid: '200',
    yearid: '35',
    studentid: 2,
    ccid: 2,
    attendance_codeid: codeId,
    start_time: 30_600,
    end_time: 33_300,
  };
  const osdi = `/osdi/api/v1/events/${idOn(1, ANNOUNCED!)}/attendances/${idOn(2, ANNOUNCED!)}`;
  const event = { identifiers: ['rollbook:section:1'], all_day_date: ANNOUNCED };
  await call('POST', '/osdi/api/v1/events', event, isAnnounced ? 200 : 201);
  const told = {
    schoology: await call('GET', '/v1/sections/1/attendance'),
    powerschool: await call('POST', people, { students_dcid: [1] }),
    osdi: await call('GET', osdi),
    wix: await call('POST', '/bookings/v2/attendance/query', { query: { filter: { bookingId: set.bookingId } } }),
    absence: await call('GET', '/reports/absence?by=day&from=2025-10-01&to=2025-10-31'),
  };
  await call('GET', '/v1/users');
  await call('GET', '/v1/sections/1/enrollments');
  await call('GET', '/osdi/api/v1/people');
  await call('GET', '/osdi/api/v1/events');
  await call('GET', '/reports/students/1?from=2025-10-01&to=2025-10-31');
  await call('GET', '/reports/sections/1/month?month=2025-10');
  await call('GET', '/reports/chronic?from=2025-10-01&to=2025-10-31');
  await call('PUT', '/v1/sections/1/attendance', { attendances: { attendance: [mark] } });
  const posted = await call('POST', '/ws/attendance/meeting_interval', {
    record: [{ tables: { attendance: record } }],
  });
  expect(posted.result[0].status).toBe('SUCCESS');
  await call('PUT', osdi, { status: 'tentative' });
  await call('POST', '/bookings/v2/attendance/set', { attendance: set });
  return told;
}

test('there are dumps of at least three commits', () => expect(commits.length).toBeGreaterThanOrEqual(3));

test.each(commits)('a database of commit %s is brought up to date, and every API answers on it', async (commit) => {
  const token = await load(commit);
  const before = openDatabase(opened.url);
  const done: string[] = await before.knex('knex_migrations').pluck('name');
  const now = new Date().toISOString();
  await makeReady(before, { migrate: true });
  // Of meetings the journal tells when they were changed, of people nothing does: not after now.
  const changed = await before.knex('meetings').whereNotNull('changed_at').pluck('changed_at');
  expect(changed.length).toBeGreaterThan(0);
  expect(await before.knex('journal').pluck('at')).toEqual(expect.arrayContaining(changed));
  for (const at of await before.knex('people').pluck('modified_at')) expect(at >= now).toBe(true);
  expect(await before.knex('knex_migrations').pluck('name')).toEqual(expect.arrayContaining([...migrationNames]));
  const { id: code } = await before.knex('attendance_codes').where({ code: 'A' }).first();
  await before.close();
  server = await startServer({ DATABASE_URL: opened.url, ROLLBOOK_SECRET_KEY: SECRET });
  const isAnnounced = done.includes('0006_osdi_attendances');
  const told = await ask(server.url, token, code, isAnnounced);

  expect(told.schoology.date.map(({ date }: { date: string }) => date)).toEqual([DAY, '2025-10-08', PART]);
  expect(
    told.powerschool.record.map(({ tables }: { tables: { attendance: object } }) => tables.attendance),
  ).toContainEqual(expect.objectContaining({ att_date: PART, att_comment: 'No show' }));
  if (isAnnounced) expect(told.osdi).toMatchObject({ status: 'declined', comment: 'A wedding' });
  if (done.includes('0008_wix_attendances'))
    expect(told.wix.attendances.map((each: { numberOfAttendees: number }) => each.numberOfAttendees)).toContain(2);
  expect(told.absence.rows.length).toBeGreaterThan(0);

  const after = openDatabase(opened.url);
  const wrong = (await findingsOf(after, invariantsOf(after), 3)).filter(({ level }) => level === 'error');
  expect(wrong).toEqual([]);
  await after.close();
});
