// Embeds in a page of our own: still until clicked, out of the way of wheel and Tab, driven by messages, and the same run
// when opened in the playground.
import { once } from "node:events";
import http from "node:http";
import { check, equal, eventually, sleep } from "../harness.mjs";

// A host page on another origin, with two embeds, a long way to scroll and a field before and behind them.
async function host(address, frames, work) {
    const html = `<!doctype html><meta charset="utf-8"><style>body{margin:0;font:16px sans-serif}iframe{display:block;border:0;margin:40px auto}</style>
<p><a href="#end" id="before">before</a></p>${frames.map(({ where, width = 700, height = 400, more = "" }, index) =>
    `<iframe id="frame${index}" src="${address}${where}" width="${width}" height="${height}" ${more}></iframe>`).join("\n")}
<p><a href="#end" id="behind">behind</a></p><div style="height:3000px" id="end"></div>
<script>
window.answers = []; window.events = [];
addEventListener("message", ({ data, source }) => {
    if (!data || data.scaleground !== 1) return;
    (data.event ? events : answers).push({ ...data, frame: [0, 1].findIndex((index) => frames[index] === source) });
});
window.ask = (frame, message) => new Promise((resolve) => {
    const id = message.id ?? Math.random();
    frames[frame].postMessage({ scaleground: 1, id, ...message }, "*");
    setTimeout(() => resolve({ error: "no answer within 30 s" }), 30000);
    const timer = setInterval(() => { const found = answers.find((one) => one.id === id && one.frame === frame);
        if (found) { clearInterval(timer); resolve(found); } }, 20);
});
</script>`;
    const server = http.createServer((request, response) => {
        response.setHeader("Content-Type", "text/html; charset=utf-8");
        response.end(html);
    }).listen(0, "localhost");
    await once(server, "listening");
    try {
        return await work(`http://localhost:${server.address().port}/`);
    } finally {
        server.close();
        server.closeAllConnections();
    }
}

const k_frames = [{ where: "?embed=1&ui=min&lang=en&theme=dark#scenario=04-load-balancer" },
    { where: "?embed=1&ui=none&lang=ko&theme=light#scenario=06-cache", width: 320, height: 360 }];

// The frames of the page in the order of the document.
async function embeds_of(tab, address, count = 2) {
    return eventually(async () => {
        const frames = tab.page.frames().filter((frame) => frame.url().startsWith(address));
        if (frames.length < count) return null;
        const drawn = await Promise.all(frames.map((frame) => frame.evaluate(() =>
            document.getElementById("poster")?.dataset.drawn !== undefined).catch(() => false)));
        return drawn.every(Boolean) && frames;
    }, "the posters");
}

const loaded = (frame) => frame.evaluate(() => performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname.slice(1)));
const ask = (tab, frame, message) => tab.evaluate(([index, what]) => window.ask(index, what), [frame, message]);
const ask_ok = async (tab, frame, call, argument) => {
    const answer = await ask(tab, frame, { call, ...(argument === undefined ? {} : { argument }) });
    check("ok" in answer, `${call}: ${answer.error}`);
    return answer.ok;
};

