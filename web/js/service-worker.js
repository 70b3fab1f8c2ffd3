// @ts-check
// Kept small: when Belfry cannot be reached, a page that says so instead of the browser's own. Nothing else is cached
// here; assets carry their digest and the browser keeps them. The digest comes with this script's own address.

const assets = new URL(self.location.href).searchParams.get("assets");
const name = `belfry-${assets}`;
const needed = ["/offline", `/assets/${assets}/belfry.css`, `/assets/${assets}/icons.svg`];

self.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(needed)).then(() => /** @type {any} */ (self).skipWaiting()));
});

self.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(caches.keys().then((all) => Promise.all(all.filter((one) => one !== name).map((one) => caches.delete(one)))));
});

self.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await caches.match("/offline")) ?? Response.error()));
  } else if (request.method === "GET" && needed.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
