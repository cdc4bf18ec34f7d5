/* The scanner opens without a network: its page and everything it needs lie in a cache of its own.

   DOOR is written before this by the server: {version, page, assets}. Only the page itself and the named assets are
   answered from here, each version from its own cache; no answer of the API is ever kept. */

const PREFIX = "enishi-door-";
const CACHE = PREFIX + DOOR.version;
const PATIENCE = 2000;
const SHARED = new Set(DOOR.assets);

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === DOOR.page) event.respondWith(openPage(event));
  else if (SHARED.has(address.pathname + address.search)) event.respondWith(fromCache(request));
});

async function fill() {
  const cache = await caches.open(CACHE);
  await cache.addAll(DOOR.assets);
  await keepPage(await fetch(DOOR.page, { credentials: "same-origin" }));
}

/** Keep the page, if it is the door of this version: never a sign-in, an error, or one that needs other assets. */
async function keepPage(answer) {
  if (!answer.ok || answer.redirected || answer.headers.get("X-Door-Version") !== DOOR.version) return;
  await (await caches.open(CACHE)).put(DOOR.page, answer);
}

/** The page from the network if it comes within two seconds, else as it was; what comes late is kept for next time. */
async function openPage(event) {
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok) event.waitUntil(keepPage(answer.clone()));
    return answer;
  });
  event.waitUntil(fresh.catch(() => null));
  const late = new Promise((go) => setTimeout(go, PATIENCE, null));
  const answer = await Promise.race([fresh.catch(() => null), late]);
  if (answer && answer.status < 500) return answer;
  return (await (await caches.open(CACHE)).match(DOOR.page)) ?? answer ?? fresh;
}

async function fromCache(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? fetch(request);
}

async function dropOldCaches() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}
