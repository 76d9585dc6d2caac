// Why, and what theory and review say: on the page, in both languages, worked out without holding it up.
import { check, equal, eventually, sleep } from "../harness.mjs";

const state = (tab) => tab.evaluate(() => window.scaleground.state());
const selected = (tab) => tab.evaluate(() => document.querySelector("#twin-rows .chosen")?.dataset.node ?? null);

// A point of the instrument: from the right and the top of the canvas, or from its left and bottom edge.
const at = (tab, { left, right, top, bottom }) => tab.evaluate((where) => {
    const box = document.getElementById("canvas").getBoundingClientRect();
    return [where.left === undefined ? box.right - where.right : box.left + where.left,
        where.top === undefined ? box.bottom - where.bottom : box.top + where.top];
}, { left, right, top, bottom });
const press = async (tab, where) => {
    const frames = () => tab.evaluate(() => window.scaleground.counters().frames);
    const before = await frames();
    await tab.click_at(...await at(tab, where));
    await eventually(async () => await frames() > before + 1, "the press is seen and answered by frames");
};

export const tests = [
    { name: "the cause is told in both languages, and leads to its part", async run({ open }) {
        const tab = await open("?lang=en#scenario=01-single-server");
        await tab.evaluate(() => window.scaleground.runTo(30));
        const dead = (await state(tab)).nodes.at(-1).id;
        await tab.evaluate((node) => window.scaleground.command({ do: "kill", node }), dead);
        await tab.evaluate(() => window.scaleground.runTo(40));
        const { status } = await state(tab);
        equal(status.health, "broken", "health");
        check(/since/.test(status.sentence), `a sentence with a beginning: ${status.sentence}`);
        check(Math.abs(status.at_s - 30) < 2, `the moment when it began, not ${status.at_s} s`);
        await tab.evaluate(() => document.getElementById("language-button").click());
        await eventually(async () => /[가-힣]/.test((await state(tab)).status.sentence), "the same in Korean");
        await eventually(async () => /[가-힣]/.test(await tab.text("#twin-summary")), "in the words beside the board too");
        const charts = await tab.evaluate(() => {
            const { height } = document.getElementById("canvas").getBoundingClientRect();
            return Math.min(252, Math.max(150, height * 0.28));
        });
        await press(tab, { left: 120, bottom: charts + 16 + 20 });
        await eventually(async () => (await selected(tab)) === status.node, "a press on it selects the part");
    } },
    { name: "theory and review arrive from beside the page, once per design", async run({ open }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        await tab.evaluate(() => window.scaleground.pause());
        const known = () => tab.evaluate(() => window.scaleground.counters().theory);
        await eventually(known, "theory of the first design", 30000);
        await tab.evaluate(() => window.scaleground.command({ do: "set", node: "web", instances: 3 }));
        await eventually(async () => !(await known()), "another design has another");
        await eventually(known, "theory of the changed one", 30000);
        await tab.evaluate(() => window.scaleground.play());
        await sleep(800);
        check(await known(), "running changes no design");
    } },
    { name: "an incident breaks with one press, and mending takes one", async run({ open }) {
        const tab = await open("?lang=en#scenario=04-load-balancer");
        await tab.evaluate(() => window.scaleground.runTo(20));
        const before = (await tab.evaluate(() => window.scaleground.link())).length;
        await press(tab, { right: 111, top: 27 }); // "Break it", the third tab of the column
        await sleep(400);
        const down = async () => (await state(tab)).nodes.some((node) => node.instances_up < node.instances);
        for (let top = 220; top < 420 && !(await down()); top += 14) await press(tab, { right: 220, top });
        check(await down(), "something is down");
        check((await tab.evaluate(() => window.scaleground.link())).length > before, "the link knows");
        for (let top = 90; top < 200 && await down(); top += 14) await press(tab, { right: 220, top });
        check(!(await down()), "everything is up again");
    } },
    { name: "parts that are chosen with Shift are copied together", async run({ open }) {
        const tab = await open("?lang=en#scenario=02-own-database");
        await tab.evaluate(() => window.scaleground.pause());
        const count = (await state(tab)).nodes.length;
        await tab.evaluate(() => document.getElementById("canvas").focus());
        const [x0, y0] = await at(tab, { left: 6, top: 70 });
        const [x1, y1] = await at(tab, { right: 330, bottom: 330 });
        await tab.drag_at([x0, y0], [x1, y1], "Shift");
        await eventually(() => selected(tab), "something is selected");
        const copied = await tab.evaluate(() => {
            const clipboardData = new DataTransfer();
            document.dispatchEvent(new ClipboardEvent("copy", { clipboardData, cancelable: true }));
            const text = clipboardData.getData("text/plain");
            const paste = new DataTransfer();
            paste.setData("text/plain", text);
            document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: paste, cancelable: true }));
            return JSON.parse(text).nodes.length;
        });
        equal(copied, count, "parts that were copied");
        equal((await state(tab)).nodes.length, 2 * count, "parts after pasting");
    }, browsers: ["chromium"] },
];
