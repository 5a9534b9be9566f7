/*
 * The service worker: keeps the page and its assets, nothing of what the server answers about anybody. The page comes
 * from the network where there is one that answers soon; assets never change under the same name. A page is kept once
 * all of its assets are, so that what is opened without a network is always whole.
 */
const SHELL = 'rollbook-shell';
/** Milliseconds. */
const SOON = 3_000;
/** Where the page is: the path that the host is published below, `/` where it is none. */
const { pathname: PAGE } = new URL('./', self.location);

self.addEventListener('install', (event) => {
  event.waitUntil(fetch('./', { cache: 'no-cache' }).then(keep));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (pathname.startsWith(`${PAGE}assets/`)) event.respondWith(keptFirst(event.request));
  else if (pathname === PAGE) event.respondWith(networkFirst(event));
});

async function keptFirst(request) {
  const found = await caches.match(request, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(SHELL)).put(request, response.clone());
  return response;
}

async function networkFirst(event) {
  const kept = await caches.match(PAGE, { ignoreVary: true });
  const asked = fetch(event.request);
  event.waitUntil(asked.then((response) => keep(response.clone())).catch(() => undefined));
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, SOON, kept));
  return Promise.race([asked.then((response) => (response.ok ? response : kept)).catch(() => kept), late]);
}

/** Keeps a page with the assets that it names; those of another release go. */
async function keep(page) {
  if (!page.ok) throw new Error(`The page was answered ${page.status}.`);
  const shell = await caches.open(SHELL);
  const named = (await page.clone().text()).match(/assets\/[\w.-]+/g) ?? [];
  const urls = [...new Set(named)].map((path) => new URL(path, self.location).href);
  const held = (await shell.keys()).map(({ url }) => url);
  const fresh = urls.filter((url) => !held.includes(url));
  await shell.addAll(fresh);
  await shell.put(PAGE, page);
  const old = fresh.length > 0 ? held.filter((url) => url.includes(`${PAGE}assets/`) && !urls.includes(url)) : [];
  await Promise.all(old.map((url) => shell.delete(url)));
}
