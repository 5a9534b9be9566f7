import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Heads, useCellHeads } from '../shared/heads';

interface Options {
  /** What it is a table of, for who does not see what is around it. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table that scrolls where it is wider than the screen. */
export function Table({ label, columns, children }: Options) {
  const table = useRef<HTMLTableElement>(null);
  useCellHeads(table, columns);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table class="list" ref={table}>
        <caption class="unseen">{label}</caption>
        <Heads of={columns} />
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
