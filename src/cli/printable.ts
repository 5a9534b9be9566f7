/**
 * Control characters, C0 and C1, and those that turn the direction of what follows or begin another line: whoever fills in a name has them
 * do something to a terminal.
 */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** A text of data as a terminal may have it: what it would obey is written as JSON escapes it, `\u001b`. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
