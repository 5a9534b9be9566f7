import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openClients } from '../../src/clients/clients';
import { SecretKeyError, secretKeysFor } from '../../src/clients/secret-keys';
import { SecretError, secretsWith } from '../../src/clients/secrets';
import { root } from '../../src/lib/root';
import { openWorld, type World } from '../world';

describe('secrets', () => {
  test('open as what was sealed, and never look the same twice', () => {
    const secrets = secretsWith(['x'.repeat(32)]);
    const sealed = ['', 'secret', 'sécret 😀'].flatMap((secret) => [secrets.seal(secret), secrets.seal(secret)]);
    expect(new Set(sealed).size).toBe(6);
    expect(sealed.map((each) => secretsWith(['x'.repeat(32)]).open(each))).toEqual(
      ['', '', 'secret', 'secret', 'sécret 😀', 'sécret 😀'], // by another process with the same key
    );
    for (const each of sealed) expect(each).toMatch(/^v1:[\w-]{16}:[\w-]{22}:[\w-]*$/);
  });

  test('open with any of the keys, and are sealed with the first', () => {
    const [old, both] = [secretsWith(['x'.repeat(32)]), secretsWith(['y'.repeat(32), 'x'.repeat(32)])];
    const [before, after] = [old.seal('secret'), both.seal('secret')];
    expect([both.open(before), both.open(after)]).toEqual(['secret', 'secret']);
    expect([both.isCurrent(before), both.isCurrent(after)]).toEqual([false, true]);
    expect(() => old.open(after)).toThrow(SecretError);
  });

  test('do not open with another key, and the operator is told which', () => {
    const sealed = secretsWith(['x'.repeat(32)]).seal('secret');
    expect(() => secretsWith(['y'.repeat(32)]).open(sealed)).toThrow(SecretError);
    expect(() => secretsWith(['y'.repeat(32)]).open(sealed)).toThrow('ROLLBOOK_SECRET_KEY');
  });

  test.each<[string, (parts: string[]) => string[]]>([
    ['with another text', ([version, iv, tag]) => [version!, iv!, tag!, 'AAAA']],
    ['with a tag cut short', ([version, iv, tag, text]) => [version!, iv!, tag!.slice(0, 6), text!]],
    ['of another version', ([, ...rest]) => ['v2', ...rest]],
    ['without its text', (parts) => parts.slice(0, 3)],
    ['in clear', () => ['secret']],
  ])('do not open %s', (_what, change) => {
    const secrets = secretsWith(['x'.repeat(32)]);
    const changed = change(secrets.seal('secret').split(':')).join(':');
    expect(() => secrets.open(changed)).toThrow(SecretError);
  });
});

describe('the key', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollbook-key-'));
    path = join(folder, 'rollbook.key');
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const kept = () => secretKeysFor(undefined, join(folder, 'rollbook.db'));

  test('that is given is taken, and none is kept', () => {
    expect(secretKeysFor('x'.repeat(32), join(folder, 'rollbook.db'))).toEqual(['x'.repeat(32)]);
    expect(secretKeysFor(`${'y'.repeat(32)}, ${'x'.repeat(32)}`, undefined)).toEqual(['y'.repeat(32), 'x'.repeat(32)]);
    expect(existsSync(path)).toBe(false);
  });

  test('that is kept stays the same, readable by its owner alone', () => {
    const keys = kept();
    expect(keys).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    chmodSync(path, 0o644);
    expect(kept()).toEqual(keys);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test.each(['', '\n', 'x'.repeat(31)])('that is too short is not sealed with: %j', (short) => {
    expect(() => secretKeysFor(short, undefined)).toThrow(SecretKeyError);
    writeFileSync(path, short, { mode: 0o600 });
    expect(kept).toThrow(`${path} must have at least 32 characters`);
    expect(readFileSync(path, 'utf8')).toBe(short);
  });

  test('is one of several, of which none may be too short', () => {
    expect(() => secretKeysFor(`${'x'.repeat(32)},short`, undefined)).toThrow(
      'ROLLBOOK_SECRET_KEY must have at least 32 characters in each of its keys; one has 5.',
    );
  });

  test('must be given where the database is elsewhere', () => {
    expect(() => secretKeysFor(undefined, undefined)).toThrow('ROLLBOOK_SECRET_KEY must be set');
  });

  test('is the same for processes that start at once, and leaves no draft behind', async () => {
    const code = `process.stdout.write(require(process.argv[1]).secretKeysFor(undefined, process.argv[2]).join())`;
    const args = ['-e', code, join(root, 'dist/src/clients/secret-keys.js'), join(folder, 'rollbook.db')];
    const runs = await Promise.all([1, 2, 3, 4].map(() => promisify(execFile)(process.execPath, args)));
    expect(new Set(runs.map(({ stdout }) => stdout))).toEqual(new Set(kept()));
    expect(readdirSync(folder)).toEqual(['rollbook.key']);
  });
});

describe('clients', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  test('have keys, secrets and tokens of their own, and the scopes in their order', async () => {
    const clients = openClients(world.database, secretsWith(['x'.repeat(32)]));
    const request = {
      district: world.districts.larkspur,
      name: 'x',
      scopes: ['admin', 'attendance:read', 'admin'],
    };
    const [one, two] = [await clients.create(request), await clients.create(request)];
    expect(one).toMatchObject({ key: expect.stringMatching(/^[\da-f]{40}$/), scopes: ['attendance:read', 'admin'] });
    expect(new Set([one, two].flatMap(({ key, secret, token }) => [key, secret, token])).size).toBe(6);
    const found = (await clients.byKey(one.key))!;
    expect(clients.secretsOf(found)).toEqual([one.secret]);
    expect(await clients.byToken(one.token)).toMatchObject(found);
  });

  test('cannot be read with another key', async () => {
    const request = { district: world.districts.larkspur, name: 'x', scopes: ['admin'] };
    const { key } = await openClients(world.database, secretsWith(['x'.repeat(32)])).create(request);
    const others = openClients(world.database, secretsWith(['y'.repeat(32)]));
    const found = (await others.byKey(key))!;
    expect(() => others.secretsOf(found)).toThrow(SecretError);
  });

  test('are bound to people of their own district', async () => {
    const clients = openClients(world.database, secretsWith(['x'.repeat(32)]));
    const request = { district: world.districts.larkspur, name: 'x', scopes: ['admin'], person: world.people.eve };
    await expect(clients.create(request)).rejects.toThrow(`There is no person ${world.people.eve} in district`);
  });
});
