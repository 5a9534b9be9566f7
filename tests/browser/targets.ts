import type { Page } from 'playwright-core';

/**
 * What is touched on a page and is smaller than 24 by 24 pixels, unless it is not shown (WCAG 2.2, 2.5.8). Of the links, those that
 * stand in a sentence may be smaller: there are words beside them, in the same paragraph or cell.
 */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.locator('button, label, select, summary, a').evaluateAll((found) =>
    found
      .filter((target) => target.checkVisibility())
      .filter(
        (target) =>
          target.localName !== 'a' ||
          ![...target.parentElement!.childNodes].some(
            (beside) => beside.nodeName === '#text' && /\p{L}/u.test(beside.textContent ?? ''),
          ),
      )
      .map((target) => ({ text: target.textContent, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 24 || box.height < 24)
      .map(({ text, box }) => `${text}: ${box.width} by ${box.height}`),
  );
