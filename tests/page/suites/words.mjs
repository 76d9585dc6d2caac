// Languages, theme, the text twin, and what a screen reader finds.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { check, drop, equal, eventually } from "../harness.mjs";
import { find_package } from "../browsers.mjs";

const k_serious = ["serious", "critical"];

async function findings(tab) {
    await tab.evaluate(() => window.scaleground.pause());
    const source = fs.readFileSync(find_package("axe-core"), "utf8");
    const { violations } = await tab.evaluate(async (text) => {
        if (!window.axe) (0, eval)(text); // the test's own eval; the page's CSP does not bind the driver
        return window.axe.run(document, { resultTypes: ["violations"] });
    }, source).catch(() => inject(tab, source));
    return violations.filter((each) => k_serious.includes(each.impact))
        .map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ") + " " + node.failureSummary).join(", ")}`);
}

// Where the CSP does bind evaluated text, the source itself is what the driver evaluates.
async function inject(tab, source) {
    await tab.page.evaluate(source + "; undefined");
    return tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
}

// A node that a file has wrong, and a text that is none.
const k_node = (more) => JSON.stringify({ scaleground: 1, nodes: [{ id: "users", kind: "clients", ...more }] });
const k_bad_files = { "key.json": k_node({ coers: 2 }), "range.json": k_node({ rate_per_s: -1 }), "kind.json": k_node({ kind: "client" }),
    "newer.json": '{"scaleground": 2, "nodes": []}', "quotes.json": "{a: 1}", "cut.json": '{"scaleground": 1', "deep.json": `{"a": ${"[".repeat(20)}`,
    "id.json": k_node({ id: "웹" }), "twice.json": '{"scaleground": 1, "scaleground": 1}', "list.json": '{"scaleground": 1, "nodes": {}}',
    "lesson.json": '{"scaleground": 1, "nodes": [], "lesson": {"id": "x", "steps": [{"text": "a", "figures": 5}]}}' };
const banner = (tab) => tab.evaluate(() => (document.getElementById("banner").hidden ? "" : document.getElementById("banner-text").textContent));
const close_banner = (tab) => tab.evaluate(() => document.getElementById("banner-close").click());
const is_korean = (text) => /[가-힣]/.test(text);
const paste = (tab, text) => tab.evaluate((given) => {
    document.getElementById("canvas").focus();
    const data = new DataTransfer();
    data.setData("text/plain", given);
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true }));
}, text);
const asked_for_table = (tab) => tab.evaluate(() => performance.getEntriesByType("resource").some((entry) => entry.name.endsWith("words/errors.json")));

