/*
 * `src/lib/`: What every folder may use and what knows nothing of attendance: texts, CSV cells, errors, and turns of the
 * event loop.
 */

/** What is made when it is first asked for, and then kept. */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
