import { importOneRoster, openOneRoster } from '../../src/roster/oneroster/import';
import { type ImportReport, rehearsed } from '../../src/roster/oneroster/report';
import { sampled } from '../sampled';
import { bundleOf, type Said } from './builder';
import { openRoster, type Roster } from './bundles';
import { openRivers } from './school';

/** A file of a bulk bundle that shrank ends nothing, whichever it is of those that rolls are made of. */
let roster: Roster;
beforeEach(async () => {
  roster = await openRoster();
});
afterEach(() => roster.close());

const today = '2025-10-15';
const range = (count: number) => Array.from({ length: count }, (_none, index) => index);
/** Two schools: 10 classes of 5 students, and 6 of 5 students. */
const students = range(80).map((at) => ({
  id: `p${at}`,
  class: `k${Math.floor(at / 5)}`,
  school: at < 50 ? 's' : 'z',
}));
const whole = {
  schools: [{ id: 's' }, { id: 'z', name: 'Lakes Middle', number: '800' }],
  classes: range(16).map((at) => ({ id: `k${at}`, school: at < 10 ? 's' : 'z' })),
  people: students.map(({ id, school }) => ({ id, school })),
  enrollments: students.map(({ id, class: of }) => ({ id: `e-${id}`, class: of, person: id })),
} satisfies Said;

const fileOf = { schools: 'orgs', classes: 'classes', people: 'users' } as const;
const ended = ({ counts }: ImportReport) => Object.values(counts).reduce((sum, { ended }) => sum + ended, 0);
const reasons = ({ refused }: ImportReport) => refused.map(({ file, line, reason }) => [file, line, reason]);
const load = (said: Said, options = {}) => roster.importFiles(bundleOf(said), undefined, today, options);

const lakes = '30 of 30 of Lakes Middle (800)';
const reason = (what: string, figures: string, all: number) =>
  `It does not list ${what} that have enrollments which run today, ${figures}: more than a fifth. An export may have ` +
  `broken off, so nothing was ended. --allow-ending ${all} ends what it does not list.`;

const shrunk = [
  ['orgs.csv', 'schools', whole.schools.slice(0, 1), 1, reason('schools', lakes, 30), 30],
  [
    'classes.csv',
    'classes',
    whole.classes.slice(0, 5),
    11,
    reason('classes', `25 of 50 of Rivers Middle (700), ${lakes}`, 55),
    55,
  ],
  ['users.csv', 'people', whole.people.slice(0, 59), 21, reason('users', '21 of 30 of Lakes Middle (800)', 21), 21],
] as const;

describe.each(sampled(shrunk))('%s that shrank', (name, what, listed, gone, why, all) => {
  const said: Said = { ...whole, [what]: listed };
  const counted = ({ counts }: ImportReport) => counts[fileOf[what]].ended;
  beforeEach(async () => {
    await load(whole);
  });

  test('is refused with the figures and ends nothing, though all enrollments are listed', async () => {
    const before = await roster.everything();
    const report = await load(said);
    expect(reasons(report)).toEqual([[name, 0, why]]);
    expect([ended(report), await roster.everything()]).toEqual([0, before]);
  });

  test('is refused in a dry run as well', async () => {
    roster.write(bundleOf(said));
    const bundle = await openOneRoster(roster.folder);
    const would = await rehearsed(roster.database, (rehearsal) =>
      importOneRoster(rehearsal, roster.district, bundle, { today }),
    );
    expect(would).toEqual(await load(said));
    expect(reasons(would)).toEqual([[name, 0, why]]);
  });

  test('ends nothing where fewer may end', async () => {
    const report = await load(said, { allowEnding: all - 1 });
    expect([reasons(report), ended(report)]).toEqual([[[name, 0, why]], 0]);
  });

  test('is believed where so many may end, and the next night too', async () => {
    const report = await load(said, { allowEnding: all });
    expect([report.refused, counted(report)]).toEqual([[], gone]);
    // What has ended does not count once more when one more is gone.
    const more = listed.length > 1 ? 1 : 0;
    const again = await load({ ...said, [what]: listed.slice(0, listed.length - more) });
    expect([again.refused, again.counts[fileOf[what]].ended]).toEqual([[], more]);
  });

  test('is a delta that lists little, where the manifest says so', async () => {
    const report = await load({ ...said, modes: { [fileOf[what]]: 'delta' } });
    expect([report.refused, ended(report)]).toEqual([[], 0]);
  });
});

