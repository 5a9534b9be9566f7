import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf, type Said } from '../roster/builder';
import { openWorld, type World } from '../world';
import { rollbook } from './process';

jest.setTimeout(60_000);

let world: World;
let folder: string;
beforeEach(async () => {
  world = await openWorld();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-roster-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

const knex = () => world.database.knex;
const env = () => ({ DATABASE_URL: world.url });
function bundle(said: Said): string {
  const path = join(folder, 'bundle');
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  for (const [name, text] of Object.entries(bundleOf(said))) writeFileSync(join(path, name), text);
  return path;
}
const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await rollbook([...args, '--json'], env());
  return { code, stderr, body: stdout ? JSON.parse(stdout) : undefined };
};
/** Runs the command as somebody who types this. */
const typing = (input: string, ...args: string[]) => rollbook(args, env(), { input });
const everything = async () =>
  Promise.all(
    [
      ...['districts', 'schools', 'terms', 'sections', 'people', 'enrollments', 'kept_days', 'journal'],
      ...['corrections', 'corrected_rolls', 'former_schools', 'former_terms'],
    ].map((table) => knex()(table).orderBy(1)),
  );
/** The year that is running. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const sessions = [{ id: 'year', type: 'schoolYear', begin: day(-60), end: day(60) }];
const people = ['ada', 'grace'].map((id) => ({ id }));
const school: Said = { sessions, people, enrollments: people };

test('a dry run prints what an import then does, also into a new district, and changes nothing', async () => {
  const before = await everything();
  const would = await run('import', bundle(school), '--district', 'Rivers', '--dry-run');
  expect([would.code, would.body.dry_run, would.body.district]).toEqual([0, true, { id: null, name: 'Rivers' }]);
  expect(await everything()).toEqual(before);
  const did = await run('import', bundle(school), '--district', 'Rivers');
  const { dry_run: _dry, district: _district, ...report } = would.body;
  expect(did.body).toMatchObject(report);
  expect(did.body.counts.enrollments.inserted).toBe(2);
  const text = await rollbook(
    ['import', bundle({ ...school, people: [] }), '--district', 'Rivers', '--dry-run'],
    env(),
  );
  expect(text.stdout).toContain('This was a dry run: nothing was changed.');
});

test('an import and its dry run say how many enrollments end with a user who is deleted', async () => {
  const people = [{ id: 'ada' }, { id: 'grace' }];
  const said: Said = { sessions, people, enrollments: people };
  await run('import', bundle(said), '--district', 'Rivers');
  const gone = [{ id: 'ada', status: 'tobedeleted' }];
  const absent = { orgs: 'absent', academicSessions: 'absent', classes: 'absent', enrollments: 'absent' } as const;
  const command = ['import', bundle({ people: gone, modes: { ...absent, users: 'delta' } }), '--district', 'Rivers'];
  const before = await everything();
  const { stdout } = await rollbook([...command, '--dry-run'], env());
  expect(stdout).toMatch(
    /Ended, as their users, classes or schools were deleted:\nfile +deleted +enrollments\nusers.csv +1 +1\n/,
  );
  expect(await everything()).toEqual(before);
  const { body } = await run(...command);
  expect(body.orphaned).toEqual([{ file: 'users.csv', deleted: 1, enrollments: 1 }]);
  expect(body.counts.enrollments.ended).toBe(1);
});

test('a dry run where there is no database yet says what the first import would do, and makes none', async () => {
  const nowhere = { DATABASE_URL: `sqlite:${join(folder, 'none.db')}` };
  const command = ['import', bundle(school), '--district', 'Rivers', '--json'];
  const would = await rollbook([...command, '--dry-run'], nowhere);
  expect([would.code, JSON.parse(would.stdout).counts.enrollments.inserted]).toEqual([0, 2]);
  expect(readdirSync(folder)).toEqual(['bundle']);
  const did = await rollbook(command, nowhere);
  expect(JSON.parse(did.stdout).counts).toEqual(JSON.parse(would.stdout).counts);
});

test('where untaken days count as present, an import says in text and JSON who begins today, and of which classes terms were kept', async () => {
  const terms = [
    { id: 'fall', begin: day(-60), end: day(-20) },
    { id: 'spring', begin: day(-10), end: day(60) },
  ];
  const first: Said = {
    ...school,
    sessions: [...sessions, ...terms],
    classes: [
      { id: 'k', homeroom: true },
      { id: 'l', homeroom: true },
      { id: 'm', terms: ['fall', 'spring'] },
    ],
    enrollments: [...people, { id: 'grace-m', person: 'grace', class: 'm' }],
  };
  await run('import', bundle(first), '--district', 'Rivers');
  const { id } = await knex()('schools').where({ name: 'Rivers Middle' }).first();
  await run('school', 'set', String(id), '--untaken', 'present');
  const next: Said = {
    ...first,
    classes: [...first.classes!.slice(0, 2), { id: 'm' }],
    enrollments: [{ id: 'ada', class: 'l' }, ...first.enrollments!.slice(1)],
  };
  const before = await everything();
  const would = await run('import', bundle(next), '--district', 'Rivers', '--dry-run');
  expect(await everything()).toEqual(before);
  const text = await rollbook(['import', bundle(next), '--district', 'Rivers', '--dry-run'], env());
  expect(text.stdout).toContain('Begins later than the roster says, as the days before are counted already:');
  // As a new one has no number yet, it is named by its sourcedId.
  expect(text.stdout).toMatch(/^enrollments\.csv +2 +ada +ada +\d{4}/m);
  expect(text.stdout).toContain('Moved by the roster, but kept on days that were counted before today:');
  const { body } = await run('import', bundle(next), '--district', 'Rivers');
  expect([body.delayed, body.kept]).toEqual([would.body.delayed, would.body.kept]);
  expect(body.delayed).toMatchObject([
    { file: 'enrollments.csv', line: 2, sourcedId: 'ada', said: day(-60), begins: day(0) },
  ]);
  expect(body.kept).toMatchObject([{ file: 'classes.csv', line: 4, sourcedId: 'm', enrollment: null, rolls: 0 }]);
  const args = ['import', bundle(next), '--district', 'Rivers', '--correct-past', '--yes'];
  expect((await rollbook(args, env())).stdout).toContain('Corrected in the past:');
  const section = await knex()('sections').where({ sourced_id: 'm' }).first();
  expect((await run('journal', '--section', String(section.id))).body).toMatchObject([
    { what: 'terms', enrollment_id: null, from: `${day(-19)}/${day(-11)}`, to: '', on: [], off: [] },
  ]);
});

describe('an enrollment that the roster moves after rolls were taken', () => {
  beforeEach(async () => {
    await run('import', bundle(school), '--district', 'Rivers');
    const section = await knex()('sections').where({ sourced_id: 'k' }).first();
    const actor = { ...world.actor, district: section.district_id };
    for (const ago of [-9, -8, -7])
      await world.ledger.open((transaction) => transaction.take({ section: section.id, date: day(ago) }, actor));
  });
  const later: Said = { ...school, enrollments: [{ id: 'ada', begin: day(-7) }, people[1]!] };
  const ada = () => knex()('enrollments').where({ sourced_id: 'ada' }).first();

  test('keeps them, which the import says in text and JSON', async () => {
    const { body } = await run('import', bundle(later), '--district', 'Rivers');
    expect(body.kept).toMatchObject([{ file: 'enrollments.csv', line: 2, sourcedId: 'ada', rolls: 2 }]);
    const { stdout } = await rollbook(['import', bundle(school), '--district', 'Rivers'], env());
    expect(stdout).not.toContain('kept');
    const again = await rollbook(['import', bundle(later), '--district', 'Rivers'], env());
    expect(again.stdout).toContain('Moved by the roster, but kept on days that were counted before today:');
  });

  test('is corrected in the past by --correct-past, after a preview that is confirmed', async () => {
    const before = await everything();
    const refused = await typing('no\n', 'import', bundle(later), '--district', 'Rivers', '--correct-past');
    expect([refused.code, refused.stderr.includes('Corrected in the past:')]).toEqual([1, true]);
    expect(refused.stderr).not.toContain('dry run'); // what is asked is whether to do it
    expect(await everything()).toEqual(before);
    expect((await typing('Rivers\n', 'import', bundle(later), '--district', 'Rivers', '--correct-past')).code).toBe(0);
    expect(await knex()('kept_days')).toEqual([]);
    expect((await ada()).begin_date).toBe(day(-7));
  });

  test('is corrected by enrollment set, which says what it comes to, and is journaled', async () => {
    await run('import', bundle(later), '--district', 'Rivers');
    const { id } = await ada();
    const before = await everything();
    const would = await run('enrollment', 'set', String(id), '--from', day(-8), '--to', day(20), '--dry-run');
    expect(would.body).toMatchObject({
      dry_run: true,
      on: 0,
      off: 1,
      after: { begin_date: day(-8), end_date: day(21) },
    });
    expect(await everything()).toEqual(before);
    expect((await typing('no\n', 'enrollment', 'set', String(id), '--from', day(-8))).code).toBe(1);
    expect(await everything()).toEqual(before);
    await run('enrollment', 'set', String(id), '--from', day(-8), '--to', day(20), '--yes');
    expect(await ada()).toMatchObject({ begin_date: day(-8), end_date: day(21) });
    expect(await knex()('kept_days')).toEqual([]);
    const said = { enrollment_id: id, api: 'enrollment set', what: 'days', on: [], off: [day(-9)] };
    const [from, to] = [`${day(-9)}/${day(-8)}, ${day(-7)}/${day(59)}`, `${day(-8)}/${day(20)}`];
    expect((await run('journal', '--enrollment', String(id))).body).toMatchObject([{ ...said, from, to }]);
    expect((await run('journal')).body.map(({ api }: { api: string }) => api).at(-1)).toBe('enrollment set');
    const { stdout } = await rollbook(['journal', '--enrollment', String(id)], env());
    expect(stdout).toContain(`enrollment set  days  ${from}  ${to}`);
    expect((await run('check')).code).toBe(0);
  });
});

test.each([
  [['enrollment', 'set', '1'], 'Say from which day'],
  [['enrollment', 'set', '999999', '--from', '2025-10-01', '--yes'], "There is no student's enrollment 999999."],
  [['enrollment', 'set', '2', '--from', '2027-10-01', '--yes'], 'An enrollment cannot end before 2027-10-01'],
  [['person', 'merge', '1', '1', '--yes'], 'These are the same person already.'],
  [['district', 'set', 'Larkspur', '--language', 'klingon!'], 'is no language whose order is known'],
  [['roster', 'export', '--district', 'Nowhere', '--out', 'x'], 'There is no district Nowhere'],
])('%p fails with a sentence, and changes nothing', async (args, sentence) => {
  const before = await everything();
  const { code, stderr } = await run(...args);
  expect([code, stderr.includes(sentence)]).toEqual([1, true]);
  expect(await everything()).toEqual(before);
});

test('two people are merged after the name of the one who goes was typed, and not in a dry run', async () => {
  const { ada, grace } = world.people;
  const before = await everything();
  const would = await run('person', 'merge', String(ada), String(grace), '--dry-run');
  expect(would.body).toMatchObject({ keep: ada, drop: grace, dry_run: true, moved: 0, combined: 1 });
  expect((await typing('Ada Lovelace\n', 'person', 'merge', String(ada), String(grace))).code).toBe(1);
  expect(await everything()).toEqual(before);
  expect((await typing('Grace Hopper\n', 'person', 'merge', String(ada), String(grace))).code).toBe(0);
  expect(await knex()('people').where({ id: grace })).toEqual([]);
});

test('the roster is exported into a new folder for its owner alone, and imports back without a change', async () => {
  await run('import', bundle(school), '--district', 'Rivers');
  const out = join(folder, 'out');
  const { body } = await run('roster', 'export', '--district', 'Rivers', '--out', out);
  expect(body.files.map((path: string) => path.slice(out.length + 1)).sort()).toEqual(readdirSync(out).sort());
  expect(statSync(join(out, 'users.csv')).mode & 0o777).toBe(0o600);
  const again = await run('import', out, '--district', 'Rivers');
  expect(Object.values(again.body.counts).every((count) => JSON.stringify(count).match(/:/g)!.length === 4)).toBe(true);
  expect(again.body.counts.enrollments).toEqual({ inserted: 0, updated: 0, ended: 0, refused: 0 });
  expect((await run('roster', 'export', '--district', 'Rivers', '--out', out)).code).toBe(1); // overwrites nothing
});

test('years erase --keep 1 leaves the running year of a school that goes from January to December', async () => {
  const now = new Date().getUTCFullYear();
  const years = [now - 1, now].map((year) => ({
    id: `y${year}`,
    type: 'schoolYear',
    begin: `${year}-01-01`,
    end: `${year + 1}-01-01`,
  }));
  await run(
    'import',
    bundle({ ...school, sessions: years, classes: [{ id: 'k', terms: [`y${now - 1}`, `y${now}`] }] }),
    '--district',
    'Rivers',
  );
  const section = await knex()('sections').where({ sourced_id: 'k' }).first();
  const actor = { ...world.actor, district: section.district_id };
  for (const date of [`${now - 1}-02-02`, `${now - 1}-12-30`, `${now}-01-02`])
    await world.ledger.open((transaction) => transaction.take({ section: section.id, date }, actor));
  const { code } = await run('years', 'erase', '--keep', '1', '--district', 'Rivers', '--yes', '--no-vacuum');
  expect(code).toBe(0);
  expect(await knex()('meetings').where({ district_id: section.district_id }).pluck('date')).toEqual([`${now}-01-02`]);
});
