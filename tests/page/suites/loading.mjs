// From opening the page to a design that runs, and what is said where it cannot.
import { once } from "node:events";
import http from "node:http";
import { check, equal, eventually } from "../harness.mjs";

const state_of = (tab) => tab.evaluate(() => window.scaleground.metrics());

export const tests = [
    { name: "a design runs within seconds of opening", async run({ open }) {
        const started = Date.now();
        const tab = await open();
        const interactive = Date.now() - started;
        await eventually(async () => (await state_of(tab)).requests.offered > 10, "requests flow");
        const running = Date.now() - started;
        check(running < 15000, `it took ${running} ms`);
        check((await tab.evaluate(() => window.scaleground.state().nodes.length)) >= 4, "the design for a first visit");
        check(await tab.evaluate(() => document.getElementById("loading").hidden), "the loading cover is gone");
        return `interactive after ${interactive} ms, requests counted after ${running} ms`;
    } },
    { name: "words are readable before the simulator arrives", async run({ open }) {
        const tab = await open("", { unready: true, init: [function hold_wasm() {
            const real = window.fetch;
            window.fetch = (what, ...more) =>
                (String(what.url ?? what).includes(".wasm") ? new Promise(() => {}) : real(what, ...more));
        }] });
        const intro = await tab.text("#intro .say-en");
        check(intro.includes("request by request"), "the introduction stands in the page");
        check(await tab.evaluate(() => document.querySelector("progress").getBoundingClientRect().width > 50), "a progress bar shows");
        await eventually(() => tab.evaluate(() => document.querySelector("progress").value > 0), "the bar moves with the fonts");
        await tab.click("#language-button");
        await eventually(async () => /[가-힣]/.test(await tab.text("#loading-text")) &&
            (await tab.text("#share-button")) === "공유", "language can be switched meanwhile");
    } },
    { name: "without WebGL 2 it says so", async run({ open }) {
        const tab = await open("", { unready: true, init: [function no_webgl() {
            const real = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
                return kind === "webgl2" ? null : real.call(this, kind, ...more);
            };
        }] });
        await eventually(async () => (await tab.text("#refused")).includes("WebGL 2"), "the message");
        check(await tab.evaluate(() => window.scaleground.ready.then(() => false, () => true)), "ready is rejected");
    } },
    { name: "without WebAssembly it says so", async run({ open }) {
        const tab = await open("", { unready: true, init: [function no_wasm() { delete window.WebAssembly; }] });
        await eventually(async () => (await tab.text("#refused")).includes("WebAssembly"), "the message");
        check((await tab.text("#intro .say-en")).length > 100, "the words stay");
    } },
    { name: "a module that does not load is reported", async run({ open }) {
        const tab = await open("", { unready: true, init: [function break_wasm() {
            const real = window.fetch;
            window.fetch = (what, ...more) => (String(what.url ?? what).includes("playground.wasm")
                ? Promise.resolve(new Response("gone", { status: 503 })) : real(what, ...more));
        }] });
        await eventually(async () => (await tab.text("#refused")).includes("HTTP 503"), "the message names the reason");
    } },
    { name: "nothing comes from another host", async run({ open, address }) {
        const tab = await open("", { keeps: true });
        const urls = await tab.evaluate(() => performance.getEntriesByType("resource").map((entry) => entry.name));
        equal(urls.filter((url) => !url.startsWith(address) && !/^(data|blob):/.test(url)), [], "foreign requests");
        const fonts = urls.filter((url) => url.endsWith(".ttf"));
        equal(fonts.length, new Set(fonts).size, "each font is fetched once");
    } },
    { name: "works where storage is closed", async run({ open }) {
        const tab = await open("", { init: [function close_storage() {
            Object.defineProperty(window, "localStorage", { get() { throw new DOMException("closed", "SecurityError"); } });
        }] });
        await tab.click("#theme-button");
        await tab.click("#language-button");
        await eventually(async () => (await tab.text("#share-button")) === "공유", "the language changes");
        await tab.evaluate(() => window.scaleground.pause());
    } },
    { name: "works in a sandboxed frame", async run({ open, address }) {
        const html = `<!doctype html><iframe sandbox="allow-scripts" width="900" height="600" src="${address}"></iframe>`;
        const host = http.createServer((request, response) => response.end(html)).listen(0, "localhost");
        await once(host, "listening");
        const tab = await open(null);
        await tab.goto(`http://localhost:${host.address().port}/`);
        const frame = await eventually(() => tab.page.frames().find((each) => each !== tab.page.mainFrame() &&
            each.url().startsWith(address)), "the frame loads");
        await frame.evaluate(() => window.scaleground.ready.then(() => true));
        const offered = await frame.evaluate(() => window.scaleground.runTo(5).then(() => window.scaleground.metrics().requests.offered));
        host.close();
        check(offered > 0, "the design runs in the frame");
    } },
    { name: "works offline after the first visit", browsers: ["chromium"], async run({ open }) {
        const tab = await open("", { keeps: true });
        await tab.evaluate(() => navigator.serviceWorker.ready.then(() => true));
        await eventually(() => tab.evaluate(async () => {
            const names = await caches.keys();
            return names.length === 1 && (await (await caches.open(names[0])).keys()).length > 10;
        }), "the site is kept");
        await tab.offline(true);
        await tab.reload();
        await tab.ready();
        await tab.evaluate(() => window.scaleground.runTo(2));
        await tab.offline(false);
        tab.errors.length = 0; // the browser reports each request that found no network
    } },
];
