// The main screens in both themes and languages, against the pictures in tests/page/reference: what was looked at and
// found good. After a change of the look: node tests/page/run.mjs --only "look:" --renew, then look at them.
import fs from "node:fs";
import path from "node:path";
import { check, eventually, sleep } from "../harness.mjs";
import { distance, in_blocks, read_blocks, without, write_blocks } from "../pixels.mjs";

const folder = path.join(path.dirname(new URL(import.meta.url).pathname), "../reference");
const k_block_px = 12;
// Of 255, in the tile that differs most. On one machine 0.3 was seen at most; a board that is missing gives 14.
const k_worst_most = 8;
const desktop = { width: 1280, height: 800 }, phone = { width: 390, height: 844 };

const still = async (tab) => {
    const seen = () => tab.evaluate(() => JSON.stringify([window.scaleground.counters().draws, document.body.innerText]));
    let last = "";
    await eventually(async () => {
        const now = await seen();
        await sleep(600);
        return now === last || !(last = now);
    }, "the page comes to rest", 30000);
};

const open_design = (id, seconds) => async (tab) => {
    await tab.evaluate((hash) => window.scaleground.load(hash), "#scenario=" + id);
    await tab.evaluate((until) => window.scaleground.runTo(until), seconds);
};

// The link names the port, which is another one every time.
async function open_share(tab) {
    await tab.click("#share-button");
    await eventually(() => tab.evaluate(() => document.getElementById("share-link").value !== ""), "the link");
    await tab.evaluate(() => { document.getElementById("share-link").value = "http://localhost/#s=1" + "AbCd".repeat(100); });
}

const screens = [
    { name: "board", size: desktop, go: open_design("04-load-balancer", 75) },
    { name: "share", size: desktop, go: open_share, leave: (tab) => tab.press("Escape") },
    { name: "palette", size: desktop, go: (tab) => tab.click("#add-button"), leave: (tab) => tab.press("Escape") },
    { name: "broken", size: desktop, go: open_design("13-millions", 75) },
    { name: "lesson", size: desktop, go: (tab) => tab.evaluate(() => window.scaleground.load("#lesson=05-replicas&step=2")) },
    { name: "phone-lesson", size: phone },
    { name: "phone-board", size: phone, go: open_design("06-cache", 75) },
];

async function walk(open, language, theme, look) {
    const tab = await open(`?lang=${language}&theme=${theme}#scenario=04-load-balancer`,
        { ...desktop, motion: "reduce" }); // which requests are drawn on their way depends on when the page looked
    let size = desktop;
    for (const screen of screens) {
        if (screen.size !== size) await tab.resize(screen.size.width, screen.size.height);
        size = screen.size;
        if (screen.go) await screen.go(tab);
        await still(tab);
        await look(screen.name, await in_blocks(await tab.page.screenshot(), k_block_px));
        if (screen.leave) await screen.leave(tab);
    }
}

const file_of = (name, language, theme) => path.join(folder, `${name}-${language}-${theme}.png`);

// What must not pass: the test's own test. `others` are references of the same screen in other looks.
async function must_differ(name, shot, language, theme) {
    const other = await read_blocks(file_of(name, language, theme === "dark" ? "light" : "dark"));
    check(distance(shot, other).worst > 4 * k_worst_most, `${name} passes for the other theme`);
    if (name !== "board") return;
    const panels = { board: [0.3, 0.2, 0.7, 0.6], charts: [0.3, 0.75, 0.7, 0.95], words: [0, 0.3, 0.22, 0.9], inspector: [0.8, 0.2, 1, 0.9] };
    for (const [what, box] of Object.entries(panels))
        check(distance(shot, without(shot, box)).worst > k_worst_most, `a page without its ${what} would pass`);
}

const compared = (language, theme) => ({
    name: `every main screen in ${{ en: "English", ko: "Korean" }[language]}, ${theme}, is as it was looked at`, browsers: ["chromium"], long: true,
    async run({ open, renew }) {
        const found = [];
        await walk(open, language, theme, async (name, shot) => {
            const file = file_of(name, language, theme);
            if (renew) return write_blocks(file, shot);
            check(fs.existsSync(file), `${file} is missing: --renew makes it`);
            found.push({ name, ...distance(shot, await read_blocks(file)) });
            await must_differ(name, shot, language, theme);
        });
        if (renew) return "written anew";
        const bad = found.filter(({ worst }) => worst > k_worst_most);
        check(bad.length === 0, "these look otherwise (look at them; --renew when it is meant): " +
            bad.map(({ name, worst, where }) => `${name} by ${worst.toFixed(1)} in ${where}`).join(", "));
        return found.map(({ name, worst }) => `${name} ${worst.toFixed(1)}`).join(", ") + ` of ${k_worst_most} allowed`;
    },
});

export const tests = ["en", "ko"].flatMap((language) => ["dark", "light"].map((theme) => compared(language, theme)));
