/*
 * Runs before the page's own script is here: where the address names a roll, what that is taken on is on its way
 * meanwhile (roll/sheet.ts asks for the same).
 */
const [, section, date, month] = /^#\/sections\/(\d+)\/((\d{4}-\d\d)-\d\d)$/.exec(location.hash) ?? [];
const paths = section
  ? [
      `/reports/sections/${section}/month?month=${month}`,
      `/v1/sections/${section}/attendance?start=${date}&end=${date}&taken=1`,
    ]
  : [];
for (const href of paths)
  document.head.append(
    Object.assign(document.createElement('link'), { rel: 'preload', as: 'fetch', crossOrigin: '', href }),
  );
