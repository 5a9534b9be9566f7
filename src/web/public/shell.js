/*
 * The service worker: keeps the page and its assets, nothing of what the server answers about anybody. The page comes
 * from the network where there is one; assets never change under the same name.
 */
const SHELL = 'rollbook-shell';

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add('/')));
  self.skipWaiting();
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(event.data)));
});

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (pathname.startsWith('/assets/')) event.respondWith(keptFirst(event.request));
  else if (pathname === '/') event.respondWith(networkFirst(event.request));
});

async function keptFirst(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function networkFirst(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await (await caches.open(SHELL)).put('/', response.clone());
    return response;
  } catch {
    return (await caches.match('/')) ?? Response.error();
  }
}
