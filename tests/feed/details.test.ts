import type { Change } from '../../schemas/rollbook/changes';
import { idOn } from '../../src/days';
import { type Api, openApi } from '../api';
import { type Osdi, openOsdi, scheduled } from '../apis/osdi/osdi';
import { openSchool, type School } from '../apis/powerschool/school';
import { booking, event } from '../apis/wix/school';
import { settled } from '../settled';

/** What one API alone keeps of a student's day: whoever follows is told that it has changed. */
const DAY = '2025-10-01';

let closing: Api | undefined;
const opened = <Of extends Api>(api: Of): Of => {
  closing = api;
  return api;
};
afterEach(() => closing!.close());

/** The kinds of what has changed since it was last asked, of which day, and by which API. */
function follow({ get, world: { database } }: Api) {
  let after = 'start';
  return async () => {
    await settled(database);
    const { changes, next } = (await get(`/changes?after=${after}`).expect(200)).body;
    after = next;
    return (changes as Change[]).map((change) => {
      const { kind, section, revision, by } = change;
      const whose = 'enrollment' in change ? change.enrollment : null;
      return kind === 'details.changed' ? { kind, section, revision, whose, api: by.api } : kind;
    });
  };
}

const detailsOf = (section: number, whose: number, api: string) => ({
  ...{ kind: 'details.changed', section, revision: null },
  ...{ whose, api },
});

test('records of PowerSchool: their minutes, and each of several of a day; the same again, and what the mark says, is no change', async () => {
  const school: School = opened(await openSchool());
  const changes = follow(school);
  const details = detailsOf(school.homeroom, school.daily.ada, 'powerschool');
  const post = (text: string, columns: object) =>
    school.send('daily_time', school.record({ attendance_codeid: String(school.code(text)), ...columns })).expect(200);
  await post('A', {});
  expect(await changes()).toEqual(['mark']);
  await post('A', { att_comment: 'bus' });
  expect(await changes()).toEqual(['mark']);
  const dcid = String(idOn(school.daily.ada, DAY));
  await post('A', { total_minutes: 30 });
  await post('A', { total_minutes: 30 });
  expect(await changes()).toEqual([details]);
  const time = { att_mode_code: 'ATT_ModeTime', dcid: 0 };
  await post('P', { ...time, total_minutes: 20 });
  expect(await changes()).toEqual([details]);
  expect(
    (await school.send('daily_time', school.record({ ...time, dcid, total_minutes: 1_441 }))).body.insert_count,
  ).toBe(0);
  expect(await changes()).toEqual([]);
});

test('what OSDI says of an attendance beside the mark; an attendance that is taken back takes it along', async () => {
  const osdi: Osdi = await openOsdi();
  const { world } = opened(osdi.api);
  const { ada } = world.enrollments;
  const path = `${await scheduled(osdi, DAY)}/attendances/${idOn(ada, DAY)}`;
  const changes = follow(osdi.api);
  const details = detailsOf(world.sections.algebra, ada, 'osdi');
  expect(await changes()).toEqual(['meeting.scheduled']);
  await osdi.put(path).send({ status: 'tentative', comment: 'perhaps' }).expect(200);
  await osdi.put(path).send({ status: 'tentative' }).expect(200);
  expect(await changes()).toEqual([details]);
  await osdi.put(path).send({ status: 'absent', comment: 'ill' }).expect(200);
  expect(await changes()).toEqual(['mark']);
  await osdi.put(path).send({ status: 'absent', action_date: 'yesterday' }).expect(400);
  expect(await changes()).toEqual([]);
  await osdi.delete(path).expect(200);
  expect(await changes()).toEqual(['mark.removed', details]);
  await osdi.put(path).send({ status: 'absent' }).expect(200);
  await osdi.delete(path).expect(200);
  expect(await changes()).toEqual(['mark', 'mark.removed']);
});

test('numbers of attendees of Wix, set and taken back', async () => {
  const api = opened(await openApi());
  const { ada, grace } = api.world.enrollments;
  const { algebra } = api.world.sections;
  const changes = follow(api);
  const set = (enrollment: number, more: object) =>
    api.post('/bookings/v2/attendance/set').send({
      attendance: { bookingId: booking(enrollment), eventId: event(algebra, DAY), status: 'NOT_ATTENDED', ...more },
    });
  await set(ada, { numberOfAttendees: 3 }).expect(200);
  expect(await changes()).toEqual(['mark', detailsOf(algebra, ada, 'wix')]);
  await set(ada, { numberOfAttendees: 3 }).expect(200);
  await set(ada, {}).expect(200);
  await set(ada, { numberOfAttendees: 0 }).expect(400);
  expect(await changes()).toEqual([]);
  await set(grace, {}).expect(200);
  await set(ada, { numberOfAttendees: 1 }).expect(200);
  expect(await changes()).toEqual(['mark', detailsOf(algebra, ada, 'wix')]);
});

test('are not told to a teacher who may not read the day', async () => {
  const api = opened(await openApi());
  const { adaInBiology, ada } = api.world.enrollments;
  const { algebra, biology } = api.world.sections;
  const [mendel, noether] = await Promise.all(
    [api.world.people.mendel, api.world.people.noether].map((person) => api.as({ person })),
  );
  for (const [enrollment, section] of [
    [ada, algebra],
    [adaInBiology, biology],
  ] as const)
    await api
      .post('/bookings/v2/attendance/set')
      .send({
        attendance: {
          ...{ bookingId: booking(enrollment), eventId: event(section, DAY) },
          ...{ status: 'NOT_ATTENDED', numberOfAttendees: 2 },
        },
      })
      .expect(200);
  const seen = async (teacher: Api) => (await follow(teacher)()).filter((change) => typeof change === 'object');
  expect(await seen(mendel!)).toEqual([detailsOf(biology, adaInBiology, 'wix')]);
  expect(await seen(noether!)).toEqual([detailsOf(algebra, ada, 'wix')]);
});
