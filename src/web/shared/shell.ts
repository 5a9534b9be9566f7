/** Lets the pages open without a network: browsers allow it over https and on the own machine. */
export async function keepShell(): Promise<void> {
  if ('serviceWorker' in navigator) await navigator.serviceWorker.register('./shell.js');
}
