/**
 * In which language dates and numbers are written: that of the browser, which `undefined` is. Some browsers have one
 * that Intl does not know (`en-US@posix`, of a LANG of the system), and throw a RangeError for it: English, then.
 */
export const language = known();

function known(): string | undefined {
  try {
    new Intl.DateTimeFormat(undefined);
    (0).toLocaleString(undefined);
    return undefined;
  } catch {
    return 'en';
  }
}