test('the rows of a file that shrank are taken', async () => {
  await load(whole);
  await load({ ...whole, classes: [{ id: 'k0', title: 'Chess' }] });
  const [chess] = await roster.database.knex('sections').where({ sourced_id: 'k0' });
  expect(chess).toMatchObject({ title: 'Chess' });
});

test('a file that lacks what has 20 enrollments is believed', async () => {
  await load(whole);
  const report = await load({ ...whole, classes: whole.classes.slice(0, 12) });
  expect([report.refused, ended(report), report.orphaned]).toEqual([
    [],
    4 + 20,
    [{ file: 'classes.csv', deleted: 4, enrollments: 20 }],
  ]);
});

test.each(
  sampled([
    ['a fifth', 120, 30],
    ['more than a fifth', 119, 0],
  ]),
)('whether a file that lacks what has %s of the enrollments of a school is believed', async (_part, left, gone) => {
  const people = range(150).map((at) => ({ id: `p${at}` }));
  const large: Said = { people, enrollments: people.map(({ id }) => ({ id: `e-${id}`, person: id })) };
  await load(large);
  const report = await load({ ...large, people: people.slice(0, left) });
  const { users, enrollments } = report.counts;
  expect([report.refused.length, users.ended, enrollments.ended]).toEqual([gone ? 0 : 1, gone, gone]);
});

test('a user who is listed by the sourcedId of before they were merged is listed', async () => {
  await load(whole);
  const { knex } = roster.database;
  const people = await knex('people').where({ district_id: roster.district });
  const other = (id: string) => `other-${id}`;
  await knex('person_aliases').insert(
    people.map(({ id, sourced_id }) => ({
      district_id: roster.district,
      person_id: id,
      sourced_id: other(sourced_id),
    })),
  );
  const report = await load({ ...whole, people: whole.people.slice(1).map((row) => ({ ...row, id: other(row.id) })) });
  expect([report.refused, report.counts.users.ended]).toEqual([[], 1]);
});

test('classes of enrollments that are over end, however many they are', async () => {
  const over = whole.enrollments.map((row) => ({ ...row, begin: '2025-08-25', end: '2025-10-10' }));
  await load({ ...whole, enrollments: over });
  const report = await load({ ...whole, enrollments: over, classes: whole.classes.slice(0, 1) });
  expect([report.refused, report.counts.classes.ended]).toEqual([[], 15]);
});

describe('where the enrollments shrank', () => {
  const lacking = {
    schools: whole.schools.slice(0, 1),
    classes: whole.classes.slice(0, 10),
    people: whole.people.slice(0, 50),
    enrollments: whole.enrollments.slice(0, 50),
  } satisfies Said;
  const notEnded = (count: number) => `enrollments.csv was refused; so the ${count} not listed here were not ended.`;

  test('as a school is in no file, no file ends anything, and each says so', async () => {
    await load(whole);
    const before = await roster.everything();
    const report = await load(lacking);
    expect(reasons(report)).toEqual([
      ['orgs.csv', 0, notEnded(1)],
      ['classes.csv', 0, notEnded(6)],
      ['users.csv', 0, notEnded(30)],
      ['enrollments.csv', 0, expect.stringContaining(`It does not list ${lakes} that run today`)],
    ]);
    expect([ended(report), await roster.everything()]).toEqual([0, before]);
  });

  test('not even what has no enrollments ends', async () => {
    const more = { id: 'spring', begin: '2026-01-20', end: '2026-06-12' };
    const year = { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' };
    await load({ ...whole, sessions: [year, more], people: [...whole.people, { id: 'idle' }] });
    const report = await load({ ...whole, sessions: [year], enrollments: lacking.enrollments });
    expect([reasons(report).slice(0, 2), ended(report)]).toEqual([
      [
        ['academicSessions.csv', 0, notEnded(1)],
        ['users.csv', 0, notEnded(1)],
      ],
      0,
    ]);
  });

  test('one number allows all of it', async () => {
    await load(whole);
    const report = await load(lacking, { allowEnding: 30 });
    expect([report.refused, ended(report)]).toEqual([[], 1 + 6 + 30 + 30]);
  });
});

test('the rolls of a day stay as many as they were', async () => {
  const rivers = await openRivers();
  try {
    const rolls = async () => (await rivers.office.get(`/reports/rolls?date=${today}`)).body.rolls.length;
    await rivers.import(whole, today);
    const before = await rolls();
    await rivers.import({ ...whole, classes: whole.classes.slice(0, 3) }, today);
    expect([before, await rolls()]).toEqual([16, 16]);
  } finally {
    await rivers.close();
  }
});
