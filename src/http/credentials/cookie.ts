const NAME = 'rollbook_session';

/** RFC 6265, 5.4: `name=value` pairs, joined by semicolons. */
export const sessionToken = (cookies: string | undefined): string | undefined =>
  new RegExp(`(?:^|;\\s*)${NAME}=([\\w-]{1,100})(?:;|$)`).exec(cookies ?? '')?.[1];

/**
 * Set-Cookie for so many seconds; none ends it. Scripts cannot read it, and it goes with requests of our own pages alone
 * (RFC 6265bis, 4.1.2).
 */
export const sessionCookie = (token: string, seconds: number, secure: boolean): string =>
  [
    `${NAME}=${token}`,
    'Path=/',
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
