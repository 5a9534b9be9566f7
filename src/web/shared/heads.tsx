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

/** On a narrow screen the rows of a table are cards, on which each cell says itself which column it is of. */
export function useCellHeads(table: RefObject<HTMLTableElement | null>, heads: readonly string[]): void {
  useLayoutEffect(() => {
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
