import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/root';

const [BEGIN, END] = ['<!-- npm run bench -- --readme -->', '<!-- end of the table -->'];

/** The text with what stands between the two comments replaced. */
export function withTable(readme: string, table: string): string {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`README.md lacks ${BEGIN} and ${END}.`);
  return `${readme.slice(0, from + BEGIN.length)}\n${table}\n${readme.slice(to)}`;
}

export function putInReadme(table: string): void {
  const file = join(root, 'README.md');
  writeFileSync(file, withTable(readFileSync(file, 'utf8'), table));
}
