// The lesson player, building by hand, undo and going back in time, as a person uses them.
import fs from "node:fs";
import path from "node:path";
import { check, drop, equal, eventually } from "../harness.mjs";

const k_lesson = "?lang=en#lesson=02-own-database&step=1";
const text = (tab, id) => tab.evaluate((name) => document.getElementById(name).textContent, id);
const state = (tab) => tab.evaluate(() => window.scaleground.state());
const hash = (tab) => tab.evaluate(() => location.hash);
// A lesson as somebody would write it: one server to begin with, two in the end.
const k_own_lesson = { scaleground: 1, title: { en: "Ours", ko: "우리 것" }, duration_s: 40, warmup_s: 5,
    nodes: [{ id: "users", kind: "clients", rate_per_s: 90 }, { id: "web", kind: "server", instances: 2, cores: 1, service_ms: 10 }],
    edges: [["users", "web"]],
    lesson: { id: "ours", start: [{ set: "web", instances: 1 }],
        goal: { text: { en: "Half as busy", ko: "절반만 바쁘게" }, all: ["nodes.web.utilization < 0.6"] },
        steps: [{ text: { en: "Look. <img src=x onerror=alert(1)>", ko: "보자." }, start: true, play_to_s: 10, highlight: ["web"] },
            { text: { en: "One or two?", ko: "하나와 둘." }, predict: { ask: { en: "Which is busier?", ko: "더 바쁜 쪽은?" }, of_start: true, answers: [
                { text: { en: "More than 80 %", ko: "80 % 넘게" }, when: "nodes.web.utilization > 0.8" },
                { text: { en: "Less", ko: "그보다 덜" }, when: "nodes.web.utilization <= 0.8" }] } },
            { text: { en: "Mend it.", ko: "고쳐 보자." }, build: true },
            { text: { en: "So it is.", ko: "그렇다." }, figures: ["nodes.web.utilization"] }],
        hints: [{ en: "More of them.", ko: "더 많이." }] } };
const place = (tab) => tab.evaluate(() => document.querySelector(".lesson-place")?.textContent ?? "");

const press = (tab, key) => tab.evaluate((name) => document.querySelector(`[data-key="${name}"]`).click(), key);

const on_page = (tab, pattern, what, limit_ms = 60000) => eventually(async () => pattern.test(await text(tab, "lesson")), what, limit_ms);
const has = (tab, key) => tab.evaluate((name) => document.querySelector(`[data-key="${name}"]`) !== null, key);

// A newcomer who clicks the obvious next thing, and reads every word: how long that takes a person. Adults read factual
// English silently at 240 words a minute on average, Korean at some 200 (words between spaces); here they are a quarter slower.
const k_words_a_minute = { en: 180, ko: 150 };
const k_click_s = 3;    // to find the button and press it
const k_think_s = 15;   // over a question
const k_play_s = 7;     // what plays to a moment takes this long (page/lesson.mjs)
const k_journey_min = 45;
const k_hop_s = 5;      // simulated: how often the sentence is looked at

class Newcomer {
    constructor() {
        Object.assign(this, { clicks: 0, words: { en: 0, ko: 0 }, waited_s: 0, thought_s: 0, breaks: new Map() });
    }

    async press(tab, key) {
        this.clicks += 1;
        await press(tab, key);
    }

    // Everything that stands in the column of words, in both languages.
    async read(tab, css = "#lesson .lesson-text, #lesson .card, #lesson table") {
        for (const language of ["en", "ko"]) {
            const shown = () => tab.evaluate(() => document.documentElement.lang + document.getElementById("share-button").textContent);
            const wanted = { en: "enShare", ko: "ko공유" }[language];
            if (await shown() !== wanted) await tab.evaluate(() => document.getElementById("language-button").click());
            await eventually(async () => await shown() === wanted, "the language is there");
            const said = await tab.evaluate((where) => [...document.querySelectorAll(where)].map((part) => part.innerText).join(" "), css);
            this.words[language] += said.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
        }
    }

