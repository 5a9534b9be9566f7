import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';

const [BEGIN, END] = ['<!-- npm run bench -- --docs -->', '<!-- end of the table -->'];

/** The page of the manual that has the table. */
export const page = join(root, 'docs/benchmark.md');

/** The text with what stands between the two comments replaced. */
export function withTable(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/benchmark.md lacks ${BEGIN} and ${END}.`);
  return `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`;
}

export function putInPage(table: string): void {
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), table));
}
