/** What the server said no to; `detail` is its own words (RFC 9457). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Seconds. */
    readonly retryAfter: number,
  ) {
    super(detail);
  }
}

/** The server could not be reached. */
export class Offline extends Error {}

export interface Answer<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
}

interface Options {
  readonly body?: unknown;
  /** Media type of a body that is text already. */
  readonly type?: string;
  readonly accept?: string;
  readonly ifMatch?: string;
}

/** The only caller of fetch. Throws Refused or Offline. */
export async function call<Body>(method: string, path: string, options: Options = {}): Promise<Answer<Body>> {
  const response = await reach(method, path, options);
  if (!response.ok) throw await refusalOf(response);
  const isJson = response.headers.get('Content-Type')?.includes('json');
  const body = response.status === 204 ? undefined : await (isJson ? response.json() : response.text());
  return { body: body as Body, etag: response.headers.get('ETag') ?? undefined };
}

export const get = async <Body>(path: string): Promise<Body> => (await call<Body>('GET', path)).body;

async function reach(method: string, path: string, { body, type, accept, ifMatch }: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept ?? 'application/json' };
  if (body !== undefined) headers['Content-Type'] = type ?? 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  const text = body === undefined || type ? body : JSON.stringify(body);
  try {
    return await fetch(path, { method, headers, body: (text as string | undefined) ?? null, cache: 'no-store' });
  } catch (cause) {
    throw new Offline('The server cannot be reached.', { cause });
  }
}

async function refusalOf(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({}));
  const { code = 'UNKNOWN', detail = problem.title ?? response.statusText } = problem;
  return new Refused(response.status, code, detail, Number(response.headers.get('Retry-After') ?? 1));
}