    // A step that plays to a moment is run there in hops, as fast as it goes; what the sentence says on the way counts.
    async watch(tab, id, until_s) {
        const { seen, from_s } = await tab.evaluate(async ([until, hop]) => {
            const { scaleground } = window;
            scaleground.pause();
            const from_s = scaleground.state().now_s;
            await scaleground.seek(from_s); // a way back may be under way
            const seen = [];
            for (let at = from_s; ; at = Math.min(at + hop, until)) {
                if (at > from_s) await scaleground.runTo(at);
                const { now_s, status } = scaleground.state();
                if (["strained", "broken"].includes(status.health)) seen.push([status.health, now_s, status.sentence]);
                if (at >= until) return { seen, from_s };
            }
        }, [until_s, k_hop_s]);
        if (from_s < until_s) this.waited_s += k_play_s;
        const worst = seen.find(([health]) => health === "broken") ?? seen[0];
        if (worst && !(this.breaks.get(id)?.[0] === "broken")) this.breaks.set(id, worst);
    }

    // In minutes, read in that language.
    takes(language) {
        return this.words[language] / k_words_a_minute[language] + (this.clicks * k_click_s + this.thought_s + this.waited_s) / 60;
    }
}

// What is measured meanwhile counts as long as it takes here.
async function waiting(person, work) {
    const started = Date.now();
    await work();
    person.waited_s += (Date.now() - started) / 1000;
}

