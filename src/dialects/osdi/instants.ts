/** ISO 8601 with a time zone; the day alone stands for its beginning in UTC. */
const INSTANT = /^[1-9]\d{3}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/** The instant that a text means, as the database has it; undefined where it means none. */
export function instantOf(text: string): string | undefined {
  const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  const iso = Number.isNaN(time) ? '' : new Date(time).toISOString();
  // Date.parse takes the 30th of February for the 2nd of March; a zone can lead beyond the year 9999.
  const isReal = iso.length === 24 && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === +text.slice(8, 10);
  return isReal ? iso : undefined;
}

/** "Datetimes are ISO 8601 in UTC": `2014-03-20T21:04:31Z`, without milliseconds. */
export const printed = (instant: string): string => instant.replace(/\.\d+Z$/, 'Z');
