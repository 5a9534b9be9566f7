import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, type TSchema } from '@sinclair/typebox';
import { apis } from '../../src/apis';
import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import { signerWith } from '../../src/clients/signer';
import { createCredentials } from '../../src/http/credentials/credentials';
import type { Api } from '../../src/http/endpoint';
import { bodyCheck, queryCheck, replyCheck } from '../../src/http/validator';
import { type ErrorCode, Problem, problems } from '../../src/lib/problem';
import { root } from '../../src/lib/root';
import { openRoster } from '../../src/roster/roster';
import { openTargets } from '../../src/webhooks/targets';
import { openWorld, type World } from '../world';

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));

/** Each that a file below `schemas/` exports, by the file and its name. */
const exported = filesIn('schemas', '.ts').flatMap((file) =>
  Object.entries(require(join(root, 'schemas', file)) as Record<string, TSchema>)
    .filter(([, value]) => typeof value === 'object' && Kind in value)
    .map(([name, schema]) => ({ file: file.replace(/\.ts$/, ''), name, schema })),
);

/** The schema and all that it is made of. */
function* partsOf(schema: TSchema): Generator<TSchema> {
  yield schema;
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  for (const part of [...inner, ...(schema.anyOf ?? [])]) if (typeof part === 'object') yield* partsOf(part as TSchema);
}

let world: World;
let all: readonly Api[];
let used: TSchema[];
beforeAll(async () => {
  world = await openWorld();
  const { database, ledger } = world;
  const secrets = secretsWith(['a key']);
  const clients = openClients(database, secrets);
  const webhooks = openTargets(database, secrets, { networks: [] });
  const issuer = new URL('https://id.example.org');
  const openid = { issuer, clientId: '', clientSecret: '', name: 'ID', district: undefined, timeout: 1 };
  const mailer = { send: () => true, close: async () => undefined };
  const publicUrl = 'https://attendance.example.org';
  const parts = { database, ledger, clients, secrets, webhooks, openid, mailer, publicUrl };
  const dependencies = { ...parts, prefix: '', networks: [], onFault: () => undefined, log: { warn: () => undefined } };
  const [credentials, signer] = [createCredentials(database, clients, {}), signerWith(['a key'])];
  all = apis({ ...dependencies, credentials, signer, roster: openRoster(database) });
  used = all
    .flatMap(({ endpoints, errors }) => [errors, ...endpoints.flatMap(({ schemas = {} }) => Object.values(schemas))])
    .filter((schema) => typeof schema === 'object');
});
afterAll(() => world.close());

test.each(exported)(
  'the examples of $name of $file, and of what it is made of, are values that it takes',
  ({ schema }) => {
    for (const part of partsOf(schema))
      for (const example of part.examples ?? []) expect(() => replyCheck(part)(example)).not.toThrow();
  },
);

test('each body, query, reply and error has a title, a description and an example', () => {
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter(({ title, description, examples }) => !(title && description && examples?.length))).toEqual([]);
});

test('each schema of a body, a query or a reply is that of an endpoint', () => {
  const named = exported.filter(({ name }) => /(Body|Query|Reply)$/.test(name));
  expect(named.length).toBeGreaterThan(8);
  // By its title: an endpoint may have examples of its own.
  const titles = used.map(({ title }) => title);
  expect(named.filter(({ schema }) => !titles.includes(schema.title)).map(({ name }) => name)).toEqual([]);
});

test('an API says no as its schema of errors says, for every reason there is', () => {
  const violations = [{ field: 'a.0.b', message: 'must be x, not 1', rule: 'maxItems', data: { max: 1 }, hint: 'x' }];
  const asked = Object.keys(problems).flatMap((code) => [
    new Problem(code as ErrorCode),
    new Problem(code as ErrorCode, 'What is wrong with it.', { violations }),
  ]);
  for (const { errors, refuse } of all)
    for (const problem of asked)
      for (const path of ['/', '/people/1', '/events/1', '/events/1/attendances'])
        expect(() => replyCheck(errors)(refuse(problem, path))).not.toThrow();
});

test('a title is for readers: errors say what ajv says, or what `mustBe` does, with its `hint`', () => {
  const schema = {
    title: 'Thing',
    examples: ['x'],
    type: 'object',
    properties: { of: { type: 'string', title: 'Of', examples: ['x'] } },
  };
  const violations = (check: () => unknown): unknown => {
    try {
      return check();
    } catch (error) {
      return (error as { violations: unknown }).violations;
    }
  };
  const { of } = schema.properties;
  const said = { ...schema, properties: { of: { ...of, mustBe: 'a text', hint: 'y' } } };
  expect(violations(() => bodyCheck(schema as never)({ of: 1 }))).toEqual([
    { field: 'of', message: 'must be string, not 1', rule: 'type' },
  ]);
  expect(violations(() => bodyCheck(said as never)({ of: 1 }))).toEqual([
    { field: 'of', message: 'must be a text, not 1', rule: 'type', hint: 'y' },
  ]);
  expect(violations(() => queryCheck(schema as never)([]))).toEqual([
    { field: 'body', message: 'must be object, not []', rule: 'type' },
  ]);
});

test('what is built has the same schemas in plain JSON, and loads no TypeBox', () => {
  for (const { file, name, schema } of exported) {
    const built = require(join(root, 'dist/schemas', file))[name];
    expect(built).toEqual(JSON.parse(JSON.stringify(schema)));
    expect(Kind in built).toBe(false);
  }
  const built = ['src', 'schemas', 'db'].flatMap((folder) =>
    filesIn('dist', '.js').filter((file) => file.startsWith(`${folder}/`)),
  );
  expect(built.length).toBeGreaterThan(200);
  expect(
    built.filter((file) => /require\("@sinclair\/typebox"\)/.test(readFileSync(join(root, 'dist', file), 'utf8'))),
  ).toEqual([]);
});

test('each endpoint says what it answers, but for those that answer with no body', () => {
  const silent = all.flatMap(({ name, base, endpoints }) =>
    endpoints.filter(({ schemas }) => !schemas?.reply).map(({ method, path }) => `${name}: ${method} ${base}${path}`),
  );
  expect(silent).toEqual([
    // These send the client elsewhere.
    'schoology: GET /v1/users/me',
    'schoology: GET /v1/users/ext/:code',
    'schoology: GET /v1/sections/ext/:code',
    // What is removed.
    'schoology: DELETE /v1/triggers/targets/:target',
    'rollbook: GET /sign-in/openid',
    'rollbook: GET /sign-in/openid/callback',
    'rollbook: DELETE /session/',
    'rollbook: DELETE /session/passkeys/:passkey',
    'rollbook: DELETE /substitutions/:substitution',
    'rollbook: DELETE /access/people/:person/sessions',
    'rollbook: DELETE /access/people/:person',
    'rollbook: PUT /access/people/:person/role',
    'rollbook: DELETE /access/people/:person/role',
    'rollbook: DELETE /access/clients/:client',
    'rollbook: DELETE /webhooks/:webhook',
    'rollbook: GET /lti/login',
    'rollbook: POST /lti/login',
    'rollbook: GET /lti/again',
    'rollbook: POST /lti/launch',
    'rollbook: GET /lti/register/:invitation',
  ]);
});
