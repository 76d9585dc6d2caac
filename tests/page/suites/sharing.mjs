// The share dialog: every shape, how long it is, pictures, and what has no link.
import { check, equal, eventually } from "../harness.mjs";

const choose = (tab, shape) => tab.evaluate((id) => document.getElementById(id).click(), "shape-" + shape);
const text = (tab) => tab.evaluate(() => document.getElementById("share-link").value);

export const tests = [
    { name: "every shape of a run", async run({ open, address }) {
        const tab = await open("?lang=en&theme=dark#scenario=04-load-balancer");
        await tab.evaluate(() => window.scaleground.runTo(20));
        await tab.click("#share-button");
        const link = await tab.evaluate(() => window.scaleground.link());
        equal(await text(tab), address + link, "link");
        await choose(tab, "frame");
        const frame = await text(tab);
        check(/^<iframe src="[^"]+" title="[^"]+" width="100%"/.test(frame) && frame.includes("?embed=1&amp;ui=min&amp;lang=en&amp;theme=dark" + link), frame);
        await choose(tab, "picture");
        equal(await text(tab), `[![A load balancer and a second server](${address}posters/04-load-balancer.en.dark.svg)](${address}${link})`, "Markdown");
        check(/stands on this site/.test(await tab.text("#share-what")), "nothing to upload");
        await choose(tab, "command");
        equal(await text(tab), `scaleground run '${link}'`, "command");
        await tab.click("#share-moment");
        equal(await text(tab), `scaleground run '${link}' --until 20`, "command with the moment");
        await choose(tab, "link");
        equal(await text(tab), address + link + "&at=20", "link with the moment");
        await choose(tab, "json");
        equal(JSON.parse(await text(tab)).scaleground, 1, "JSON");
        check(await tab.evaluate(() => document.querySelector("#share-preview svg").getBoundingClientRect().width > 300), "a picture of the board is shown");
    } },
    { name: "a link leaves out a lesson that comes with the page, and carries one that somebody wrote", async run({ open, cli }) {
        const tab = await open("#lesson=06-cache&step=2");
        const made = await tab.evaluate(async () => {
            const text = await (await fetch("scenarios/ladder/06-cache.json")).text();
            await window.scaleground.load("#scenario=06-cache");
            await window.scaleground.runTo(35);
            return { text, link: window.scaleground.link(), digest: window.scaleground.digest() };
        });
        check(made.link.length < 1300, `${made.link.length} characters`);
        equal(JSON.parse(await cli("link", "decode", made.link)).lesson, undefined, "the lesson in the link");
        equal(JSON.parse(await cli("run", made.link, "--until", "35", "--json")).digest, made.digest, "digest");
        const own = JSON.parse(made.text);
        own.lesson.steps[0].text.en += " In our words.";
        const old = await cli("link", "encode", "scenarios/ladder/06-cache.json");
        const [file, from_link] = await tab.evaluate(async ({ mine, theirs }) => {
            const { scaleground } = window;
            const data = new DataTransfer();
            data.items.add(new File([mine], "ours.json", { type: "application/json" }));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            for (let i = 0; i < 100 && !location.hash.startsWith("#s="); i += 1) await new Promise((done) => setTimeout(done, 50));
            const written = location.hash;
            await scaleground.load(theirs); // as links were made before
            await scaleground.runTo(35);
            return [written, { link: scaleground.link(), digest: scaleground.digest() }];
        }, { mine: JSON.stringify(own), theirs: old.trim() });
        check(JSON.parse(await cli("link", "decode", file)).lesson.steps[0].text.en.endsWith("In our words."), "the lesson that somebody wrote");
        equal(from_link, { link: made.link, digest: made.digest }, "an old link with the lesson in it");
        return `${made.link.length} characters, ${old.trim().length} with the lesson`;
    } },
    { name: "the command in the dialog gives the page's digest", async run({ open, cli }) {
        const tab = await open("#scenario=04-load-balancer");
        const digest = await tab.evaluate(async () => { await window.scaleground.runTo(35); return window.scaleground.digest(); });
        await tab.click("#share-button");
        await choose(tab, "command");
        await tab.click("#share-moment");
        const [, link, until] = /'(.*)' --until (.*)$/.exec(await text(tab));
        equal(JSON.parse(await cli("run", link, "--until", until, "--json")).digest, digest, "digest");
    } },
    { name: "a picture of the board as PNG", async run({ open }) {
        const tab = await open("?lang=ko#scenario=04-load-balancer");
        const [size, colours] = await tab.evaluate(async () => {
            const { png_of } = await import("./page/share.mjs");
            const svg = await (await fetch("posters/04-load-balancer.ko.dark.svg")).text();
            const bitmap = await createImageBitmap(await png_of(svg));
            const canvas = document.createElement("canvas");
            Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
            const context = canvas.getContext("2d");
            context.drawImage(bitmap, 0, 0);
            const seen = new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer));
            return [bitmap.width, seen.size];
        });
        check(size === 1440 && colours > 20, `${size} pixels wide, ${colours} colours`);
    } },
    { name: "a Korean picture of a design that comes with the page brings its glyphs", async run({ open }) {
        const tab = await open("?lang=ko#scenario=04-load-balancer");
        const seen = await tab.evaluate(async () => {
            const svg = async (name) => (await fetch(`posters/${name}.svg`)).text();
            const canvas = Object.assign(document.createElement("canvas"), { width: 720, height: 300 });
            const context = canvas.getContext("2d", { willReadFrequently: true });
            const pixels = (draw) => {
                context.clearRect(0, 0, 720, 300);
                draw();
                return context.getImageData(0, 0, 720, 300).data;
            };
            const image = async (text) => { // as a reader's page shows it
                const one = new Image();
                one.src = "data:image/svg+xml," + encodeURIComponent(text);
                await one.decode();
                return pixels(() => context.drawImage(one, 0, 0));
            };
            const korean = await svg("04-load-balancer.ko.dark"), style = /<style>[^<]*<\/style>/;
            const found = { english: style.test(await svg("04-load-balancer.en.dark")), bytes: style.exec(korean)?.[0].length, other: "" };
            found.differs = (await image(korean)).join() !== (await image(korean.replace(style, ""))).join();
            // Every character as the page's font has it, but for what hinting does with less of a font.
            const faces = [...korean.matchAll(/font-weight:(\d+)[^;]*;src:url\(data:font\/woff;base64,([^)]*)\)/g)];
            found.faces = faces.map(([, weight]) => weight);
            for (const [, weight, base64] of faces) {
                const role = weight === "400" ? "regular" : "semibold";
                for (const [family, bytes] of [["Brought", Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))],
                    ["Whole", await (await fetch(`fonts/sans-${role}.ttf`)).arrayBuffer()]])
                    document.fonts.add(await new FontFace(family + role, bytes).load());
                const texts = [...korean.matchAll(/<text([^>]*)>([^<]*)</g)].filter(([, how]) => /font-weight="[6-9]/.test(how) === (weight !== "400"));
                for (const one of new Set(texts.map(([, , text]) => text).join(""))) {
                    const drawn = (family) => pixels(() => {
                        context.font = `200px ${family}${role}, serif`;
                        context.fillText(one, 4, 220);
                    }).filter((_, i) => i % 4 === 3);
                    const [brought, whole] = [drawn("Brought"), drawn("Whole")];
                    const ink = whole.reduce((sum, alpha) => sum + alpha, 0);
                    if (whole.reduce((sum, alpha, i) => sum + Math.abs(alpha - brought[i]), 0) > 0.1 * ink) found.other += one;
                }
            }
            return found;
        });
        equal([seen.english, seen.differs, seen.faces, seen.other], [false, true, ["400", "600"], ""], "glyphs");
        return `${seen.bytes} characters of font`;
    } },
    { name: "long links say who cuts them; what has no link says so and gives the file", async run({ open }) {
        const tab = await open("?lang=ko#scenario=04-load-balancer");
        await tab.evaluate(() => { window.scaleground.pause(); for (let i = 0; i < 900; i += 1) window.scaleground.command({ do: "set", node: "db",
            read_ms: 1 + 17 * ((i * 0.6180339887498949) % 1) }); });
        await tab.click("#share-button");
        check((await tab.text("#share-length")).includes("2,000"), await tab.text("#share-length"));
        await tab.press("Escape");
        await tab.evaluate(() => { for (let i = 0; i < 5000; i += 1) window.scaleground.command({ do: "set", node: "db",
            read_ms: 1 + 17 * ((i * 0.4142135623730951) % 1) }); });
        await tab.click("#share-button");
        await eventually(() => tab.evaluate(() => document.getElementById("share").open), "the dialog, once it knows why there is no link");
        check((await tab.text("#share-what")).includes("32768") || await tab.evaluate(() => document.getElementById("shape-json").checked), "the file instead");
        await choose(tab, "link");
        check(/링크/.test(await tab.text("#share-what")) && (await text(tab)) === "", await tab.text("#share-what"));
        check(await tab.evaluate(() => document.getElementById("share-copy").disabled), "nothing to copy");
    } },
    { name: "what is not modelled is linked from everywhere, in both languages", async run({ open }) {
        for (const language of ["en", "ko"]) {
            const tab = await open("?lang=" + language);
            const places = await tab.evaluate(() => ["#share", "#own", "#words", "#embed"].map((css) =>
                document.querySelector(css + ' a[href*="not-modelled"]')?.getAttribute("href")));
            check(places.every((href) => href?.includes("lang=" + language)), JSON.stringify(places));
            const page = await open(`not-modelled.html?lang=${language}`, { unready: true });
            const seen = await page.evaluate(() => document.querySelector("main").innerText);
            check(language === "ko" ? /데이터베이스/.test(seen) && !/slow start/.test(seen)
                : /slow start/.test(seen) && !/데이터베이스/.test(seen), seen.slice(0, 200));
            const parts = await page.evaluate(() => ["en", "ko"].map((id) => document.getElementById(id).querySelectorAll("p, h2, h3, li").length));
            equal(parts[0], parts[1], "parts of the page in both languages");
        }
    } },
];
