import { erase } from '../../src/privacy/erase';
import { subjectOf } from '../../src/privacy/subject';
import { bundle, changes, openRoster, type Roster, replaced } from './bundles';

let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
  await roster.importFiles(bundle);
  const { id } = await roster.database.knex('people').where({ sourced_id: 'ada' }).first();
  await erase(roster.database, await subjectOf(roster.database, id));
});
afterEach(() => roster.close());

const erased = [
  { file: 'users.csv', line: 2, column: 'sourcedId', reason: 'The person was erased, and stays so.' },
  { file: 'enrollments.csv', line: 2, column: 'userSourcedId', reason: 'The person was erased, and stays so.' },
];

test.each([
  ['bulk', bundle],
  ['delta', { ...bundle, 'manifest.csv': `${bundle['manifest.csv']}file.users,delta\nfile.enrollments,delta\n` }],
  ['of 1.2', replaced('manifest.csv', '1.1', '1.2')],
  ['that deletes them', replaced('users.csv', 'ada,,,', 'ada,tobedeleted,,')],
])('a bundle %s that lists a person who was erased does not bring them back, and says so', async (_title, files) => {
  const before = await roster.everything();
  const report = await roster.importFiles(files);
  expect([report.erased, report.refused, changes(report)]).toEqual([erased, [], 0]);
  expect(await roster.everything()).toEqual(before);
});

test('somebody else of another district with the same sourcedId is imported', async () => {
  const other = await roster.newDistrict('Other');
  const report = await roster.importFiles(bundle, other);
  expect([report.erased, report.counts.users.inserted, report.counts.enrollments.inserted]).toEqual([[], 2, 2]);
});

test('the sourcedId itself is nowhere in the database', async () => {
  const { knex } = roster.database;
  expect(await knex('people').where({ sourced_id: 'ada' })).toEqual([]);
  expect(await knex('erasures')).toEqual([
    expect.objectContaining({
      salt: expect.stringMatching(/^[0-9a-f]{32}$/),
      sourced_id_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    }),
  ]);
});

test('somebody whom no SIS listed is not brought back by an export of the roster that is older', async () => {
  const { database, district } = roster;
  const { knex } = database;
  const walkIn = await knex('people').where({ sourced_id: 'emmy' }).first();
  await knex('people').where({ id: walkIn.id }).update({ sourced_id: null });
  const users = String(bundle['users.csv']).split('\n');
  const row = users[2]!.replace(/^emmy,/, `rollbook:person:${walkIn.id},`);
  const files = {
    ...bundle,
    'manifest.csv': `${bundle['manifest.csv']}file.users,delta\nfile.enrollments,absent\n`,
    'users.csv': [users[0], row, ''].join('\n'),
  };
  expect(changes(await roster.importFiles(files))).toBe(0);
  await erase(database, await subjectOf(database, walkIn.id));
  const before = await roster.everything();
  const report = await roster.importFiles(files, district);
  expect([report.erased, changes(report)]).toEqual([[erased[0]], 0]);
  expect(await roster.everything()).toEqual(before);
});
