import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

/** The heads of a table's columns. */
export const Heads = ({ of }: { of: readonly string[] }) => (
  <thead>
    <tr>
      {of.map((head) => (
        <th key={head} scope="col">
          {head}
        </th>
      ))}
    </tr>
  </thead>
);

/**
 * On a narrow screen the rows of a table are cards, on which each cell says itself which column it is of. A table that is shown as
 * cards is one still for a screen reader, but where a browser goes by how it is shown: hence the roles.
 */
export function useCellHeads(table: RefObject<HTMLTableElement | null>, heads: readonly string[]): void {
  useLayoutEffect(() => {
    for (const part of table.current?.querySelectorAll('thead, tbody, tr, th, td') ?? []) part.role = roleOf(part);
    if (table.current) table.current.role = 'table';
    for (const row of table.current?.tBodies[0]?.rows ?? []) {
      // A row below one whose first cells reach into it has its last cells only.
      const cells = [...row.cells];
      const columns = cells.reduce((sum, { colSpan }) => sum + colSpan, 0);
      let column = heads.length - columns;
      for (const cell of cells) {
        if (cell.tagName === 'TD' && cell.colSpan === 1) cell.dataset.head = heads[column];
        column += cell.colSpan;
      }
    }
  });
}

function roleOf(part: Element): string {
  if (part.matches('thead, tbody')) return 'rowgroup';
  if (part.matches('tr')) return 'row';
  if (part.matches('td')) return 'cell';
  return part.matches('thead *') ? 'columnheader' : 'rowheader';
}
