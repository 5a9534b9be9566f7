import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { text } from '../src/database/query';
import { root } from '../src/lib/root';
import { faultOf } from '../src/service/log';
import { openWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** What throws with `stored-` in it. */
const faults: [what: string, provoke: () => unknown][] = [
  [
    'a row that is there already',
    () =>
      world.database
        .knex('districts')
        .insert({ id: 1, name: 'stored-name', time_zone: 'x', created_at: '2025-08-01T00:00:00Z' }),
  ],
  [
    'a value that is none of its type',
    () => world.database.all(text(world.database.knex, cast), { value: 'stored-name' }),
  ],
  ['a row without what it needs', () => world.database.knex('people').insert({ given_name: 'stored-name' })],
  ['a text that is no JSON', () => JSON.parse('stored-name')],
  ['a number out of range', () => (1).toLocaleString('stored-name', { style: 'stored-name' } as never)],
];
const cast =
  process.env.ENGINE === 'postgres' ? 'select cast(cast(:value as text) as bigint)' : 'select json(:value) as value';

test.each(faults)('the fault of %s says what and where, and not with which values', async (_what, provoke) => {
  const fault = await Promise.resolve()
    .then(provoke)
    .then(
      () => undefined,
      (error: unknown) => faultOf(error),
    );
  expect(fault).toMatchObject({ name: expect.stringMatching(/error/i), at: expect.any(Array) });
  expect(JSON.stringify(fault)).not.toContain('stored-');
});

test('what is thrown that is no error is logged by neither its name nor its value', () => {
  for (const thrown of ['stored-name', { detail: 'stored-name' }, null, undefined])
    expect(JSON.stringify(faultOf(thrown))).toBe('{}');
});

test('what nobody caught is logged without its values, and ends the process', async () => {
  const code = `const { openLog, logUncaught } = require(process.argv[1]);
    logUncaught(openLog('info'));
    Promise.reject(Object.assign(new Error('it fails'), { detail: 'stored-name', constraint: 'people_email' }));`;
  const run = promisify(execFile)(process.execPath, ['-e', code, join(root, 'dist/src/service/log.js')]);
  const { code: exit, stdout, stderr } = await run.catch((error) => error);
  expect([exit, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout)).toMatchObject({ level: 60, fault: { message: 'it fails', constraint: 'people_email' } });
  expect(stdout).not.toContain('stored-');
});

test('a database that cannot be reached is spoken of once, without the password', async () => {
  const env = { PATH: process.env.PATH, ROLLBOOK_SECRET_KEY: 'x'.repeat(32), LOG_LEVEL: 'trace' };
  for (const place of ['127.0.0.1:1', '[nowhere']) {
    const DATABASE_URL = `postgres://user:stored-password@${place}/name`;
    const run = promisify(execFile)(process.execPath, [join(root, 'dist/src/cli/main.js'), 'serve'], {
      env: { ...env, DATABASE_URL },
    });
    const { code, stdout, stderr } = await run.catch((error) => error);
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^rollbook: [^\n]*\n$/)]);
    expect(stderr).not.toContain('stored-');
  }
});
