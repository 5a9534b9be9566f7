/**
 * The target of a request in whose path `//` is `/`, wherever it is: clients join a base URL that ends in a slash with a
 * path that begins with one, or leave a part of a path empty. A query stays as it is, and so does the `//` of a target that
 * begins with `http://` (RFC 9112, 3.2.2).
 */
export function withSingleSlashes(target: string): string {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (!path.includes('//')) return target;
  return path.replace(/(?<!^https?:)\/{2,}/gi, '/') + (query < 0 ? '' : target.slice(query));
}
