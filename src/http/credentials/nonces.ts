/** How far a timestamp may be off, either way, in seconds. Clients run in parallel: inside it, any order is fine. */
export const WINDOW = 300;

/** Which nonces each client has used, wherever that is remembered. */
export interface Nonces {
  /** Remembers the nonce; false where it has been used before. */
  use(client: number, timestamp: string, nonce: string, now: number): boolean | Promise<boolean>;
}

/**
 * Which nonces each client has used within the time a timestamp may be off (RFC 5849, 3.3). Two generations, each as
 * long as the whole window: what the older one holds can no longer be replayed when the newer one is full of age.
 * In the memory of the process.
 */
export function nonceMemory(windowSeconds = WINDOW) {
  let current = new Set<string>();
  let previous = new Set<string>();
  let since = 0;

  return {
    use(client: number, timestamp: string, nonce: string, now: number): boolean {
      if (now - since >= 2 * windowSeconds) {
        previous = now - since >= 4 * windowSeconds ? new Set() : current;
        current = new Set();
        since = now;
      }
      const used = `${client} ${timestamp} ${nonce}`;
      if (current.has(used) || previous.has(used)) return false;
      current.add(used);
      return true;
    },
  };
}
