/*
 * Runs before the page's own script is here, while there is nothing else to do. Where the address names a roll, what that
 * is taken on is on its way meanwhile: roll/sheet.ts asks for the same, and shared/api.ts hands it over, once.
 */
const [, section, date, month] = /^#\/sections\/(\d+)\/((\d{4}-\d\d)-\d\d)$/.exec(location.hash) ?? [];
// Where that script runs already, it has asked.
const paths =
  section && !globalThis.askedEarly
    ? [`/reports/sections/${section}/month?month=${month}`, `/rolls/${section}/${date}`]
    : [];
const headers = { Accept: 'application/json' };
globalThis.askedEarly = new Map(
  paths.map((path) => [
    path,
    fetch(`.${path}`, { headers, signal: AbortSignal.timeout(12_000) }).catch(() => undefined),
  ]),
);
// The first date that a browser writes in words takes it as long as all of the page: it reads how languages write them.
new Date().toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' });
