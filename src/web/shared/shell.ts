/** Lets the pages open without a network: browsers allow it over https and on the own machine. Not in a frame: who may show it is the network's to say. */
export async function keepShell(): Promise<void> {
  if ('serviceWorker' in navigator && window.top === window) await navigator.serviceWorker.register('./shell.js');
}
