import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { type Api, openApi } from '../api';
import { documentsOf, type OpenApi } from './documents';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

declare const loadOnce: NodeRequire; // engines/environment.js

/** The generator writes with the API that TypeScript had until version 6; the compiler of this project has none. */
function generator() {
  const typescript = loadOnce.resolve('typescript');
  loadOnce.cache[typescript] = {
    ...loadOnce.cache[typescript],
    exports: loadOnce('@ts-morph/common').ts,
  } as NodeModule;
  return loadOnce('openapi-typescript') as {
    default(document: OpenApi): Promise<unknown>;
    astToString(types: unknown): string;
  };
}

let api: Api;
let folder: string;
beforeAll(async () => {
  api = await openApi();
  folder = mkdtempSync(join(tmpdir(), 'rollbook-client-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
});

const CLIENT = 'roll.ts';

/** What the compiler says of the files of the folder. */
function compiled(): string {
  const options = {
    strict: true,
    noEmit: true,
    module: 'preserve',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
  return spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' })
    .stdout;
}

test('a client that is made of the document compiles, and takes a roll', async () => {
  const document = (await documentsOf(api)).at(-1)!;
  const { default: typesOf, astToString } = generator();
  const types = astToString(await typesOf(document));
  writeFileSync(join(folder, 'rollbook.ts'), types);
  copyFileSync(join(__dirname, 'client', CLIENT), join(folder, CLIENT));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  expect(compiled()).toBe('');

  const { sections, enrollments } = api.world;
  const { takeRoll } = require(join(__dirname, 'client', CLIENT));
  expect(await takeRoll(api.url, api.token, sections.algebra, '2025-10-06', enrollments.ada)).toEqual([
    { status: 3, comment: 'bus' },
  ]);

  writeFileSync(join(folder, 'rollbook.ts'), types.replaceAll('enrollment_id', 'enrollment'));
  expect(compiled()).toContain('enrollment_id');
});
