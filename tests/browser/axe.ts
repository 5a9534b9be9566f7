import axe, { type AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** What is called otherwise than it reads: who speaks to the page says what is written there (WCAG 2.2, 2.5.3). */
export async function misnamed(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { runOnly: ["label-content-name-mismatch"] })',
  );
  return violations.flatMap(({ nodes }) => nodes.map(({ html }) => html));
}

/** What axe finds wrong with the page, or a frame in it, by WCAG 2.2 at level AA, a line each: which rule, and where. */
export async function faultsOf(page: Page | Frame): Promise<string[]> {
  await page.evaluate(axe.source);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  // 2.5.3 is tried by a rule that axe calls experimental.
  const options = { runOnly: tags, rules: { 'label-content-name-mismatch': { enabled: true } } };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}
