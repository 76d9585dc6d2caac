// Offline after the first visit: keeps one complete version of the site, as files.json lists it. Online, the network
// answers, so that a page is never older than the site; only without it does the kept version answer.
"use strict";

const cache_name = "scaleground-" + new URL(self.location.href).searchParams.get("version");

async function keep_all() {
    const cache = await caches.open(cache_name);
    const list = await fetch("files.json", { cache: "no-cache" });
    const { files } = await list.json();
    const paths = ["./", "files.json", ...files.map((file) => file.path)];
    await cache.addAll(paths.map((path) => new Request(path, { cache: "no-cache" })));
    await self.skipWaiting();
}

async function drop_others() {
    for (const name of await caches.keys())
        if (name.startsWith("scaleground-") && name !== cache_name) await caches.delete(name);
    await self.clients.claim();
}

async function answer(request) {
    try {
        return await fetch(request);
    } catch (error) {
        const cache = await caches.open(cache_name);
        const kept = await cache.match(request, { ignoreSearch: true });
        if (kept) return kept;
        throw error;
    }
}

self.addEventListener("install", (event) => event.waitUntil(keep_all()));
self.addEventListener("activate", (event) => event.waitUntil(drop_others()));
self.addEventListener("fetch", (event) => {
    const own = new URL(event.request.url).origin === self.location.origin;
    if (own && event.request.method === "GET") event.respondWith(answer(event.request));
});
