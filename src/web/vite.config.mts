import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipCompress } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { sources } from './messages/compile';

const brotli = promisify(brotliCompress);
const gzip = promisify(gzipCompress);

/** Bytes below which a compressed file is hardly smaller. */
const SMALL = 1_000;

/**
 * Writes files a second and a third time, as br and as gzip: once and as well as can be, rather than in a hurry each time that
 * one is sent.
 */
const compressed: Plugin = {
  name: 'compressed',
  async writeBundle({ dir }, bundle) {
    await Promise.all(
      Object.keys(bundle).map(async (name) => {
        const file = join(dir!, name);
        const bytes = await readFile(file);
        if (bytes.length < SMALL) return;
        await writeFile(`${file}.br`, await brotli(bytes));
        await writeFile(`${file}.gz`, await gzip(bytes, { level: constants.Z_BEST_COMPRESSION }));
      }),
    );
  },
};

/** Compiles the catalogues of messages. */
const messages: Plugin = {
  name: 'messages',
  enforce: 'pre',
  load(id) {
    const [, name] = /\/messages\/(\w+-\w+)\.ts$/.exec(id) ?? [];
    return name === undefined ? undefined : sources[name]?.();
  },
};

/** The license of what is handed on as it is. */
const licensed: Plugin = {
  name: 'licensed',
  generateBundle() {
    const source = readFileSync(join(import.meta.dirname, '../../node_modules/swagger-ui-dist/LICENSE'));
    this.emitFile({ type: 'asset', fileName: 'assets/swagger-ui.LICENSE.txt', source });
  },
};

/**
 * What several pages begin with, as one file: a browser asks one host for six things at once over HTTP/1.1, and the seventh
 * waits for an answer.
 */
const shared = {
  name: 'shared',
  test: /preact|\/src\/web\/(shared|messages)\/|\/(styles|roll|month)\.css$/,
  tags: ['$initial' as const],
};

/** The pages, built into `dist/web`. Nothing is inlined: the content security policy would refuse it. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: 'public',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ['index.html', 'docs.html', 'launched.html'].map((page) => join(import.meta.dirname, page)),
      checks: { pluginTimings: false },
      output: { codeSplitting: { groups: [shared] } },
    },
  },
  plugins: [messages, licensed, compressed],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