// Answers what a step asks, has the solution shown where something is to be built.
async function through_step(tab, where, person) {
    const asked = await has(tab, "choice-0") || await has(tab, "number");
    if (asked) person.thought_s += k_think_s;
    if (await has(tab, "choice-0")) await person.press(tab, "choice-0");
    if (await has(tab, "number")) {
        await tab.evaluate(() => { document.getElementById("lesson-number").value = "50"; });
        await person.press(tab, "predict");
    }
    if (asked) await waiting(person, () => on_page(tab, /맞았습니다|아쉽게도/, `${where}: the answer is judged`));
    if (await has(tab, "show")) {
        await person.press(tab, "show");
        await waiting(person, () => on_page(tab, /목표를 달성/, `${where}: the solution reaches the goal`));
    }
    const cells = () => tab.evaluate(() => [...document.querySelectorAll(".before-after td")].map((cell) => cell.textContent));
    await eventually(async () => (await cells()).every((cell) => cell !== "…" && cell !== ""), `${where}: before and after`, 60000);
    check(!/\{|undefined|NaN/.test(await text(tab, "lesson")), `${where}: ${await text(tab, "lesson")}`);
}

// Clicks through a lesson; gives the id of the one that it leads to, or nothing at the end of the ladder.
async function through_lesson(tab, id, steps, person) {
    const total = await tab.evaluate(() => document.querySelectorAll(".lesson-dots i").length);
    equal(total, steps.length, `${id}: steps`);
    for (let step = 1; ; step += 1) {
        equal(await hash(tab), `#lesson=${id}&step=${step}`, "address");
        const { play_to_s } = steps[step - 1];
        if (play_to_s) await person.watch(tab, id, play_to_s);
        await through_step(tab, `${id}, step ${step}`, person);
        await person.read(tab);
        if (step === total) break;
        await person.press(tab, "next");
    }
    if (!await has(tab, "next")) return "";
    await person.press(tab, "next");
    await eventually(async () => !(await hash(tab)).startsWith(`#lesson=${id}&`), `${id} leads on`);
    return (await hash(tab)).match(/^#lesson=([^&]+)&step=1$/)?.[1] ?? "";
}

export const tests = [
    { name: "a first visit is told what this is and led to the first step, a later one to where it was", async run({ open, address }) {
        const tab = await open("?lang=en");
        const welcome = () => tab.evaluate(() => !document.getElementById("intro").hidden && document.getElementById("start-journey").textContent);
        equal(await welcome(), "Start the journey: one server", "the first visit");
        await tab.evaluate(() => document.getElementById("start-journey").click());
        await eventually(async () => await hash(tab) === "#lesson=01-single-server&step=1", "the journey begins");
        equal(await welcome(), false, "the welcome within a lesson");
        await tab.evaluate(() => localStorage.setItem("scaleground.lessons", JSON.stringify({ "01-single-server": { step: 5, done: true } })));
        await tab.goto(address + "?lang=en");
        await tab.ready();
        equal(await welcome(), "Go on with the journey: step 2 of 13", "a later visit");
    } },
    { name: "a lesson is played to its end: watch, predict, fail, be shown, reach the goal", async run({ open }) {
        const tab = await open(k_lesson);
        await eventually(async () => (await state(tab)).now_s >= 60, "the first step plays to its moment", 30000);
        check(!(await state(tab)).playing, "it goes on");
        await press(tab, "next");
        equal(await hash(tab), "#lesson=02-own-database&step=2", "address");
        await eventually(async () => /\d[\d,]*\sms/.test(await text(tab, "lesson")), "measured numbers in the text", 30000);
        await press(tab, "choice-1");
        await eventually(async () => /Not quite/.test(await text(tab, "lesson")), "the wrong prediction is judged", 30000);
        await press(tab, "next");
        await eventually(async () => /✕ p99/.test(await text(tab, "lesson")), "the goal is missed at first", 30000);
        await press(tab, "hint");
        check(/Which resource/.test(await text(tab, "lesson")), "a hint");
        await press(tab, "show");
        await eventually(async () => /Goal reached/.test(await text(tab, "lesson")), "the solution reaches the goal", 30000);
        await press(tab, "next");
        const cells = await tab.evaluate(() => [...document.querySelectorAll(".before-after td")].map((cell) => cell.textContent));
        check(cells.length >= 8 && cells.every((cell) => cell !== "…"), `before and after: ${cells}`);
        await tab.evaluate(() => history.back());
        await eventually(async () => await hash(tab) === "#lesson=02-own-database&step=3", "back goes to the step before");
        await eventually(async () => /Goal reached/.test(await text(tab, "lesson")), "and finds it as it was left");
        await press(tab, "own");
        await eventually(async () => (await hash(tab)).startsWith("#s=1"), "a design of one's own has a link");
        check(await tab.evaluate(() => document.getElementById("lesson").hidden), "the lesson is closed");
    } },
    { name: "a newcomer clicks the obvious next thing, from the plain page to the end of the ladder", browsers: ["chromium"], long: true,
        async run({ open, site }) {
            const read = (file) => JSON.parse(fs.readFileSync(path.join(site, file), "utf8"));
            const ladder = read("scenarios/index.json").filter((entry) => entry.group === "ladder" && entry.lesson);
            const person = new Newcomer();
            const tab = await open("", { language: "ko-KR" });
            await person.read(tab, "#words");
            equal(await tab.evaluate(() => [...document.querySelectorAll("#words button.primary")].filter((button) => button.checkVisibility())
                .map((button) => button.id)), ["start-journey"], "one thing to do first");
            person.clicks += 1;
            await tab.click("#start-journey");
            await eventually(async () => await hash(tab) === `#lesson=${ladder[0].id}&step=1`, "the journey begins at its beginning");
            const seen = [];
            for (let next = ladder[0].id; next; ) {
                seen.push(next);
                const { path: file } = ladder.find((entry) => entry.id === next);
                next = await through_lesson(tab, next, read(file).lesson.steps, person);
            }
            equal(seen, ladder.map((entry) => entry.id), "the ladder's lessons");
            for (const id of seen) check(person.breaks.has(id), `${id}: nothing broke while it played`);
            const broken = [...person.breaks.values()].filter(([health]) => health === "broken").length;
            const takes = { en: person.takes("en"), ko: person.takes("ko") };
            for (const [language, minutes] of Object.entries(takes))
                check(minutes < k_journey_min, `the journey takes ${minutes.toFixed(0)} minutes in ${language}: ${JSON.stringify({ ...person, breaks: 0 })}`);
            return `${seen.length} lessons, ${person.clicks} clicks, ${person.words.en} English words or ${person.words.ko} Korean ones, ` +
                `${(person.waited_s / 60).toFixed(1)} min of waiting: ${takes.en.toFixed(0)} min in English, ${takes.ko.toFixed(0)} in Korean; ` +
                `${broken} designs broke, ${seen.length - broken} came to their limit`;
        } },
    { name: "a lesson that somebody wrote: from a file to its end, with the progress kept, by link at its step", long: true, async run({ open, address, cli }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        await drop(tab, "ours.json", JSON.stringify(k_own_lesson));
        await eventually(async () => /^1 of 4$/.test(await place(tab)), "its first step");
        const link = (await hash(tab)).split("&")[0];
        check(link.startsWith("#s=1"), await hash(tab));
        equal(await hash(tab), link + "&step=1", "address");
        check((await text(tab, "lesson")).includes("<img src=x onerror=alert(1)>"), "what looks like HTML is text");
        equal(await tab.evaluate(() => document.querySelectorAll("#lesson img, #about img").length), 0, "and no element");
        await eventually(async () => (await state(tab)).now_s >= 10, "the first step plays to its moment", 30000);
        await press(tab, "next");
        equal(await hash(tab), link + "&step=2", "address");
        await press(tab, "choice-1");
        await eventually(async () => /Not quite/.test(await text(tab, "lesson")), "the prediction is judged by a run", 30000);
        await press(tab, "next");
        await eventually(async () => /✕ .*busy/i.test(await text(tab, "lesson")), "the goal is missed at first", 30000);
        await press(tab, "hint");
        check(/More of them/.test(await text(tab, "lesson")), "a hint");
        await tab.evaluate(() => history.back());
        await eventually(async () => /^2 of 4$/.test(await place(tab)), "back");
        await tab.evaluate(() => history.forward());
        await eventually(async () => /^3 of 4$/.test(await place(tab)), "forward");
        await tab.reload();
        await tab.ready();
        await eventually(async () => /^3 of 4$/.test(await place(tab)), "after a reload");
        await press(tab, "show");
        await eventually(async () => /Goal reached/.test(await text(tab, "lesson")), "the solution reaches the goal", 30000);
        await tab.click("#share-button");
        const shared = () => tab.evaluate(() => document.getElementById("share-link").value);
        check(!(await tab.evaluate(() => document.getElementById("share-lesson").checked)), "what was done is what is shared");
        await tab.click("#share-lesson");
        equal(await shared(), `${address}${link}&step=3`, "the lesson at its step instead");
        await tab.evaluate(() => document.getElementById("shape-json").click());
        equal(JSON.parse(await shared()).lesson, k_own_lesson.lesson, "the lesson as a file");
        await tab.click("#share-lesson");
        equal(JSON.parse(await shared()).lesson, undefined, "what was made of its design has no lesson");
        await tab.evaluate(() => document.getElementById("shape-link").click());
        equal(JSON.parse(await cli("link", "decode", await shared())).lesson, undefined, "nor has its link");
        await tab.press("Escape");
        await tab.evaluate((where) => (location.hash = where), "#scenario=04-load-balancer");
        await eventually(async () => await tab.evaluate(() => document.getElementById("lesson").hidden), "another design");
        await drop(tab, "ours.json", JSON.stringify(k_own_lesson));
        await eventually(async () => /^3 of 4$/.test(await place(tab)), "the same file again: where the learner was");
        equal(await tab.evaluate(() => JSON.parse(localStorage.getItem("scaleground.works")).filter(({ title }) => title === "Ours").length), 1,
            "kept once among the own designs");
        await press(tab, "next");
        const cells = await tab.evaluate(() => [...document.querySelectorAll(".before-after td")].map((cell) => cell.textContent));
        check(cells.length === 2 && cells[0] !== cells[1], `before and after: ${cells}`);
        equal(await has(tab, "next"), false, "it leads to no other lesson");
        await press(tab, "own");
        await eventually(async () => /^#s=1[^&]*$/.test(await hash(tab)), "a design of one's own");
        equal(await tab.evaluate(() => document.getElementById("start-lesson").hidden), true, "without the lesson");
        equal(JSON.parse(await cli("link", "decode", await hash(tab))).lesson, undefined, "in its link, too");
        const pupil = await open(`?lang=ko${link}&step=2`);
        equal(await place(pupil), "4단계 중 2단계", "opened by the link, in Korean");
        check((await text(pupil, "lesson")).includes("더 바쁜 쪽은"), "its question");
        await pupil.evaluate((where) => (location.hash = where), link);
        await eventually(() => pupil.evaluate(() => !document.getElementById("start-lesson").hidden), "the link without a step is the design");
        await pupil.click("#start-lesson");
        await eventually(async () => /^4단계 중 2단계$/.test(await place(pupil)), "and the lesson from there, where the learner was");
        equal(await pupil.evaluate(() => localStorage.getItem("scaleground.works")), null, "a link is not counted as the visitor's work");
    } },
    { name: "a lesson that is not right says what, and what is open stays", async run({ open }) {
        const tab = await open(k_lesson);
        const banner = () => tab.evaluate(() => (document.getElementById("banner").hidden ? "" : document.getElementById("banner-text").textContent));
        const before = await place(tab);
        const changed = (change) => { const made = structuredClone(k_own_lesson); change(made.lesson); return JSON.stringify(made); };
        for (const [file, word] of [[changed((lesson) => { lesson.steps[3].figures = ["nodes.web.utilisation"]; }), "utilization"],
            [changed((lesson) => { lesson.steps[0].commands = [{ do: "kill", node: "wbe" }]; }), "commands[0]"],
            [changed((lesson) => { lesson.steps[1].predict.answers = []; }), "steps[1].predict"],
            [changed((lesson) => { lesson.start = [{ remove: "wbe" }]; }), "lesson.start"],
            [changed((lesson) => { delete lesson.steps[2].text; }), "text"],
            [JSON.stringify({ ...k_own_lesson, edges: [], lesson: { ...k_own_lesson.lesson, start: undefined } }), "leads nowhere"]]) {
            await drop(tab, "bad.json", file);
            const said = await eventually(banner, "an answer");
            check(said.includes("bad.json") && said.includes(word), `${word}: ${said}`);
            equal(await place(tab), before, "the lesson that is open");
            equal(await tab.evaluate(() => localStorage.getItem("scaleground.works")), null, "nothing is kept of it");
            await tab.evaluate(() => document.getElementById("banner-close").click());
        }
        const without = await tab.evaluate(() => window.scaleground.link());
        for (const [bad, word] of [["#s=1AAAA&step=2", "link"], [without + "&step=2", "no lesson"]]) {
            const said = await tab.evaluate((where) => window.scaleground.load(where).then(() => "", (error) => error.message), bad);
            check(said.includes(word), `${bad.slice(0, 9)}: ${said}`);
            equal(await place(tab), before, "the lesson that is open");
        }
    } },
    { name: "another solution than the reference is accepted", async run({ open }) {
        const tab = await open("?lang=ko#lesson=02-own-database&step=3");
        await eventually(async () => /✕ p99/.test(await text(tab, "lesson")), "measured at first", 30000);
        await tab.evaluate(() => window.scaleground.command({ do: "set", node: "machine", cores: 2 }));
        await eventually(async () => /목표를 달성/.test(await text(tab, "lesson")), "two cores do it too", 30000);
    } },
    { name: "a part is added, connected, taken back and brought again", async run({ open }) {
        const tab = await open("?lang=en#scenario=tandem");
        const count = async () => (await state(tab)).nodes.length;
        const first = await count();
        await tab.click("#add-button");
        await tab.evaluate(() => {
            const field = document.getElementById("palette-search");
            field.value = "balancer";
            field.dispatchEvent(new Event("input"));
        });
        await tab.click("#palette-list .palette-row");
        equal(await count(), first + 1, "parts");
        await eventually(async () => /leads nowhere/.test(await text(tab, "missing")), "what is missing is said");
        await eventually(() => tab.evaluate(() => !document.getElementById("connect-button").hidden), "the new part is selected");
        await tab.click("#connect-button");
        const rows = await tab.evaluate(() => [...document.querySelectorAll("#connect-list .palette-row")].map((row) => row.ariaDisabled ?? ""));
        check(rows.includes("") && rows.includes("true"), `some are offered, some refused with the reason: ${rows}`);
        await tab.click("#connect-list .palette-row");
        await eventually(() => tab.evaluate(() => document.getElementById("missing").hidden), "nothing is missing any more");
        await tab.click("#undo-button");
        await tab.click("#undo-button");
        equal(await count(), first, "parts after undo");
        await tab.click("#redo-button");
        equal(await count(), first + 1, "parts after redo");
    } },
    { name: "the keys of building, and the sheet that lists them", async run({ open }) {
        const tab = await open("?lang=en#scenario=tandem");
        const first = (await state(tab)).nodes.length;
        await tab.evaluate(() => document.getElementById("canvas").focus());
        await tab.press("ArrowRight");
        await eventually(() => tab.evaluate(() => !document.getElementById("connect-button").hidden), "a part is selected");
        await tab.press("Delete");
        await eventually(async () => (await state(tab)).nodes.length === first - 1, "it is removed");
        await tab.press("Control+z");
        await eventually(async () => (await state(tab)).nodes.length === first, "and back");
        await tab.press("?");
        await eventually(() => tab.evaluate(() => document.getElementById("keys").open), "the sheet");
    } },
    { name: "any moment of the run is found again, to the digest", alone: true, async run({ open }) {
        const tab = await open("?lang=en#scenario=02-own-database");
        const found = await tab.evaluate(async () => {
            const { scaleground } = window;
            scaleground.pause();
            await scaleground.runTo(100);
            const then = scaleground.digest();
            await scaleground.runTo(250);
            const start = performance.now();
            await scaleground.seek(100);
            return { same: scaleground.digest() === then, ms: performance.now() - start };
        });
        check(found.same, "another digest");
        check(found.ms < 200, `it took ${found.ms.toFixed(0)} ms`);
        return `back by 150 s in ${found.ms.toFixed(0)} ms`;
    } },
];
