/** Prints one part of the page with nothing around it, and its numbers with it. */
export function printAlone(part: Element): void {
  const folded = [...part.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  const restore = () => {
    part.classList.remove('alone');
    for (const details of folded) details.open = false;
  };
  part.classList.add('alone');
  for (const details of folded) details.open = true;
  window.addEventListener('afterprint', restore, { once: true });
  window.print();
}
