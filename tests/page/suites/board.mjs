// The board on the map, all charts on a phone, a lesson that finds the learner's change again.
import { check, equal, eventually, sleep } from "../harness.mjs";

const phone = { width: 390, height: 844, scale: 2, touch: true };
const state = (tab) => tab.evaluate(() => window.scaleground.state());
const vertices = (tab) => tab.evaluate(() => window.scaleground.counters().vertices);
const hash = (tab) => tab.evaluate(() => location.hash);
const banner = (tab) => tab.evaluate(() => (document.getElementById("banner").hidden ? "" : document.getElementById("banner-text").textContent));
const nodes = async (tab) => (await state(tab)).nodes.map((node) => node.id);
const focus_canvas = (tab) => tab.evaluate(() => document.getElementById("canvas").focus());
const kept = (tab, id) => tab.evaluate((name) => JSON.parse(localStorage.getItem("scaleground.lessons") ?? "{}")[name]?.mine ?? null, id);

export const tests = [
    { name: "a design with regions opens on the map; M leads to the tiers and back", async run({ open }) {
        const tab = await open("?lang=en#scenario=13-millions");
        await tab.evaluate(() => window.scaleground.pause());
        await sleep(600);
        const on_map = await vertices(tab);
        await focus_canvas(tab);
        await tab.press("m");
        await eventually(async () => (await vertices(tab)) < on_map - 4000, "without the dots of the land there is less to draw");
        await tab.press("m");
        await eventually(async () => (await vertices(tab)) > on_map - 2000, "the map is back");
        const plain = await open("?lang=en#scenario=06-cache");
        await focus_canvas(plain);
        const before = await vertices(plain);
        await plain.press("m");
        await sleep(400);
        check((await vertices(plain)) < before + 2000, "a design without regions has no map");
        return `${on_map} vertices on the map`;
    } },
    { name: "an empty board: a first design is built there, in words of the page's language", async run({ open, address }) {
        const tab = await open("?lang=ko");
        await tab.click("#menu-button");
        await tab.evaluate(() => document.querySelector('[role=option][data-id="#new"]').click());
        await eventually(() => tab.evaluate(() => window.scaleground.state().empty), "the empty board");
        const said = () => tab.evaluate(() => ["#missing", "#about-title", "#figure-p99"].map((css) => document.querySelector(css).textContent));
        const seen = await tab.evaluate(() => [document.getElementById("twin").hidden, document.getElementById("try").hidden, location.hash]);
        equal(seen, [true, true, "#new"], "nothing of the design before, and the address");
        const add = async (name) => {
            await tab.click("#add-button");
            const rows = await tab.evaluate(() => [...document.querySelectorAll(".palette-row")].map((row) => row.scrollHeight - row.clientHeight));
            check(rows.length > 0 && rows.every((cut) => cut <= 1), `rows of the palette are cut off: ${rows}`);
            await tab.evaluate((words) => {
                const field = document.getElementById("palette-search");
                field.value = words;
                field.dispatchEvent(new Event("input"));
                document.querySelector("#palette-list .palette-row").click();
            }, name);
        };
        await add("clients");
        await eventually(async () => /연결/.test((await said())[0]), "what is missing, in Korean");
        await add("server");
        await eventually(() => tab.evaluate(() => !document.getElementById("connect-button").hidden), "what was added is chosen");
        const refused = await tab.evaluate(() => {
            document.getElementById("connect-button").click();
            const text = document.getElementById("connect-list").innerText;
            document.getElementById("connect").close();
            return text;
        });
        check(!/[A-Za-z]{4} [a-z]/.test(refused), refused);
        await tab.evaluate(() => window.scaleground.edit([{ connect: ["clients", "server"] }]));
        await tab.evaluate(() => window.scaleground.runTo(5));
        check(await tab.evaluate(() => window.scaleground.metrics().requests.completed > 0), "it runs");
        await eventually(() => tab.evaluate(() => location.hash.startsWith("#s=1")), "its link in the address");
        check(!(await said())[1].includes("비어"), "the title");
        const other = await open("#new");
        check(await other.evaluate(() => window.scaleground.state().empty), "the address opens an empty board");
    } },
    { name: "a design that is gone before its theory was asked for is not asked for any more", async run({ open }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        for (const shown_ms of [100, 200, 300]) { // the page asks a quarter of a second after a frame wished for it
            await tab.evaluate(() => window.scaleground.load("#scenario=05-replicas"));
            await sleep(shown_ms);
            await tab.evaluate(() => window.scaleground.load("#new"));
            await sleep(400); // what the page reports fails the test
        }
        check(await tab.evaluate(() => window.scaleground.state().empty), "the empty board");
    } },
    { name: "an id with its folder opens as without it", async run({ open }) {
        const tab = await open("?lang=en#scenario=gallery/retry-storm");
        const title = await tab.evaluate(() => document.getElementById("about-title").textContent);
        const bare = await open("?lang=en#scenario=retry-storm");
        equal(title, await bare.evaluate(() => document.getElementById("about-title").textContent), "title");
        equal(await banner(tab), "", "banner");
    } },
    { name: "all charts on a phone: a finger along them goes through time", browsers: ["chromium"], async run({ open }) {
        const tab = await open("?lang=ko#scenario=05-replicas", phone);
        await tab.evaluate(async () => { await window.scaleground.runTo(60); });
        const one = await vertices(tab);
        await tab.evaluate(() => window.scaleground.tab?.("all"));
        const box = await tab.evaluate(() => document.getElementById("canvas").getBoundingClientRect().toJSON());
        // The tabs are words in the canvas: try those places of their row where "all" may be.
        for (let x = 150; x < 330 && (await vertices(tab)) < one + 300; x += 18) {
            await tab.tap(box.left + x, box.top + box.height - 142);
            await sleep(300);
        }
        await tab.tap(box.left + 200, box.top + box.height - 60);
        await eventually(async () => (await state(tab)).now_s < 59, "a tap in a strip goes to its moment");
    } },
    { name: "a change in a lesson is found again after a reload, and may be dropped", async run({ open }) {
        const tab = await open("?lang=en#lesson=02-own-database&step=3");
        await eventually(async () => (await nodes(tab)).length > 1, "the step is there");
        await tab.evaluate(() => { window.scaleground.pause(); window.scaleground.edit([{ add: { id: "mine", kind: "database" } }]); });
        await eventually(async () => (await kept(tab, "02-own-database")) !== null, "it is kept");
        await tab.reload();
        await tab.ready();
        check((await nodes(tab)).includes("mine"), `the part is back: ${await nodes(tab)}`);
        check((await banner(tab)).includes("change"), `it says so: ${await banner(tab)}`);
        equal(await hash(tab), "#lesson=02-own-database&step=3", "address");
        equal(await tab.evaluate(() => localStorage.getItem("scaleground.works")), null, "designs of the user's own");
        await tab.click("#banner-action");
        await eventually(async () => !(await nodes(tab)).includes("mine"), "the step begins anew");
        await tab.reload();
        await tab.ready();
        check(!(await nodes(tab)).includes("mine"), "and stays so");
        equal(await banner(tab), "", "banner");
    } },
    { name: "a change in a lesson does not follow into another design, nor into another step's start", async run({ open }) {
        const tab = await open("?lang=en#lesson=02-own-database&step=3");
        await tab.evaluate(() => { window.scaleground.pause(); window.scaleground.edit([{ add: { id: "mine", kind: "database" } }]); });
        await eventually(async () => (await kept(tab, "02-own-database")) !== null, "it is kept");
        await tab.evaluate(() => { location.hash = "#scenario=04-load-balancer"; });
        await eventually(async () => !(await nodes(tab)).includes("mine"), "the other design is open");
        check((await kept(tab, "02-own-database")) !== null, "the change is still kept");
        await tab.evaluate(() => { location.hash = "#lesson=02-own-database&step=1"; });
        await eventually(async () => (await hash(tab)).endsWith("step=1") && !(await nodes(tab)).includes("balancer"), "the first step");
        check(!(await nodes(tab)).includes("mine"), "which starts as it always does");
        equal(await kept(tab, "02-own-database"), null, "kept");
    } },
];
