// The stretch of time that all charts share: zoomed by wheel, fingers and keys, and back to the whole run.
import { calls, check, equal, eventually, sleep } from "../harness.mjs";

const stretch = (tab, values = {}) => tab.evaluate((given) => window.own_caller.call("stretch", given), values);
const now_s = (tab) => tab.evaluate(() => window.scaleground.state().now_s);
const is_whole = async (tab) => (await stretch(tab)).whole;

// The charts lie along the canvas's lower edge, left of the inspector: places are shares of their width, and px from below.
async function charts_of(tab) {
    const { left, width, bottom, narrow } = await tab.evaluate(() => {
        const box = document.getElementById("canvas").getBoundingClientRect();
        return { left: box.left, width: box.width, bottom: box.bottom, narrow: box.width < 700 };
    });
    const wide = narrow ? width : width - Math.floor(Math.min(Math.max(width * 0.27, 264), 300));
    return { at: (share, up) => [left + wide * share, bottom - up], end: (back, up) => [left + wide - back, bottom - up],
        right_half: { left: left + wide / 2, top: bottom - 150, width: wide / 2 - 20, height: 100 } };
}

async function at_100_s(open, settings) {
    const tab = await open("?lang=en#scenario=04-load-balancer", settings);
    await calls(tab);
    await tab.evaluate(() => window.scaleground.runTo(100));
    const whole = await stretch(tab);
    equal([whole.from_s, whole.to_s, whole.whole], [0, 120, true], "the whole run");
    return { tab, charts: await charts_of(tab) };
}

async function point(tab, [x, y]) {
    await tab.page.mouse.move(x, y);
    await sleep(200);
}

const shot = async (tab, { left, top, width, height }) =>
    Buffer.from(await tab.page.screenshot({ clip: { x: left, y: top, width, height } })).toString("base64");

export const tests = [
    { name: "the wheel zooms all charts about the pointer; a press still goes to a moment; one press leads back", browsers: ["chromium"],
        async run({ open }) {
        const { tab, charts } = await at_100_s(open, { width: 1440, height: 900 });
        await point(tab, charts.at(0.4, 90));
        await tab.page.mouse.wheel(0, -300);
        await eventually(async () => !(await is_whole(tab)), "zoomed");
        const zoomed = await stretch(tab);
        check(zoomed.from_s > 5 && zoomed.to_s < 110, `a part about the pointer: ${JSON.stringify(zoomed)}`);
        equal(await tab.evaluate(() => scrollY), 0, "px the page was scrolled");
        await sleep(400); // another gesture
        await tab.page.mouse.wheel(100, 0);
        await eventually(async () => (await stretch(tab)).from_s > zoomed.from_s, "moved to what came later");
        const moved = await stretch(tab);
        await tab.click_at(...charts.at(0.3, 90));
        await eventually(async () => await now_s(tab) < 99, "the press goes to a moment");
        const at_s = await now_s(tab);
        check(at_s > moved.from_s && at_s < moved.to_s, `${at_s} s lies in what was shown: ${JSON.stringify(moved)}`);
        await tab.evaluate(() => window.own_caller.call("tab", { tab: "all" }));
        await point(tab, charts.at(0.5, 400));
        const without = await shot(tab, charts.right_half);
        await point(tab, charts.at(0.3, 120));
        check(await shot(tab, charts.right_half) !== without, "the crosshair stands in the other charts too");
        await tab.click_at(...charts.end(60, 15));
        await eventually(() => is_whole(tab), "Whole run");
        equal(await now_s(tab), at_s, "the clock");
    } },
    { name: "Shift and a drag, and keys; a reload shows the whole run", browsers: ["chromium"], async run({ open }) {
        const { tab, charts } = await at_100_s(open, { width: 1440, height: 900 });
        await tab.drag_at(charts.at(0.3, 90), charts.at(0.5, 90), "Shift");
        await eventually(async () => !(await is_whole(tab)), "zoomed to what was marked");
        const { from_s, to_s } = await stretch(tab);
        check(to_s - from_s > 18 && to_s - from_s < 32, `a fifth of the charts' width: ${to_s - from_s} s`);
        equal(await now_s(tab), 100, "the clock");
        await tab.evaluate(() => document.getElementById("canvas").focus());
        for (const [key, done, what] of [["]", (now) => now.to_s - now.from_s > to_s - from_s, "longer"],
            [",", (now) => now.from_s < from_s - 5, "earlier"], ["\\", (now) => now.whole, "all of it"], ["[", (now) => !now.whole, "shorter"]]) {
            await tab.press(key);
            await eventually(async () => done(await stretch(tab)), what);
        }
        await tab.reload();
        await tab.ready();
        await calls(tab);
        check(await is_whole(tab), "after a reload");
    } },
    { name: "on a phone two fingers zoom without touching the clock, a tap goes to a moment", browsers: ["chromium"], async run({ open }) {
        const { tab, charts } = await at_100_s(open, { width: 390, height: 844, scale: 2, touch: true });
        const cdp = await tab.page.context().newCDPSession(tab.page);
        const fingers = async (type, ...places) => {
            await cdp.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
            await sleep(80);
        };
        const [x, y] = charts.at(0.5, 80);
        await fingers("touchStart", [x - 20, y]);
        await fingers("touchStart", [x - 20, y], [x + 20, y]);
        for (const by of [30, 50, 70, 90]) await fingers("touchMove", [x - by, y], [x + by, y]);
        await fingers("touchEnd");
        await eventually(async () => !(await is_whole(tab)), "zoomed");
        equal(await now_s(tab), 100, "the clock");
        const { from_s, to_s } = await stretch(tab);
        await tab.tap(x, y);
        await eventually(async () => await now_s(tab) < 99, "the tap goes to a moment");
        check(await now_s(tab) > from_s && await now_s(tab) < to_s, "within what is shown");
        await tab.tap(...charts.end(36, 24));
        await eventually(() => is_whole(tab), "the way back, 44 px");
    } },
];
