/**
 * The last step of a compilation: writes each compiled schema in `dist` anew, as plain JSON Schema. TypeBox is what schemas are
 * written and typed with. To load it would cost a start as much time as Node itself needs, and values are checked without it.
 */
const { readdirSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const compiled = join(__dirname, '../dist/schemas');

/** JSON has no symbols, by which TypeBox knows its types, and no functions, which only write schemas. */
const plain = (exported) =>
  Object.entries(exported)
    .filter(([, value]) => typeof value === 'object')
    .map(([name, schema]) => `exports.${name} = ${JSON.stringify(schema)};\n`);

const files = readdirSync(compiled, { recursive: true }).filter((file) => file.endsWith('.js'));
// All are loaded before the first is written: they are made of one another.
const texts = files.map((file) => [join(compiled, file), ['"use strict";\n', ...plain(require(join(compiled, file)))]]);
for (const [path, text] of texts) {
  writeFileSync(path, text.join(''));
  rmSync(`${path}.map`, { force: true });
}
