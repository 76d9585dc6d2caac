// Chromium by playwright-core and Firefox by puppeteer-core (WebDriver BiDi), behind one face: open() gives a Tab.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";

// Packages live beside this file (./test links them here) or in $SCALE_DEPS/node.
export function find_package(name) {
    const here = path.dirname(new URL(import.meta.url).pathname);
    const places = [process.env.SCALE_NODE_MODULES, path.join(here, "node_modules"),
        path.join(process.env.SCALE_DEPS ?? "build/deps", "node/node_modules")];
    for (const place of places) {
        if (place && fs.existsSync(path.join(place, name)))
            return createRequire(path.resolve(place, "none.js")).resolve(name);
    }
    throw new Error(`The package ${name} is not installed: ./test installs it into build/deps/node`);
}

// The board is drawn by software WebGL; the page around it by what software draws faster.
const chromium_flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist", "--disable-gpu-compositing", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// Runs in the page before anything else: notes what the Content-Security-Policy refused.
function note_violations() {
    window.noted_violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.noted_violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
}

// Nor does a test keep the site for offline use, which costs each tab as much as it takes to open (`keeps` where a test is
// about that or about what a visit takes). The page asks as always, and is told that it is done.
function keep_nothing() {
    try {
        navigator.serviceWorker.register = async () => {};
    } catch {
        return; // a sandbox has none
    }
}

// Frames are drawn by the processor here, 50 ms each, and a page that plays would take one to itself while its test only
// waits for a moment. Ten a second are what a slow machine shows; `smooth` where a test measures them.
function fewer_frames() {
    const gap_ms = 100;
    const [request, cancel] = [window.requestAnimationFrame.bind(window), window.cancelAnimationFrame.bind(window)];
    const wanted = new Map(); // what is waited for, by the number that the page has
    let [last, count] = [-gap_ms, 0];
    window.requestAnimationFrame = (work) => {
        const number = ++count;
        const frame = () => request((now) => {
            last = now;
            if (wanted.delete(number)) work(now);
        });
        const wait_ms = last + gap_ms - performance.now();
        wanted.set(number, wait_ms > 0 ? { timer: setTimeout(() => wanted.set(number, { frame: frame() }), wait_ms) } : { frame: frame() });
        return number;
    };
    window.cancelAnimationFrame = (number) => {
        const { timer, frame } = wanted.get(number) ?? {};
        clearTimeout(timer);
        if (frame) cancel(frame);
        wanted.delete(number);
    };
}

const prepared = ({ init = [], keeps = false, smooth = false }) =>
    [note_violations, ...(keeps ? [] : [keep_nothing]), ...(smooth ? [] : [fewer_frames]), ...init];

class Tab {
    // `done` ends it: closes the page, or keeps it for the next test.
    constructor(page, done) {
        Object.assign(this, { page, errors: [] });
        const heard = {
            pageerror: (error) => this.errors.push("uncaught: " + (error.stack ?? error)),
            console: (message) => message.type() === "error" && this.errors.push("console: " + message.text()),
        };
        for (const [what, hear] of Object.entries(heard)) page.on(what, hear);
        this.done = async (failed) => {
            for (const [what, hear] of Object.entries(heard)) page.off(what, hear);
            await done(failed);
        };
    }
    evaluate(work, argument) { return this.page.evaluate(work, argument); }
    click(selector) { return this.page.click(selector); }
    // One key, or one with modifiers: "Shift+Tab".
    async press(keys) {
        const parts = keys === "+" ? ["+"] : keys.split("+");
        for (const key of parts.slice(0, -1)) await this.page.keyboard.down(key);
        await this.page.keyboard.press(parts.at(-1));
        for (const key of parts.slice(0, -1).reverse()) await this.page.keyboard.up(key);
    }
    goto(url) { return this.page.goto(url, { waitUntil: "load" }); }
    reload() { return this.page.reload(); }
    screenshot(file) { return this.page.screenshot({ path: file }); }

    // How many different colours a box of the page shows, as a person sees it.
    async colours({ left, top, width, height }) {
        const { PNG } = await import(find_package("pngjs")).then((all) => all.default ?? all);
        const shot = await this.page.screenshot({ clip: { x: left, y: top, width, height } });
        const { data } = PNG.sync.read(Buffer.from(shot));
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        return seen.size;
    }

