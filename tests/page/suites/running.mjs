// The page's run is the native command's run: the same digest for the same link, however it was driven.
import fs from "node:fs";
import path from "node:path";
import { check, equal, eventually, full, sleep } from "../harness.mjs";

const designs = (site) => JSON.parse(fs.readFileSync(path.join(site, "scenarios/index.json"), "utf8"));
// A run may be asked for its figures once its warm-up is over.
const measured_s = (scenario) => (scenario.warmup_s ?? 0) + 10;
const native_digest = async (cli, what, until) => JSON.parse(await cli("run", what, "--until", String(until), "--json")).digest;
const page_digest = (tab, seconds) => tab.evaluate(async (until) => {
    await window.scaleground.runTo(until);
    return window.scaleground.digest();
}, seconds);

export const tests = [
    { name: "every design of the menu ends with the native digest", async run({ open, cli, site }) {
        const tab = await open();
        // All of them with --all; otherwise one in six, as node runs the same module on all.
        const list = designs(site).filter((_, at) => full || at % 6 === 0);
        for (const { id, path: file } of list) {
            await tab.evaluate((hash) => window.scaleground.load(hash), "#scenario=" + id);
            const until = measured_s(JSON.parse(fs.readFileSync(path.join(site, file), "utf8")));
            const native = await native_digest(cli, path.join(site, file), until);
            equal(await page_digest(tab, until), native, `digest of ${id} at ${until} s`);
        }
        return `${list.length} designs`;
    } },
    { name: "a run that was changed by hand replays natively from its link", async run({ open, cli }) {
        const tab = await open();
        const { link, digest } = await tab.evaluate(async () => {
            const { scaleground } = window;
            await scaleground.runTo(4);
            const nodes = Object.keys(scaleground.metrics().nodes);
            scaleground.command({ do: "kill", node: nodes.at(-1) });
            await scaleground.runTo(19);
            scaleground.command(JSON.stringify({ do: "restore", node: nodes.at(-1) }));
            await scaleground.runTo(45);
            return { link: scaleground.link(), digest: scaleground.digest() };
        });
        equal(await native_digest(cli, link, 45), digest, "digest of the replay");
    } },
    { name: "however it is driven the digest is the same", async run({ open }) {
        const tab = await open();
        const once = await page_digest(tab, 10);
        const link = await tab.evaluate(() => window.scaleground.link());
        const again = await tab.evaluate(async (text) => {
            const { scaleground } = window;
            await scaleground.load(text);
            scaleground.play();
            await new Promise((resolve) => setTimeout(resolve, 700)); // some of it frame by frame
            for (const seconds of [5, 5.5, 9.99, 10]) await scaleground.runTo(seconds);
            return scaleground.digest();
        }, link);
        equal(again, once, "digest");
    } },
    { name: "play, pause and Space", async run({ open }) {
        const tab = await open();
        const offered = () => tab.evaluate(() => window.scaleground.metrics().requests.offered);
        await tab.evaluate(() => window.scaleground.pause());
        const resting = await offered();
        await sleep(400);
        equal(await offered(), resting, "requests while paused");
        await tab.evaluate(() => window.scaleground.play());
        await eventually(async () => (await offered()) > resting, "requests while playing");
        await tab.evaluate(() => document.activeElement.blur());
        await tab.press(" ");
        await eventually(async () => (await tab.text("#play-button")) === "Play", "Space pauses");
        await tab.press(" ");
        await eventually(async () => (await tab.text("#play-button")) === "Pause", "Space plays");
    } },
    { name: "a hidden tab pauses and says so", async run({ open }) {
        const tab = await open("", { init: [function hideable() {
            let hidden = false;
            Object.defineProperty(document, "hidden", { get: () => hidden });
            window.hide = (value) => {
                hidden = value;
                document.dispatchEvent(new Event("visibilitychange"));
            };
        }] });
        const offered = () => tab.evaluate(() => window.scaleground.metrics().requests.offered);
        await eventually(async () => (await offered()) > 0, "it runs");
        await tab.evaluate(() => window.hide(true));
        const before = await offered();
        check((await tab.evaluate(() => document.title)).startsWith("Paused"), "the title says so");
        await sleep(600);
        equal(await offered(), before, "requests while hidden");
        await tab.evaluate(() => window.hide(false));
        await eventually(async () => (await offered()) > before, "it goes on");
        check((await tab.text("#banner-text")).includes("hidden"), "the page says why it stood still");
    } },
    { name: "a refused command is an error with a sentence, and changes nothing", async run({ open }) {
        const tab = await open();
        const { before, after, said } = await tab.evaluate(async () => {
            const { scaleground } = window;
            await scaleground.runTo(3);
            const before = scaleground.digest();
            let said = "";
            try {
                scaleground.command({ do: "kill", node: "no-such-node" });
            } catch (error) {
                said = error.message;
            }
            return { before, after: scaleground.digest(), said };
        });
        check(said.includes("no-such-node"), `the sentence: ${said}`);
        equal(after, before, "digest");
    } },
    { name: "what is suggested works: kill it, bring it back", async run({ open }) {
        const tab = await open();
        await eventually(() => tab.evaluate(() => Boolean(document.querySelector('[data-try^="kill"]'))), "a suggestion");
        const node = await tab.evaluate(() => document.querySelector('[data-try^="kill"]').dataset.try.split(" ")[1]);
        await tab.click('[data-try^="kill"]');
        const row = `tr[data-node="${node}"]`;
        await eventually(() => tab.evaluate((css) => document.querySelector(css).classList.contains("bad"), row), "it is down");
        const name = await tab.text(row + " .id");
        await eventually(async () => (await tab.text("#twin-summary")).includes(name), "the summary names it");
        await tab.click('[data-try^="restore"]');
        await eventually(() => tab.evaluate((css) => !document.querySelector(css).classList.contains("bad"), row), "it is back");
    } },
];
