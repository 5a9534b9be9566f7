import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { sources } from './messages/compile';

/** Bytes from which on a file is compressed once, here, rather than each time it is sent. */
const LARGE = 100_000;

/** Writes large files a second and a third time, as br and as gzip. */
const compressed: Plugin = {
  name: 'compressed',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      const file = join(dir!, name);
      const bytes = readFileSync(file);
      if (bytes.length < LARGE) continue;
      writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      writeFileSync(`${file}.gz`, gzipSync(bytes));
    }
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
    },
  },
  plugins: [messages, licensed, compressed],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
