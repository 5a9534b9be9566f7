import { idOn } from '../../../src/days';
import { clockless } from '../../clock';
import { sampled } from '../../sampled';
import { DAY, type Osdi, openOsdi, scheduled } from './osdi';

/*
 * Instants are shown to the second, and kept with the fraction of it that nobody is shown. A filter compares what is shown:
 * what a client has read finds what it has read it of.
 */
let osdi: Osdi;
let paths: Record<'/people' | '/events' | 'attendances', string>;
const NOW = '2026-01-02T03:04:05.678Z';

beforeAll(async () => {
  jest.useFakeTimers({ now: new Date(NOW), doNotFake: [...clockless] });
  osdi = await openOsdi();
  const { database, people, enrollments } = osdi.api.world;
  const event = await scheduled(osdi);
  const attendances = `${event}/attendances`;
  const sent = { status: 'accepted', action_date: '2014-03-18T11:02:15.987Z' };
  await osdi
    .put(`${attendances}/${idOn(enrollments.ada, DAY)}`)
    .send(sent)
    .expect(200);
  await database.knex('people').where({ id: people.ada }).update({ modified_at: NOW });
  paths = { '/people': '/people', '/events': '/events', attendances };
});
afterAll(async () => {
  await osdi.api.close();
  jest.useRealTimers();
});

const found = async (path: string, filter: string): Promise<string[]> => {
  const { body } = await osdi.get(`${path}?per_page=1000&filter=${encodeURIComponent(filter)}`).expect(200);
  const items = Object.values<{ identifiers: string[] }[]>(body._embedded)[0]!;
  expect(body.total_records).toBe(items.length);
  return items.map(({ identifiers }) => identifiers[0]!);
};

const meets: Record<string, (shown: number, asked: number) => boolean> = {
  eq: (shown, asked) => shown === asked,
  ne: (shown, asked) => shown !== asked,
  gt: (shown, asked) => shown > asked,
  ge: (shown, asked) => shown >= asked,
  lt: (shown, asked) => shown < asked,
  le: (shown, asked) => shown <= asked,
};

/** A second before what is shown, that second, and the one after, each with fractions too. */
const around = (shown: string): [second: number, operand: string][] =>
  [-1, 0, 1].flatMap((off) => {
    const second = Math.floor(Date.parse(shown) / 1000) + off;
    const bare = new Date(second * 1000).toISOString().slice(0, 19);
    return ['', '.000', '.5', '.678', '.987', '.999999999'].map((fraction): [number, string] => [
      second,
      `${bare}${fraction}Z`,
    ]);
  });

describe.each<[keyof typeof paths, string]>([
  ['/people', 'modified_date'],
  ['/events', 'created_date'],
  ['/events', 'modified_date'],
  ['attendances', 'created_date'],
  ['attendances', 'modified_date'],
  ['attendances', 'action_date'],
])('%s by %s', (collection, field) => {
  test.each(Object.keys(meets))('%s compares the second that is shown', async (operator) => {
    const path = paths[collection];
    const { body } = await osdi.get(`${path}?per_page=1000`);
    const items = Object.values<({ identifiers: string[] } & Record<string, string>)[]>(body._embedded)[0]!;
    const shown = items.find((item) => item[field])![field]!;
    expect(shown).toMatch(/T\d\d:\d\d:\d\dZ$/);
    for (const [second, operand] of sampled(around(shown))) {
      const expected = items
        // What has no instant is none of them: neither before nor after.
        .filter((item) => (item[field] ? meets[operator]!(Date.parse(item[field]) / 1000, second) : operator === 'ne'))
        .map(({ identifiers }) => identifiers[0]);
      expect([operand, await found(path, `${field} ${operator} ${operand}`)]).toEqual([operand, expected]);
      expect([operand, await found(path, `${field} ${operator} '${operand}'`)]).toEqual([operand, expected]);
    }
  });

  test('the last second of all is compared like every other', async () => {
    const last = '9999-12-31T23:59:59Z';
    expect(await found(paths[collection], `${field} gt ${last} or ${field} eq ${last}`)).toEqual([]);
    const all = await found(paths[collection], `${field} le ${last}`);
    expect(all.length).toBeGreaterThan(0);
    expect(await found(paths[collection], `${field} lt ${last}`)).toEqual(all);
  });
});

test('whoever asks for what is newer than the newest that they have seen comes to an end', async () => {
  for (const path of [paths['/people'], paths['/events']]) {
    const { body } = await osdi.get(`${path}?per_page=1000`);
    const items = Object.values<{ modified_date?: string }[]>(body._embedded)[0]!;
    const newest = items
      .flatMap(({ modified_date }) => modified_date ?? [])
      .sort()
      .at(-1);
    expect([path, await found(path, `modified_date gt ${newest}`)]).toEqual([path, []]);
  }
});
