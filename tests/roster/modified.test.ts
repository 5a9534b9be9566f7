import { openStudentFinder } from '../../src/roster/find-students';
import { clockless } from '../clock';
import { bundle, openRoster, type Roster, replaced } from './bundles';

/** When people were last changed: by the import that changed them, and by no other. */
let roster: Roster;
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date('2025-10-15T01:00:00Z'), doNotFake: [...clockless] });
  roster = await openRoster();
});
afterEach(async () => {
  await roster.close();
  jest.useRealTimers();
});

const modified = async (): Promise<Map<string, string>> => {
  const rows = await roster.database.knex('people').where({ district_id: roster.district });
  return new Map(rows.map((row) => [row.sourced_id, new Date(row.modified_at).toISOString()]));
};

test('an import says of whom it changes when that was, and leaves the others', async () => {
  await roster.importFiles(bundle);
  const first = await modified();
  expect(first.size).toBeGreaterThan(1);
  expect(new Set(first.values())).toEqual(new Set(['2025-10-15T01:00:00.000Z']));

  jest.setSystemTime(new Date('2025-10-16T01:00:00Z'));
  await roster.importFiles(bundle);
  expect(await modified()).toEqual(first);

  await roster.importFiles(replaced('users.csv', 'ada@example.org', 'ada@example.com'));
  expect(await modified()).toEqual(new Map([...first, ['ada', '2025-10-16T01:00:00.000Z']]));
});

test('whoever is imported is found by their words, and by others once the SIS calls them otherwise', async () => {
  const { database, district } = roster;
  const find = openStudentFinder(database);
  const actor = { district, api: 'test', client: null, person: null };
  const found = async (asked: string) => (await find(actor, asked, 5)).map(({ given_name }) => given_name);
  await roster.importFiles(bundle);
  expect([await found('ada'), await found('ádele')]).toEqual([['Ada'], []]);
  await roster.importFiles(replaced('users.csv', ',Ada,', ',Adèle,'));
  expect([await found('ada'), await found('ádele')]).toEqual([[], ['Adèle']]);
});
