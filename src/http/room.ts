/** Room for so many of something at once; who finds none waits, in the order they came. */
export function roomFor(most: number) {
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
      await new Promise<void>((enter) => {
        waiting.push({ size: taken, enter });
        admit();
      });
      return () => {
        free += taken;
        admit();
      };
    },
  };
}