export const tests = [
    { name: "a poster first: no simulator is loaded, both languages and themes", run: async ({ open, address }) => host(address, k_frames, async (url) => {
        const tab = await open(null);
        await tab.goto(url);
        const frames = await embeds_of(tab, address);
        for (const frame of frames) {
            const files = await loaded(frame);
            check(!files.some((name) => /\.wasm$|^playground\.mjs$/.test(name)), "loaded before a click: " + files.join(" "));
        }
        check(!(await loaded(frames[0])).some((name) => name.endsWith(".ttf")), "a font for an English picture");
        const [english, korean] = await Promise.all(frames.map((frame) => frame.evaluate(() =>
            document.body.innerText + document.getElementById("poster-picture").textContent)));
        check(english.includes("Open in the playground") && english.includes("Load balancer"), english);
        check(korean.includes("플레이그라운드에서 열기") && korean.includes("캐시"), korean);
        const fits = await frames[1].evaluate(() => document.documentElement.scrollWidth <= 320 && document.documentElement.scrollHeight <= innerHeight);
        check(fits, "nothing sticks out at 320 px");
    }) },
    { name: "Korean is readable in a picture where the machine has no Korean font, sandboxed too", run: async ({ open, address }) =>
        host(address, [{ where: "?embed=1&lang=ko&theme=light#scenario=06-cache" }, { where: "?embed=1&lang=ko#scenario=06-cache",
            more: 'sandbox="allow-scripts"' }], async (url) => {
        const tab = await open(null);
        await tab.goto(url);
        for (const frame of await embeds_of(tab, address)) {
            const seen = await eventually(() => frame.evaluate(() => {
                if (document.fonts.status !== "loaded") return null;
                const text = [...document.querySelectorAll("#poster-picture text")].find((one) => /[가-힣]/.test(one.textContent));
                const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
                const drawn = (syllable) => {
                    context.clearRect(0, 0, 60, 60);
                    context.font = `40px ${getComputedStyle(text).fontFamily}`;
                    context.fillText(syllable, 4, 44);
                    return context.getImageData(0, 0, 60, 60).data.join("");
                };
                return { differ: drawn("가") !== drawn("힣"), own: [...document.fonts].filter((face) => face.status === "loaded").length };
            }), "fonts");
            check(seen.differ, "one box for every syllable");
        }
    }) },
    { name: "wheel and Tab belong to the host until a click, and again after Escape", browsers: ["chromium"], run: async ({ open, address }) =>
        host(address, k_frames, async (url) => {
        const tab = await open(null, { height: 700 });
        await tab.goto(url);
        const [frame] = await embeds_of(tab, address);
        const box = await tab.evaluate(() => { const { left, top } = document.getElementById("frame0").getBoundingClientRect(); return { left, top }; });
        const scrolled = () => tab.evaluate(() => scrollY);
        const wheel = async (by) => {
            await tab.page.mouse.move(box.left + 300, box.top + 150 - await scrolled());
            await tab.page.mouse.wheel(0, by);
            await sleep(300);
        };
        const scrolls = (what) => eventually(async () => (await wheel(100), await scrolled() > 50), what);
        await scrolls("over the poster the host page scrolls");
        await tab.evaluate(() => scrollTo(0, 0));
        await tab.evaluate(() => document.getElementById("before").focus());
        for (let presses = 0; presses < 14; presses += 1) {
            await tab.press("Tab");
            if (await tab.evaluate(() => document.activeElement.id) === "behind") break;
        }
        equal(await tab.evaluate(() => document.activeElement.id), "behind", "Tab comes out behind the embeds");
        await tab.evaluate(() => scrollTo(0, 0));
        await frame.click("#poster-start");
        await frame.evaluate(() => window.scaleground.ready.then(() => true));
        await eventually(() => frame.evaluate(() => document.documentElement.dataset.held !== undefined), "it is held");
        await eventually(() => frame.evaluate(() => window.scaleground.state().playing), "it runs");
        await wheel(100);
        equal(await scrolled(), 0, "held, the wheel is the board's");
        await tab.press("Escape");
        await eventually(() => frame.evaluate(() => document.documentElement.dataset.held === undefined), "let go");
        await scrolls("let go, the host page scrolls");
        await tab.evaluate(() => scrollTo(0, 0));
        for (let presses = 0; presses < 14; presses += 1) {
            await tab.press("Tab");
            if (await tab.evaluate(() => document.activeElement.id) === "behind") break;
        }
        equal(await tab.evaluate(() => document.activeElement.id), "behind", "Tab comes out again");
    }) },
    { name: "driven by messages, opened in the playground: the same digest", run: async ({ open, address }) => host(address, k_frames, async (url) => {
        const tab = await open(null);
        await tab.goto(url);
        const frames = await embeds_of(tab, address);
        const before = frames[1].url();
        equal(await ask_ok(tab, 1, "ready"), true, "ready");
        await ask_ok(tab, 1, "runTo", 20);
        await ask_ok(tab, 1, "command", { do: "kill", node: "cache" });
        equal(await ask_ok(tab, 1, "runTo", 27.25), 27.25, "the moment");
        const [digest, metrics, link] = [await ask_ok(tab, 1, "digest"), await ask_ok(tab, 1, "metrics"), await ask_ok(tab, 1, "link")];
        equal(metrics.digest, digest, "metrics and digest");
        check(link.startsWith("#s=1"), link);
        equal(frames[1].url(), before, "its address");
        equal(await frames[1].evaluate(() => location.href), before, "its address, as it sees it");
        check(await frames[1].evaluate(() => { try { return localStorage.length === 0 || !localStorage.getItem("scaleground.works");
            } catch { return true; } }), "nothing is kept");
        const href = await frames[1].evaluate(() => { document.getElementById("embed-open").dispatchEvent(new Event("focus"));
            return document.getElementById("embed-open").href; });
        const whole = await open(href.slice(address.length));
        equal(await whole.evaluate(() => window.scaleground.digest()), digest, "the digest in the playground");
        equal(await whole.evaluate(() => window.scaleground.state().playing), false, "it rests there");
        await ask_ok(tab, 1, "play");
        await ask_ok(tab, 1, "pause");
        for (const [call, argument] of [["command", { do: "explode", node: "db" }], ["command", { do: "kill", node: "nobody" }], ["command", "{kill"],
            ["command", { do: "set", node: "db", connections: -1 }], ["runTo", 1], ["load", "#s=1AAAA"], ["load", "#scenario=nothing"]]) {
            const { error } = await ask(tab, 1, { call, argument });
            check(/[가-힣]/.test(error ?? ""), `${call} ${JSON.stringify(argument)} in Korean: ${error}`);
        }
        equal((await ask_ok(tab, 1, "load", "#scenario=04-load-balancer")).title.en.length > 5, true, "load");
    }) },
    { name: "messages that make no sense are answered with a sentence, others not at all", run: async ({ open, address }) => host(address, k_frames,
        async (url) => {
        const tab = await open(null);
        await tab.goto(url);
        const frames = await embeds_of(tab, address);
        for (const [message, word] of [[{ call: "explode" }, "explode"], [{ call: "runTo", argument: "now" }, "runTo"],
            [{ call: "runTo" }, "runTo"], [{ call: "play", argument: 1 }, "play"], [{ call: "load", argument: { a: 1 } }, "load"],
            [{ call: "command", argument: [] }, "command"], [{ call: "metrics", extra: 1 }, "extra"], [{ call: "digest", scaleground: 7 }, "1"]]) {
            const answer = await ask(tab, 0, message);
            check(answer.error?.includes(word), JSON.stringify(message) + " -> " + JSON.stringify(answer));
        }
        for (const message of [{ call: "explode" }, { call: "runTo", argument: "now" }, { call: "load", argument: { a: 1 } },
            { call: "command", argument: [] }]) {
            const { error } = await ask(tab, 1, message);
            check(/[가-힣]/.test(error) && !/ (or|as|a|in) /.test(error), `in Korean: ${error}`);
        }
        equal((await ask(tab, 0, { call: "listening" })).ok, true, "it hears");
        check(!(await loaded(frames[0])).some((name) => name.endsWith(".wasm")), "none of them started it");
        // A window that is not the parent: the other embed.
        await frames[1].evaluate(() => window.parent.frames[0].postMessage({ scaleground: 1, id: "stranger", call: "ready" }, "*"));
        await sleep(400);
        check(!(await loaded(frames[0])).some((name) => name.endsWith(".wasm")), "strangers are not heard");
        equal(await tab.evaluate(() => window.events.filter((one) => one.event === "listening").map((one) => one.frame).sort()), [0, 1], "who listens says so");
    }) },
    { name: "sandboxed and without storage: any link, drawn by the engine without a screen", run: async ({ open, address, cli }) => {
        const first = await open("#scenario=04-load-balancer");
        const link = await first.evaluate(async () => { await window.scaleground.runTo(27); return window.scaleground.link(); });
        return host(address, [{ where: "?embed=1&ui=none&lang=en" + link + "&at=27", more: 'sandbox="allow-scripts"' }], async (url) => {
            const tab = await open(null);
            await tab.goto(url);
            const [frame] = await embeds_of(tab, address, 1);
            const files = await loaded(frame);
            check(files.includes("headless.wasm") && !files.includes("playground.wasm"), files.join(" "));
            await eventually(() => frame.evaluate(() => document.getElementById("poster-picture").textContent.includes("over 00:27")),
                "the figures at that moment");
            const digest = await ask_ok(tab, 0, "digest");
            equal(digest, JSON.parse(await cli("run", link, "--until", "27", "--json")).digest, "the command's digest");
        });
    } },
    { name: "off the screen it neither runs nor draws", browsers: ["chromium"], run: async ({ open, address }) => host(address, k_frames, async (url) => {
        const tab = await open(null, { height: 600 });
        await tab.goto(url);
        await embeds_of(tab, address);
        await ask_ok(tab, 0, "play");
        const offered = async () => (await ask_ok(tab, 0, "metrics")).requests.offered;
        await eventually(async () => await offered() > 0, "it runs");
        await tab.evaluate(() => scrollTo(0, 3000));
        await sleep(600);
        const before = await offered();
        await sleep(600);
        equal(await offered(), before, "requests while it is off the screen");
        await tab.evaluate(() => scrollTo(0, 0));
        await eventually(async () => await offered() > before, "it goes on");
    }) },
    { name: "a lesson at a step, and a link that cannot be opened", run: async ({ open, address }) => host(address, [
        { where: "?embed=1&step=2&lang=en#lesson=04-load-balancer", width: 900, height: 520 }, { where: "?embed=1&lang=ko#s=1AAAA" }], async (url) => {
        const tab = await open(null);
        await tab.goto(url);
        const frames = await eventually(() => { const all = tab.page.frames().filter((frame) => frame.url().startsWith(address));
            return all.length === 2 && all; }, "frames");
        await eventually(() => frames[1].evaluate(() => /[가-힣]/.test(document.getElementById("poster-said").textContent)), "a sentence");
        await frames[0].click("#poster-start");
        await frames[0].evaluate(() => window.scaleground.ready.then(() => true));
        await eventually(() => frames[0].evaluate(() => document.querySelector(".lesson-place")?.textContent.startsWith("2 ")), "step 2");
    }) },
    { name: "the example page drives its second figure", async run({ open }) {
        const tab = await open("embed-example.html", { unready: true });
        await tab.click("#run");
        await eventually(async () => /digest [0-9a-f]{16}/.test(await tab.text("#said")), "an answer", 30000);
        await tab.click("#kill");
        await eventually(async () => /digest [0-9a-f]{16}/.test(await tab.text("#said")), "another answer", 30000);
        const words = (where) => where.evaluate(() => document.querySelector("main").innerText.replace(/English|한국어|Scaleground|docs\/\S+|Tab/g, ""));
        check(!/[가-힣]/.test(await words(tab)), "only English");
        const korean = await open("embed-example.html?lang=ko", { unready: true });
        check(!/[A-Za-z]{2}/.test(await words(korean)), "only Korean: " + await words(korean));
    } },
];
