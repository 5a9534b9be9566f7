/** Bytes of all answers that are remembered, and of the largest of them. */
const MOST = 32 * 1024 * 1024;
const LARGEST = 256 * 1024;

export type ResponseCache = ReturnType<typeof responseCache>;

/**
 * Encoded answers, by what was asked and the revision that was answered. The revision is read anew for each request,
 * so that none of them is ever stale: it saves the rows and their encoding, not the question whether they changed.
 */
export function responseCache(most = MOST, largest = LARGEST) {
  const known = new Map<string, { readonly revision: number; readonly bytes: Buffer }>();
  let size = 0;
  const sizeOf = (asked: string, bytes: Buffer) => asked.length + bytes.length;

  const forget = (asked: string) => {
    const found = known.get(asked);
    if (!found) return;
    known.delete(asked);
    size -= sizeOf(asked, found.bytes);
  };

  return {
    get(asked: string, revision: number): Buffer | undefined {
      const found = known.get(asked);
      return found?.revision === revision ? found.bytes : undefined;
    },

    /** Those that were answered longest ago make room. */
    put(asked: string, revision: number, bytes: Buffer): void {
      forget(asked);
      if (sizeOf(asked, bytes) > largest) return;
      known.set(asked, { revision, bytes });
      size += sizeOf(asked, bytes);
      for (const oldest of known.keys()) {
        if (size <= most) break;
        forget(oldest);
      }
    },
  };
}
