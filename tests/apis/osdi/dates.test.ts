import { idOn } from '../../../src/days';
import { erase } from '../../../src/privacy/erase';
import { subjectOf } from '../../../src/privacy/subject';
import { clockless } from '../../clock';
import { DAY, type Osdi, openOsdi, scheduled } from './osdi';

/** What `created_date` and `modified_date` say while a day goes on: an hour goes by before each thing that is done. */
let osdi: Osdi;
let event: string;
let hour: number;
const passHour = () => jest.setSystemTime(new Date(`${DAY}T${++hour}:00:00Z`));
const atHour = (h = hour) => `${DAY}T${h}:00:00Z`;
beforeEach(async () => {
  hour = 10;
  jest.useFakeTimers({ now: new Date(atHour()), doNotFake: [...clockless] });
  osdi = await openOsdi();
  event = await scheduled(osdi);
});
afterEach(async () => {
  await osdi.api.close();
  jest.useRealTimers();
});

const attendanceOf = (name: 'ada' | 'grace') => `${event}/attendances/${idOn(osdi.api.world.enrollments[name], DAY)}`;
const datesAt = async (path: string) => {
  const { body } = await osdi.get(path).expect(200);
  return [body.created_date, body.modified_date];
};
const changedSince = async (path: string, rel: string, instant: string) =>
  (await osdi.get(`${path}?filter=modified_date%20gt%20${instant}`).expect(200)).body._embedded[rel].length;

test('an event and its attendances are created once, whatever becomes of its roll', async () => {
  const { world } = osdi.api;
  const meeting = { section: world.sections.algebra, date: DAY };
  const { ada } = world.enrollments;
  const acts: (() => Promise<unknown>)[] = [
    () => osdi.put(attendanceOf('ada')).send({ status: 'tentative', attended: false }),
    () => osdi.put(attendanceOf('ada')).send({ attended: true }),
    () => world.ledger.open((transaction) => transaction.take(meeting, world.actor)),
    () => world.ledger.open((transaction) => transaction.untake(meeting, world.actor)),
    () => world.ledger.open((transaction) => transaction.take(meeting, world.actor)),
    () => osdi.api.mark([ada, DAY, 2, 'ill']),
    () => osdi.api.mark([ada, DAY, 4, 'ill, says a note']),
    () => osdi.api.mark([ada, DAY, 1]),
  ];
  expect(await datesAt(event)).toEqual([atHour(10), atHour(10)]);
  for (const act of acts) {
    passHour();
    await act();
    expect(await datesAt(event)).toEqual([atHour(10), atHour()]);
    // Once the roll is not taken after all, what was said of Ada before stands again.
    expect(await datesAt(attendanceOf('ada'))).toEqual([atHour(10), atHour(hour === 14 ? 12 : hour)]);
    expect(await datesAt(attendanceOf('grace'))).toEqual([atHour(10), atHour()]);
    for (const [path, rel] of [
      ['/events', 'osdi:events'],
      [`/people/${world.people.grace}/attendances`, 'osdi:attendances'],
    ] as const) {
      expect([path, await changedSince(path, rel, atHour(hour - 1))]).toEqual([path, 1]);
      expect([path, await changedSince(path, rel, atHour())]).toEqual([path, 0]);
    }
  }
});

test('what changes nothing changes no date', async () => {
  await osdi.put(attendanceOf('ada')).send({ status: 'late', comment: 'bus' });
  const before = await datesAt(event);
  passHour();
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, 3, 'bus']); // takes the roll
  const taken = await datesAt(event);
  expect(taken).toEqual([before[0], atHour()]);
  passHour();
  await osdi.api.mark([osdi.api.world.enrollments.ada, DAY, 3, 'bus']);
  await osdi.post('/events').send({
    identifiers: [`rollbook:section:${osdi.api.world.sections.algebra}`],
    all_day_date: DAY,
  });
  expect(await datesAt(event)).toEqual(taken);
  // Of a student with a mark it is when the mark was made, whatever happened to others.
  await osdi.api.mark([osdi.api.world.enrollments.grace, DAY, 2]);
  expect(await datesAt(attendanceOf('ada'))).toEqual([before[0], before[1]]);
});

test('a meeting that somebody only wrote a mark at is created by it', async () => {
  passHour();
  const { ledger, enrollments, sections, actor } = osdi.api.world;
  await ledger.record([{ enrollment: enrollments.ada, date: '2025-09-30', status: 2 }], actor, { roll: 'never' });
  expect(await datesAt(`/events/${idOn(sections.algebra, '2025-09-30')}`)).toEqual([atHour(11), atHour(11)]);
});

test('a person is modified when somebody new comes, and when another system has a name for them', async () => {
  const help = (person: object) => osdi.post(`${event}/record_attendance_helper`).send({ person, status: 'accepted' });
  const nova = {
    identifiers: ['form:1'],
    given_name: 'Nova',
    family_name: 'Quist',
    email_addresses: [{ address: 'n@example.org' }],
  };
  passHour();
  const { body } = await help(nova);
  const path = body._links['osdi:person'].href;
  const modified = async () => (await osdi.get(path)).body.modified_date;
  expect(await modified()).toBe(atHour(11));
  passHour();
  await help(nova);
  expect(await modified()).toBe(atHour(11));
  await help({ identifiers: ['form:2'], email_addresses: [{ address: 'N@Example.org' }] });
  expect(await modified()).toBe(atHour(12));
  expect(await changedSince('/people', 'osdi:people', atHour(11))).toBe(1);
  expect(await changedSince('/people', 'osdi:people', atHour(12))).toBe(0);
});

test('an RSVP changes its attendance, and not its event', async () => {
  passHour();
  await osdi.put(attendanceOf('ada')).send({ status: 'declined' });
  expect(await datesAt(event)).toEqual([atHour(10), atHour(10)]);
  expect(await datesAt(attendanceOf('ada'))).toEqual([atHour(10), atHour(11)]);
});

test('whoever is erased is modified by it, so that a copy of them is brought up to date', async () => {
  const { database, people } = osdi.api.world;
  passHour();
  await erase(database, await subjectOf(database, people.ada));
  const { body } = await osdi.get(`/people/${people.ada}`);
  expect([body.given_name, body.modified_date]).toEqual(['Erased', atHour(11)]);
});
