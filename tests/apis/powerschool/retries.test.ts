import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import pino from 'pino';
import supertest from 'supertest';
import { openClients } from '../../../src/clients/clients';
import { secretsWith } from '../../../src/clients/secrets';
import { signerWith } from '../../../src/clients/signer';
import { createCredentials } from '../../../src/http/credentials/credentials';
import { erase } from '../../../src/privacy/erase';
import { subjectOf } from '../../../src/privacy/subject';
import { createApp } from '../../../src/service/app';
import { listenOn } from '../../../src/service/listener';
import type { Api } from '../../api';
import { runs } from '../../runs';
import { openChecked } from '../../world';
import { DAY, openSchool, type School, told } from './school';

/** A plugin that has got no answer posts again. It calls its record the same, so that nothing is posted twice. */
let school: School;
beforeEach(async () => {
  school = await openSchool();
});
afterEach(() => school.close());

/** A record of minutes, which is new each time it is posted. */
const time = (client_uid: unknown, columns: Record<string, unknown> = {}) => ({
  client_uid,
  ...school.record({
    att_mode_code: 'ATT_ModeTime',
    attendance_codeid: school.code('T'),
    total_minutes: '30',
    ...columns,
  }),
});
const post = (by: Api, ...record: object[]) => by.post('/ws/attendance/batch_daily_time').send({ record });
/** The minutes of each Time record of Ada on the day. */
const minutes = async () =>
  (
    await school.ask('attendance.student_attendance_detail', {
      students_dcid: school.world.people.ada,
      attendance_att_mode_code: 'ATT_ModeTime',
    })
  ).map(({ attendance }) => attendance!.total_minutes);
const idsOf = ({ body }: { body: { result: { success_message: { id: number } }[] } }) =>
  body.result.map(({ success_message }) => success_message.id);

test('a record that comes again is the one that is there: an update, of the same id, and nothing has changed', async () => {
  const first = await post(school, time('a-1'));
  expect(told(first)).toEqual(['INSERT']);
  const before = await school.everything();
  const again = await post(school, time('a-1'));
  expect(again.body).toEqual({
    insert_count: 0,
    update_count: 1,
    delete_count: 0,
    result: [{ ...first.body.result[0], action: 'UPDATE' }],
  });
  expect(await school.everything()).toEqual(before);
  expect(await minutes()).toEqual(['30']);
});

test('it is known in whatever words it comes again, and whichever address it comes to', async () => {
  await post(school, time('a-1', { att_comment: 'late bus', dcid: 0 }));
  const { att_date: _, ...rest } = time('a-1', { att_comment: 'late bus' }).tables.attendance;
  const upper = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name.toUpperCase(), `${value}`]));
  const inOtherWords = { client_uid: ' a-1 ', tables: { ATTENDANCE: { ATT_DATE: '10/01/2025', ...upper, DCID: '' } } };
  expect(told(await school.send('daily_time', inOtherWords))).toEqual(['UPDATE']);
  expect(await minutes()).toEqual(['30']);
});

test('of a batch that comes again, what went in stands, and what was refused is tried once more', async () => {
  const batch = () => [time('1'), time('2', { studentid: 99_999_999 }), time('3', { total_minutes: 45 })];
  expect(told(await post(school, ...batch()))).toEqual(['INSERT', 'INVALID_STUDENTID', 'INSERT']);
  expect(told(await post(school, ...batch()))).toEqual(['UPDATE', 'INVALID_STUDENTID', 'UPDATE']);
  expect(await minutes()).toEqual(['30', '45']);
});

test('twice in one request it is one record', async () => {
  const answer = await post(school, time('a-1'), time('a-1'), time('a-2'));
  expect(told(answer)).toEqual(['INSERT', 'UPDATE', 'INSERT']);
  const [one, other, another] = idsOf(answer);
  expect([one === other, one === another]).toEqual([true, false]);
  expect(await minutes()).toEqual(['30', '30']);
});

test('several that come at once are one record', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => post(school, time('a-1'))));
  expect(answers.flatMap(told).sort()).toEqual(['INSERT', ...Array(7).fill('UPDATE')]);
  expect(new Set(answers.flatMap(idsOf)).size).toBe(1);
  expect(await minutes()).toEqual(['30']);
});

test('what has become of the record since stands, whoever has changed it', async () => {
  const [dcid] = idsOf(await post(school, time('a-1')));
  await post(school, time('a-2', { dcid, total_minutes: 0 }));
  expect(told(await post(school, time('a-1')))).toEqual(['UPDATE']);
  expect(await minutes()).toEqual(['0']);

  await post(school, time('b-1', { attendance_codeid: school.code('A'), total_minutes: 0 }));
  await school.mark([school.daily.ada, DAY, 4, 'dentist']);
  await post(school, time('b-1', { attendance_codeid: school.code('A'), total_minutes: 0 }));
  expect(await school.marks(school.homeroom)).toEqual([[school.daily.ada, DAY, 4, 'dentist']]);
});

