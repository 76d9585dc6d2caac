// The address holds the run: opened, written, gone back to; and bad ones are answered with a sentence.
import { spawnSync } from "node:child_process";
import { check, equal, eventually } from "../harness.mjs";

const hash = (tab) => tab.evaluate(() => location.hash);
const settle = (tab) => eventually(async () => (await hash(tab)).startsWith("#s=1"), "the link is in the address");
const link_of = (tab) => tab.evaluate(() => window.scaleground.link());
const act = (tab) => tab.evaluate(() => {
    const nodes = Object.keys(window.scaleground.metrics().nodes);
    window.scaleground.command({ do: "kill", node: nodes.at(-1) });
});

// Opens a hash in a page that already runs, and gives what it says and runs afterwards.
async function try_hash(tab, text) {
    await tab.evaluate(() => window.scaleground.runTo(3));
    const before = await tab.evaluate(() => window.scaleground.digest());
    await tab.evaluate((value) => (location.hash = value), text);
    const said = await eventually(() => tab.evaluate(() =>
        !document.getElementById("banner").hidden && document.getElementById("banner-text").textContent), "a sentence");
    equal(await tab.evaluate(() => window.scaleground.digest()), before, "the running design");
    return said;
}

export const tests = [
    { name: "load(link()) is the same run", async run({ open }) {
        const tab = await open();
        const [one, two] = await tab.evaluate(async () => {
            const { scaleground } = window;
            await scaleground.runTo(6);
            const first = scaleground.digest();
            await scaleground.load(scaleground.link());
            await scaleground.runTo(6);
            return [first, scaleground.digest()];
        });
        equal(two, one, "digest");
    } },
    { name: "a change writes the link into the address, and the command reads it", async run({ open, cli }) {
        const tab = await open();
        await act(tab);
        await settle(tab);
        equal(await hash(tab), await link_of(tab), "address");
        const decoded = JSON.parse(await cli("link", "decode", await hash(tab)));
        const nodes = await tab.evaluate(() => Object.keys(window.scaleground.metrics().nodes));
        equal(decoded.nodes.map((node) => node.id).sort(), [...nodes].sort(), "nodes of the decoded link");
        equal(decoded.log.map((command) => command.do), ["kill"], "what was done");
    } },
    { name: "a link opens in a fresh page and is not counted as the visitor's work", async run({ open }) {
        const first = await open();
        await act(first);
        await settle(first);
        const link = await hash(first);
        const second = await open(link);
        equal(await link_of(second), link, "link");
        check(await second.evaluate(() => !localStorage.getItem("scaleground.works")), "nothing of the visitor's is written");
    } },
    { name: "own work that is opened again is continued, not copied", async run({ open }) {
        const tab = await open();
        await act(tab);
        await settle(tab);
        const first = await hash(tab);
        await tab.reload();
        await tab.ready();
        await tab.evaluate(() => window.scaleground.runTo(window.scaleground.state().now_s + 1));
        await act(tab);
        await eventually(async () => (await hash(tab)) !== first, "the new link");
        const kept = await tab.evaluate(() => JSON.parse(localStorage.getItem("scaleground.works")).map((work) => work.link));
        equal(kept, [await hash(tab)], "works kept");
    } },
    { name: "back and forward go between designs, with what was done", async run({ open }) {
        const tab = await open();
        await tab.evaluate(() => window.scaleground.pause());
        await act(tab);
        await settle(tab);
        const [own, title] = [await hash(tab), await tab.text("#about-title")];
        const other = await tab.evaluate(async () => {
            const index = await (await fetch("scenarios/index.json")).json();
            const now = document.getElementById("about-title").textContent;
            return index.find((entry) => entry.title.en !== now).id;
        });
        await tab.click("#menu-button");
        await tab.evaluate((id) => document.querySelector(`[role=option][data-id="#scenario=${id}"]`).click(), other);
        await eventually(async () => (await tab.text("#about-title")) !== title, "the other design");
        equal(await hash(tab), "#scenario=" + other, "its address");
        await tab.back();
        await eventually(async () => (await tab.text("#about-title")) === title, "back");
        equal(await link_of(tab), own, "own work is back");
        await tab.forward();
        await eventually(async () => (await tab.text("#about-title")) !== title, "forward");
        const kept = await tab.evaluate(() => JSON.parse(localStorage.getItem("scaleground.works")).map((work) => work.link));
        equal(kept, [own], "own work is kept in the menu");
    } },
    // One by one; the one after them has the same together, in both languages.
    { name: "a truncated link", long: true, async run({ open }) {
        const tab = await open();
        const link = await link_of(tab);
        return try_hash(tab, link.slice(0, link.length - 20));
    } },
    { name: "a corrupted link", long: true, async run({ open }) {
        const tab = await open();
        const link = await link_of(tab);
        const at = Math.floor(link.length / 2);
        return try_hash(tab, link.slice(0, at) + (link[at] === "A" ? "B" : "A") + link.slice(at + 1));
    } },
    { name: "a link from a newer version", long: true, async run({ open }) {
        const tab = await open();
        return try_hash(tab, (await link_of(tab)).replace("#s=1", "#s=9"));
    } },
    { name: "truncated, corrupted, too long, too new: each its own sentence, in both languages", async run({ open, cli_file }) {
        const said = [];
        for (const language of ["en", "ko"]) {
            const tab = await open("?lang=" + language);
            const link = await link_of(tab);
            const bad = { cut: link.slice(0, -20), changed: link.slice(0, 40) + "!" + link.slice(41), long: link + "A".repeat(33000),
                newer: link.replace("#s=1", "#s=9"), content: link.slice(0, 40) + (link[40] === "A" ? "B" : "A") + link.slice(41) };
            const sentences = {};
            for (const [what, hash] of Object.entries(bad)) {
                sentences[what] = await try_hash(tab, hash);
                await tab.evaluate(() => document.getElementById("banner-close").click());
                const { stderr } = spawnSync(cli_file, ["run", hash, "--lang", language], { encoding: "utf8" });
                for (const sentence of [sentences[what], stderr.replace("scaleground: ", "").replace(/#s=/g, "")])
                    check(language === "en" ? /[a-z]{4}/.test(sentence) : /[가-힣]/.test(sentence) && !/[A-Za-z]{4}/.test(sentence
                        .replace("Scaleground", "")), `${what} in ${language}: ${sentence}`);
                if (what === "long") check(sentences.long.includes("32768") && stderr.includes("32768"), `${sentences.long} / ${stderr}`);
            }
            equal(new Set(["cut", "changed", "long", "newer"].map((what) => sentences[what])).size, 4, `different sentences: ${JSON.stringify(sentences)}`);
            equal(sentences.content, sentences.changed, "what says that it is damaged");
            said.push(sentences.long);
        }
        return said.join(" / ");
    } },
    { name: "an unknown design, and a hash that is nothing", async run({ open }) {
        const tab = await open();
        const one = await try_hash(tab, "#scenario=no-such-design");
        check(one.includes("no-such-design"), one);
        const two = await tab.evaluate(() => window.scaleground.load("#whatever").catch((error) => error.message));
        check(/neither/.test(two), String(two));
    } },
    { name: "a bad link on the first visit: the sentence, and a design that runs", async run({ open }) {
        const tab = await open("#s=1AAAA");
        check(await tab.evaluate(() => !document.getElementById("banner").hidden), "the banner");
        await eventually(() => tab.evaluate(() => window.scaleground.metrics().requests.offered > 0), "a design runs");
    } },
    { name: "share shows the link, its length and copies it", async run({ open, address, browser }) {
        const tab = await open("", { permissions: browser === "chromium" ? ["clipboard-read", "clipboard-write"] : [] });
        await tab.click("#share-button");
        const shown = await tab.evaluate(() => document.getElementById("share-link").value);
        equal(shown, address + await link_of(tab), "the link");
        check((await tab.text("#share-length")).includes(shown.length.toLocaleString("en-US")), "its length");
        await tab.click("#share-copy");
        await eventually(() => tab.text("#share-said"), "an answer");
        equal(await tab.text("#share-said"), "Copied.", "answer");
        if (browser === "chromium") equal(await tab.evaluate(() => navigator.clipboard.readText()), shown, "clipboard");
        await tab.press("Escape");
        check(await tab.evaluate(() => !document.getElementById("share").open), "Escape closes it");
    } },
    { name: "copying where the clipboard is closed", async run({ open }) {
        const tab = await open("", { init: [function close_clipboard() {
            Object.defineProperty(navigator, "clipboard", { get: () => undefined });
            Document.prototype.execCommand = () => false;
        }] });
        await tab.click("#share-button");
        await tab.click("#share-copy");
        await eventually(async () => (await tab.text("#share-said")).includes("Ctrl+C"), "how to do it by hand");
        const chosen = await tab.evaluate(() => {
            const field = document.getElementById("share-link");
            return field.selectionEnd - field.selectionStart === field.value.length;
        });
        check(chosen, "the link is selected");
    } },
];