export const tests = [
    { name: "what the engine refuses is said in Korean, in the words of the command", async run({ open, cli_file, browser }) {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "scale-"));
        const tab = await open("?lang=ko#scenario=04-load-balancer");
        check(!await asked_for_table(tab), "the table is there before anything is wrong");
        for (const [name, text] of Object.entries(k_bad_files)) {
            await drop(tab, name, text);
            const said = await eventually(() => banner(tab), `an answer about ${name}`);
            await close_banner(tab);
            fs.writeFileSync(path.join(folder, name), text);
            const { stderr } = spawnSync(cli_file, ["run", path.join(folder, name), "--lang", "ko"], { encoding: "utf8" });
            const what = said.replace(`“${name}” 파일을 열 수 없습니다. `, "");
            check(what !== said && stderr.trim().endsWith(what) && is_korean(what), `page: ${said}\ncommand: ${stderr}`);
        }
        check(await asked_for_table(tab), "it is asked for then");
        const pasted = [[JSON.stringify({ nodes: [{ id: "x", kind: "sever" }] }), "server"], [JSON.stringify({ nodes: 5 }), "설계의 일부"]];
        for (const [text, word] of browser === "firefox" ? [] : pasted) { // which gives a script's paste no data
            await paste(tab, text);
            const said = await eventually(() => banner(tab), "an answer to what was pasted");
            check(said.includes(word) && is_korean(said), said);
            await close_banner(tab);
        }
        await tab.evaluate(() => document.querySelectorAll("#twin-rows .id-button")[1].click());
        await eventually(() => tab.evaluate(() => !document.getElementById("connect-button").hidden), "a part is selected");
        await tab.click("#connect-button");
        const refused = await eventually(() => tab.evaluate(() => [...document.querySelectorAll("#connect-list [aria-disabled] span")]
            .map((row) => row.textContent)).then((rows) => rows.length > 0 && rows), "parts that it may not be connected to");
        check(refused.every(is_korean), refused.join(" / "));
        fs.rmSync(folder, { recursive: true });
        return `${Object.keys(k_bad_files).length} files`;
    } },
    { name: "in English nothing is loaded for it, and without the table it is said in English", async run({ open }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        await drop(tab, "key.json", k_bad_files["key.json"]);
        const said = await eventually(() => banner(tab), "an answer");
        check(said.includes("unknown key") && !await asked_for_table(tab), said);
        const without = await open("?lang=ko#scenario=04-load-balancer", { init: [function lose_table() {
            const real = window.fetch;
            window.fetch = (what, ...more) => (String(what.url ?? what).includes("errors.json") ? Promise.resolve(new Response("gone",
                { status: 404 })) : real(what, ...more));
        }] });
        await drop(without, "key.json", k_bad_files["key.json"]);
        const english = await eventually(() => banner(without), "an answer");
        check(english.includes("unknown key") && english.includes("열 수 없습니다"), english);
    } },
    { name: "the table is kept for offline use, and has no sentence twice", run({ site }) {
        const { files } = JSON.parse(fs.readFileSync(path.join(site, "files.json"), "utf8"));
        check(files.some((file) => file.path === "words/errors.json"), "in the list of the site");
        const rows = JSON.parse(fs.readFileSync(path.join(site, "words/errors.json"), "utf8"));
        equal(rows.map(([en]) => en).filter((en, index, all) => all.indexOf(en) !== index), [], "twice");
        const slots = (text) => (text.match(/\{\d\}/g) ?? []).sort().join("");
        equal(rows.filter(([en, ko]) => slots(en) !== slots(ko) || !is_korean(ko)), [], "open parts that differ");
    } },
    { name: "the language switch changes HTML, canvas and html lang together", async run({ open }) {
        const tab = await open("?lang=en");
        const seen = () => tab.evaluate(() => ({ lang: document.documentElement.lang,
            share: document.getElementById("share-button").textContent,
            title: document.getElementById("about-title").textContent,
            kinds: window.scaleground.state().nodes.map((node) => node.kind_name),
            row: document.querySelector("#twin-rows .kind").textContent }));
        const english = await seen();
        await tab.click("#language-button");
        await eventually(async () => (await seen()).lang === "ko" && (await seen()).share === "공유", "Korean");
        const korean = await seen();
        check(korean.title !== english.title && /[가-힣]/.test(korean.title), "the design's title");
        check(korean.kinds.every((name) => /[가-힣]|DNS|CDN/.test(name)), `the instrument's words: ${korean.kinds}`);
        check(korean.row.startsWith(korean.kinds[0]), "the table's words");
        await tab.reload();
        await tab.ready();
        equal(await tab.evaluate(() => document.documentElement.lang), "en", "?lang wins over what was chosen before");
    } },
    { name: "the language is remembered, and taken from the browser at first", async run({ open, browser }) {
        const tab = await open("");
        equal(await tab.evaluate(() => document.documentElement.lang), "en", "an English browser");
        await tab.click("#language-button");
        await eventually(async () => (await tab.text("#share-button")) === "공유", "Korean");
        await tab.reload();
        await tab.ready();
        equal(await tab.text("#share-button"), "공유", "remembered");
        if (browser !== "chromium") return;
        const korean = await open("", { language: "ko-KR" });
        equal(await korean.text("#share-button"), "공유", "a Korean browser");
    } },
    { name: "no word is missing in either language", async run({ open }) {
        for (const language of ["en", "ko"]) {
            const tab = await open("?lang=" + language);
            const text = await tab.evaluate(() => document.body.innerText);
            const keys = text.match(/\b[a-z_]+\.[a-z_]+(\.[a-z_]+)*\b/g) ?? [];
            equal(keys, [], `keys shown in ${language}`);
        }
    } },
    { name: "the theme: from the system, switched, remembered, by address", async run({ open, browser }) {
        const panel = (tab) => tab.evaluate(() => getComputedStyle(document.querySelector(".top")).backgroundColor);
        const tab = await open("?theme=dark");
        equal(await panel(tab), "rgb(21, 26, 33)", "dark");
        await tab.click("#theme-button");
        equal(await panel(tab), "rgb(255, 255, 255)", "light");
        const second = await open("?theme=light");
        equal(await panel(second), "rgb(255, 255, 255)", "light by address");
        if (browser !== "chromium") return;
        const third = await open("", { scheme: "light" });
        equal(await panel(third), "rgb(255, 255, 255)", "light by the system");
    } },
    { name: "the text twin says what the instrument shows", async run({ open }) {
        const tab = await open();
        await tab.evaluate(() => window.scaleground.runTo(20));
        const { state, rows } = await eventually(() => tab.evaluate(() => {
            const state = window.scaleground.state();
            const rows = [...document.querySelectorAll("#twin-rows tr")].map((row) => ({ id: row.dataset.node,
                kind: row.querySelector(".kind").textContent, cells: [...row.querySelectorAll("td")].map((cell) => cell.textContent.replace("\u00a0", " ")) }));
            const same = state.nodes.every((node, index) => rows[index]?.cells[0] === (node.busy * 100).toFixed(0) + " %"
                && rows[index].cells[1].replaceAll(",", "") === String(node.queue));
            return !state.playing && same && { state, rows };
        }), "the table's busy shares and queues follow");
        equal(rows.map((row) => row.id), state.nodes.map((node) => node.id), "parts");
        state.nodes.forEach((node, index) => {
            check(rows[index].kind.includes(node.kind_name), `${node.id}: kind`);
            check(rows[index].kind.includes(node.state_name), `${node.id}: state`);
        });
        const p99 = Number((await tab.text("#figure-p99")).replace(/[^\d.]/g, ""));
        check(Math.abs(p99 - state.lately.p99_ms) <= Math.max(0.6, 0.006 * p99), `p99 ${p99} against ${state.lately.p99_ms}`);
    } },
    { name: "a name in the table selects the part in the instrument", async run({ open }) {
        const tab = await open();
        const id = await tab.evaluate(() => document.querySelectorAll("#twin-rows tr")[1].dataset.node);
        await tab.click(`tr[data-node="${id}"] .id-button`);
        await eventually(() => tab.evaluate((css) => document.querySelector(css).classList.contains("chosen"), `tr[data-node="${id}"]`), "it is marked");
    } },
    { name: "the menu works by keyboard", async run({ open }) {
        const tab = await open();
        const title = await tab.text("#about-title");
        await tab.evaluate(() => document.getElementById("menu-button").focus());
        await tab.press("ArrowDown");
        check(await tab.evaluate(() => !document.getElementById("menu").hidden), "it opens");
        await tab.press("End");
        const last = await tab.evaluate(() => document.getElementById(document.getElementById("menu")
            .getAttribute("aria-activedescendant")).querySelector(".title").textContent);
        await tab.press("Home");
        if (last === title) await tab.press("ArrowDown");
        else await tab.press("End");
        await tab.press("Enter");
        await eventually(async () => (await tab.text("#about-title")) !== title, "another design");
        await tab.press("ArrowDown");
        await tab.press("Escape");
        equal(await tab.evaluate(() => document.activeElement.id), "menu-button", "Escape gives the focus back");
    } },
    { name: "axe finds nothing serious: dark, light, Korean, dialog, menu, banner", async run({ open }) {
        const tab = await open("?theme=dark&lang=en");
        const press = (id) => tab.evaluate((name) => document.getElementById(name).click(), id);
        const clean = async (where) => equal(await findings(tab), [], `findings: ${where}`);
        await clean("dark, in English");
        await press("theme-button");
        await tab.click("#share-button");
        await eventually(() => tab.evaluate(() => document.getElementById("share").open), "the dialog");
        await clean("the dialog, light, in English");
        await tab.press("Escape");
        await press("language-button");
        await eventually(async () => (await tab.text("#share-button")) === "공유", "Korean");
        await clean("light, in Korean");
        await tab.evaluate(() => { location.hash = "#s=1AAAA"; });
        await eventually(() => banner(tab), "the banner");
        await clean("the banner, light, in Korean");
        await close_banner(tab);
        await press("theme-button");
        await tab.click("#menu-button");
        check(await tab.evaluate(() => !document.getElementById("menu").hidden), "the menu");
        await clean("the menu, dark, in Korean");
    } },
];