test.each<[string, () => object]>([
  ['is called otherwise', () => time('a-2')],
  ['is not called anything', () => time(undefined)],
  ['is called nothing', () => time('')],
  ['says other minutes', () => time('a-1', { total_minutes: 31 })],
  ['says another code', () => time('a-1', { attendance_codeid: school.code('UT') })],
  ['says a comment', () => time('a-1', { att_comment: 'bus' })],
])('a record that %s is another one', async (_what, record) => {
  await post(school, time('a-1'));
  expect(told(await post(school, record()))).toEqual(['INSERT']);
  expect(await minutes()).toHaveLength(2);
});

test('records that are called nothing are each new, as long as nobody says which they are', async () => {
  const { client_uid: _, ...unnamed } = time('');
  expect(told(await post(school, unnamed, unnamed))).toEqual(['INSERT', 'INSERT']);
  expect(told(await post(school, unnamed))).toEqual(['INSERT']);
});

test('what one client calls its records says nothing of those of another', async () => {
  await post(school, time('a-1'));
  const other = await school.as({});
  expect(told(await post(other, time('a-1')))).toEqual(['INSERT']);
  expect(told(await post(other, time('a-1')))).toEqual(['UPDATE']);
  const stranger = await school.as({ district: school.world.districts.elsewhere });
  expect(told(await post(stranger, time('a-1')))).toEqual(['INVALID_SCHOOLID']);
  expect(await minutes()).toEqual(['30', '30']);
});

test('after a day it is a new record', async () => {
  await post(school, time('a-1'));
  const { knex } = school.world.database;
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  await knex('powerschool_attendance').update({ posted_at: ago(23.9) });
  expect(told(await post(school, time('a-1')))).toEqual(['UPDATE']);
  await knex('powerschool_attendance').update({ posted_at: ago(24.1) });
  expect(told(await post(school, time('a-1')))).toEqual(['INSERT']);
  expect(told(await post(school, time('a-1')))).toEqual(['UPDATE']);
  expect(await minutes()).toEqual(['30', '30']);
});

test('it is known after a restart, and in another process', async () => {
  await post(school, time('a-1'));
  const database = openChecked(school.world.url);
  const clients = openClients(database, secretsWith(['a key that is used in tests alone']));
  const app = createApp({
    database,
    clients,
    credentials: createCredentials(database, clients, {}),
    signer: signerWith(['a key that is used in tests alone']),
    secrets: school.secrets,
    webhooks: school.webhooks,
    listener: { host: '127.0.0.1', publicUrl: undefined, allowPlaintext: true },
    log: pino({ level: 'silent' }),
    checkReplies: true,
  });
  const server = await listenOn(app, { host: '127.0.0.1', port: 0, maxConnections: 10 });
  try {
    const answer = await supertest(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      .post('/ws/attendance/daily_time')
      .set('Authorization', `Bearer ${school.token}`)
      .send({ record: [time('a-1')] });
    expect(told(answer)).toEqual(['UPDATE']);
  } finally {
    server.close();
    server.closeAllConnections();
    await database.close();
  }
  expect(await minutes()).toEqual(['30']);
});

test('records of other modes have a key: they are written again, and stay one', async () => {
  const daily = { client_uid: 'a-1', ...school.record({}) };
  expect(told(await post(school, daily))).toEqual(['INSERT']);
  await school.mark([school.daily.ada, DAY, 1]);
  expect(told(await post(school, daily))).toEqual(['UPDATE']);
  expect(await school.marks(school.homeroom)).toEqual([[school.daily.ada, DAY, 2, '']]);
});

test('an erasure leaves nothing by which a comment could be guessed', async () => {
  await post(school, time('a-1', { att_comment: 'ill' }), time('a-2'));
  const { database, people } = school.world;
  const rows = () => database.knex('powerschool_attendance').orderBy('id').select('comment', 'fingerprint');
  expect(await rows()).toEqual([
    { comment: 'ill', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { comment: '', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  await erase(database, await subjectOf(database, people.ada));
  expect(await rows()).toEqual([
    { comment: '[erased]', fingerprint: null },
    { comment: '', fingerprint: null },
  ]);
});

test('however clients try again, there are as many records as were called or said something else', async () => {
  const clients = [school, await school.as({})];
  const record = fc.record({
    uid: fc.constantFrom('1', '2', 'a', undefined),
    total_minutes: fc.constantFrom(10, 20),
    text: fc.constantFrom('T', 'A'),
  });
  const requests = fc.array(fc.tuple(fc.nat(1), fc.array(record, { minLength: 1, maxLength: 4 })), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      await school.world.database.knex('powerschool_attendance').delete();
      const known = new Map<string, number>();
      let count = 0;
      for (const [by, records] of all) {
        const sent = records.map(({ uid, total_minutes, text }) =>
          time(uid, { total_minutes, attendance_codeid: school.code(text) }),
        );
        const answer = await post(clients[by]!, ...sent);
        for (const [index, { uid, total_minutes, text }] of records.entries()) {
          const [action, id] = [told(answer)[index], idsOf(answer)[index]!];
          const key = JSON.stringify([by, uid, total_minutes, text]);
          expect([key, action]).toEqual([key, uid !== undefined && known.has(key) ? 'UPDATE' : 'INSERT']);
          if (action === 'UPDATE') expect(id).toBe(known.get(key));
          else count++;
          known.set(key, id);
        }
      }
      expect(await minutes()).toHaveLength(count);
    }),
    { numRuns: runs(15) },
  );
});
