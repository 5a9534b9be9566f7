/** A browser without pages: it keeps cookies, and follows where it is sent to only when told. */
export function visitor() {
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (url: string) => {
    const { host } = new URL(url);
    return jars.get(host) ?? jars.set(host, new Map()).get(host)!;
  };
  const ask = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const jar = jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { cookie, accept: 'text/html,*/*;q=0.8' },
    });
    for (const line of response.headers.getSetCookie()) keep(jar, line);
    return response;
  };
  /** Where it is sent to, absolute. */
  const sent = async (url: string, init?: RequestInit): Promise<string> => {
    const response = await ask(url, init);
    const location = response.headers.get('location');
    if (!location) throw new Error(`${url} sends nowhere: ${response.status} ${await response.text()}`);
    return new URL(location, url).href;
  };
  return {
    ask,
    sent,
    cookies: (url: string) => jarOf(url),
    /** Signs in at the provider with an address; where that then sends the browser back to. */
    async identify(authorization: string, email: string): Promise<string> {
      const interaction = await sent(authorization);
      const form = new URLSearchParams({ prompt: 'login', login: email, password: 'any' });
      return sent(await sent(interaction, { method: 'POST', body: form }));
    },
  };
}

function keep(jar: Map<string, string>, line: string): void {
  const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
  if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(name!);
  else jar.set(name!, value!);
}
