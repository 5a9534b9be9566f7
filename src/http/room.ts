import { overloaded } from '../errors';

export type Room = ReturnType<typeof roomFor>;

/**
 * Room for so many of something at once; who finds none waits, in the order they came.
 * @param queue how many may wait; who comes after them is refused
 */
export function roomFor(most: number, queue = Number.POSITIVE_INFINITY) {
  let free = most;
  const waiting: { readonly size: number; readonly enter: () => void }[] = [];

  const admit = () => {
    while (waiting[0] && waiting[0].size <= free) {
      const { size, enter } = waiting.shift()!;
      free -= size;
      enter();
    }
  };

  return {
    /** Resolves when there is room, with how to leave. What takes more than there is takes all of it. */
    async enter(size: number): Promise<() => void> {
      if (size === 0) return () => undefined;
      const taken = Math.min(size, most);
      const waits = waiting.length > 0 || taken > free;
      if (waits && waiting.length >= queue) throw overloaded();
      await new Promise<void>((enter) => {
        waiting.push({ size: taken, enter });
        admit();
      });
      let inside = true;
      return () => {
        if (inside) free += taken;
        inside = false;
        admit();
      };
    },
  };
}
