// Nothing that was built gets lost: kept by itself, under a name, as a file, over a reload and a crash.
import { check, drop, equal, eventually } from "../harness.mjs";

const hash = (tab) => tab.evaluate(() => location.hash);
const works = (tab) => tab.evaluate(() => JSON.parse(localStorage.getItem("scaleground.works") ?? "[]"));
const kill = (tab) => tab.evaluate(() => { window.scaleground.command({ do: "kill", node: "db" }); });
const settled = (tab, count = 1) => eventually(async () => (await works(tab)).length >= count, "it is kept");
const banner = (tab) => tab.evaluate(() => (document.getElementById("banner").hidden ? "" : document.getElementById("banner-text").textContent));

const design = { scaleground: 1, title: { en: "Dropped", ko: "끌어다 놓음" }, duration_s: 60,
    nodes: [{ id: "users", kind: "clients", rate_per_s: 20 }, { id: "web", kind: "server" }], edges: [["users", "web"]] };

export const tests = [
    { name: "a reload brings back the design and the moment, and says so", async run({ open }) {
        const tab = await open("#scenario=04-load-balancer");
        await tab.evaluate(() => window.scaleground.runTo(9.5));
        await kill(tab);
        await settled(tab);
        const [digest, now_s] = await tab.evaluate(() => [window.scaleground.digest(), window.scaleground.state().now_s]);
        await tab.reload();
        await tab.ready();
        equal(await tab.evaluate(() => window.scaleground.state().now_s), now_s, "the moment");
        equal(await tab.evaluate(() => window.scaleground.digest()), digest, "the run");
        check((await banner(tab)).includes("Recovered"), await banner(tab));
    } },
    { name: "a draft that is not whole is kept, and comes back", async run({ open }) {
        const tab = await open("#scenario=04-load-balancer");
        await tab.evaluate(() => { window.scaleground.pause(); window.scaleground.edit([{ remove: "web" }]); });
        check(await tab.evaluate(() => window.scaleground.state().missing.length > 0), "something is missing");
        await settled(tab);
        check((await works(tab))[0].json, "kept as it is");
        await eventually(async () => (await hash(tab)).startsWith("#work="), "its place is the address");
        await tab.reload();
        await tab.ready();
        check(await tab.evaluate(() => window.scaleground.state().missing.length > 0 && !window.scaleground.state().nodes.some((node) =>
            node.id === "web")), "the draft is back");
        equal((await works(tab)).length, 1, "works");
    } },
    { name: "a tab that never said goodbye: its design is offered", async run({ open }) {
        const tab = await open("#scenario=04-load-balancer");
        await kill(tab);
        await settled(tab);
        const key = (await works(tab))[0].key;
        await tab.evaluate((mark) => { // as it stands after a crash: the mark is there, and this tab is a new one
            window.addEventListener("pagehide", () => { localStorage.setItem("scaleground.unclosed", mark); sessionStorage.clear(); });
        }, key);
        await tab.goto((await tab.evaluate(() => location.origin + location.pathname)) + "?fresh=1");
        await tab.ready();
        check((await banner(tab)).length > 10, "an offer");
        await tab.click("#banner-action");
        await eventually(async () => (await hash(tab)).startsWith("#s=1"), "the design is open");
        check(await tab.evaluate(() => window.scaleground.state().nodes.find((node) => node.id === "db").instances_up === 0
            || window.scaleground.link().length > 100), "with what was done");
    } },
    { name: "opening a link leaves the own design alone and offers the way back", async run({ open }) {
        const other = await open("#scenario=06-cache");
        const link = await other.evaluate(() => window.scaleground.link());
        const tab = await open("#scenario=04-load-balancer");
        await kill(tab);
        await settled(tab);
        const before = (await works(tab))[0];
        await tab.evaluate((where) => (location.hash = where), link);
        await eventually(async () => (await banner(tab)).includes("kept"), "the offer");
        equal((await works(tab)).map((work) => work.link), [before.link], "own design");
        await tab.click("#banner-action");
        await eventually(async () => (await hash(tab)) === before.link, "back again");
    } },
    { name: "named designs: save as, list, open, delete", async run({ open }) {
        const tab = await open("#scenario=04-load-balancer");
        await tab.click("#own-button");
        check(await tab.evaluate(() => !document.getElementById("own-none").hidden), "nothing is kept at first");
        await tab.click("#own-save");
        await tab.evaluate(() => { document.getElementById("ask-input").value = "내 첫 설계 <1>"; });
        await tab.click("#ask button[value=ok]");
        await eventually(async () => (await works(tab))[0]?.name === "내 첫 설계 <1>", "saved");
        check((await tab.text("#own-list")).includes("내 첫 설계 <1>"), "listed");
        await tab.press("Escape");
        await tab.evaluate(() => { location.hash = "#scenario=06-cache"; });
        await eventually(async () => (await tab.evaluate(() => window.scaleground.state().nodes.some((node) => node.id === "cache"))), "another one");
        await tab.click("#own-button");
        await tab.evaluate(() => document.querySelector("#own-list button").click());
        await eventually(async () => tab.evaluate(() => !window.scaleground.state().nodes.some((node) => node.id === "cache")), "opened again");
        for (let i = 0; i < 10; i += 1) await tab.evaluate((n) => localStorage.setItem("scaleground.works",
            JSON.stringify([...JSON.parse(localStorage.getItem("scaleground.works")), { key: "k" + n, title: "x", link: "#s=1",
            saved: new Date().toISOString() }])), i);
        await tab.evaluate(() => { window.scaleground.command({ do: "kill", node: "db" }); });
        await eventually(async () => (await works(tab)).length <= 9, "only the latest without a name are kept");
        check((await works(tab)).some((work) => work.name), "the named one stays");
        await tab.click("#own-button");
        await tab.evaluate(() => { const [, remove] = document.querySelectorAll("#own-list li:first-child button"); remove.click(); });
        check((await works(tab)).some((work) => work.name), "one press deletes nothing");
        await tab.evaluate(() => { const [, remove] = document.querySelectorAll("#own-list li:first-child button"); remove.click(); });
        check(!(await works(tab)).some((work) => work.name), "two do");
    } },
    { name: "a file opens by drag and drop, beside what is there; bad ones are answered", async run({ open }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        await kill(tab);
        await settled(tab);
        await drop(tab, "dropped.json", JSON.stringify(design));
        await eventually(async () => (await tab.text("#about-title")) === "Dropped", "the file's design");
        equal((await works(tab)).length, 2, "works");
        check((await banner(tab)).includes("dropped.json"), await banner(tab));
        await drop(tab, "half.json", JSON.stringify({ ...design, title: { en: "Half" }, edges: [], nodes: [design.nodes[0]] }));
        await eventually(async () => (await tab.text("#about-title")) === "Half", "a draft");
        for (const [name, content] of [["bad.json", "{\"scaleground\": 1, \"nods\": []}"], ["picture.png", "\u0000PNG"], ["huge.json", " ".repeat(300000)]]) {
            await drop(tab, name, content);
            await eventually(async () => (await banner(tab)).includes(name), "an answer about " + name);
            equal(await tab.text("#about-title"), "Half", "what is open");
            if (name === "picture.png") check(/neither a design/.test(await banner(tab)), await banner(tab));
        }
        await drop(tab, "link.txt", "look: " + (await works(tab)).find((work) => work.link).link + " \n");
        await eventually(async () => (await hash(tab)).startsWith("#s=1"), "a link in a text");
    } },
    { name: "what is saved as a file comes back the same", async run({ open }) {
        const tab = await open("#scenario=04-load-balancer");
        await tab.evaluate(() => window.scaleground.runTo(5));
        await kill(tab);
        await tab.evaluate(() => window.scaleground.runTo(8));
        const digest = await tab.evaluate(() => window.scaleground.digest());
        const saved = await tab.evaluate(async () => {
            let blob;
            const real = URL.createObjectURL;
            URL.createObjectURL = (given) => { blob = given; return real.call(URL, given); };
            HTMLAnchorElement.prototype.click = () => {};
            document.getElementById("own-export").click();
            return blob.text();
        });
        const other = await open("");
        await drop(other, "saved.json", saved);
        await eventually(async () => (await works(other)).length === 1, "opened");
        equal(await other.evaluate(async () => { await window.scaleground.runTo(8); return window.scaleground.digest(); }), digest, "digest");
    } },
];