    async click_at(x, y) { await this.page.mouse.click(x, y); }
    // From a point to another, a key held down meanwhile; slow enough that every frame hears of it.
    async drag_at([x0, y0], [x1, y1], key) {
        const pause = () => new Promise((resolve) => setTimeout(resolve, 150));
        await this.page.keyboard.down(key);
        await this.page.mouse.move(x0, y0);
        await pause();
        await this.page.mouse.down();
        await pause();
        await this.page.mouse.move(x1, y1, { steps: 6 });
        await pause();
        await this.page.mouse.up();
        await pause();
        await this.page.keyboard.up(key);
    }

    // The page is ready and its design runs or rests.
    ready() { return this.evaluate(() => window.scaleground.ready.then(() => true)); }

    text(selector) { return this.evaluate((css) => document.querySelector(css).textContent.trim(), selector); }

    async violations() { return this.evaluate(() => window.noted_violations ?? []); }
}

// Where a tab stands between two tests: a page of the site that keeps nothing, as only there what is kept can be cleared.
const k_between = "not-modelled.html";

// As a new tab would be, but that what was compiled need not be compiled again.
async function emptied(page, address) {
    await page.goto(address + k_between);
    await page.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
    });
    await page.mouse.move(0, 0);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Page.resetNavigationHistory");
    await cdp.detach();
    return page;
}

// A new tab has a process of its own, which compiles the module anew: half of what opening the page takes. So a tab that
// had no settings of its own but its size, and whose test passed, is emptied and used again.
export async function open_chromium(address) {
    const { chromium } = await import(find_package("playwright-core")).then((all) => all.default ?? all);
    const browser = await chromium.launch({ executablePath: process.env.SCALE_CHROMIUM ?? "/usr/bin/chromium",
        args: chromium_flags });
    const free = [];
    async function new_page({ width, height }, { scale = 1, touch = false, language = "en-US", scheme = "dark",
        motion = "no-preference", permissions = [], ...more }) {
        const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale,
            hasTouch: touch, isMobile: touch, locale: language, colorScheme: scheme, reducedMotion: motion, permissions });
        const page = await context.newPage();
        for (const script of prepared(more)) await page.addInitScript(script);
        return page;
    }
    async function open({ width = 1280, height = 800, ...settings } = {}) {
        const plain = Object.keys(settings).every((name) => name === "unready");
        const used = plain ? free.pop() : undefined;
        await used?.setViewportSize({ width, height });
        const page = used ?? await new_page({ width, height }, settings);
        const context = page.context();
        const tab = new Tab(page, async (failed) => {
            if (failed || !plain) return context.close();
            return emptied(page, address).then(() => free.push(page), () => context.close());
        });
        tab.resize = (w, h) => page.setViewportSize({ width: w, height: h });
        tab.tap = (x, y) => page.touchscreen.tap(x, y);
        tab.offline = (value) => context.setOffline(value);
        tab.back = () => page.goBack();
        tab.forward = () => page.goForward();
        return tab;
    }
    return { name: "chromium", version: browser.version(), engine: browser, open, close: () => browser.close() };
}

export async function open_firefox() {
    const puppeteer = await import(find_package("puppeteer-core")).then((all) => all.default ?? all);
    const browser = await puppeteer.launch({ browser: "firefox", headless: false,
        executablePath: process.env.SCALE_FIREFOX ?? "/usr/bin/firefox-esr",
        extraPrefsFirefox: { "webgl.force-enabled": true, "dom.disable_open_during_load": false } });
    async function open({ width = 1280, height = 800, scale = 1, ...more } = {}) {
        const context = await browser.createBrowserContext();
        const page = await context.newPage();
        await page.setViewport({ width, height, deviceScaleFactor: scale });
        for (const script of prepared(more)) await page.evaluateOnNewDocument(script);
        const tab = new Tab(page, () => context.close());
        tab.resize = (w, h) => page.setViewport({ width: w, height: h, deviceScaleFactor: scale });
        tab.back = () => page.evaluate(() => history.back());
        tab.forward = () => page.evaluate(() => history.forward());
        return tab;
    }
    return { name: "firefox", version: await browser.version(), open, close: () => browser.close() };
}
