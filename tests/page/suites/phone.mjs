// A phone: nothing to scroll sideways, targets for fingers, a tap selects.
import { calls, check, equal, eventually, sleep } from "../harness.mjs";

const sizes = [[360, 740], [390, 844], [320, 568], [740, 360]];

export const tests = [
    { name: "no horizontal scrolling from 320 px up, in both languages", async run({ open }) {
        for (const language of ["en", "ko"]) {
            const tab = await open("?lang=" + language, { width: sizes[0][0], height: sizes[0][1] });
            for (const [width, height] of sizes) {
                await tab.resize(width, height);
                await eventually(() => tab.evaluate((wide) => document.getElementById("canvas").getBoundingClientRect().width <= wide, width),
                    `the canvas follows to ${width} px`);
                const wide = await tab.evaluate(() => ({ page: document.documentElement.scrollWidth - innerWidth,
                    words: document.getElementById("words").scrollWidth - document.getElementById("words").clientWidth,
                    canvas: document.getElementById("canvas").getBoundingClientRect().height }));
                equal([wide.page, wide.words], [0, 0], `px too wide at ${width} x ${height}, ${language}`);
                check(wide.canvas >= 200, `the canvas is ${wide.canvas} px high at ${width} x ${height}`);
            }
        }
    } },
    { name: "the figures and tools of the largest design have room at 360 px and below, in both languages", async run({ open }) {
        for (const language of ["en", "ko"]) {
            const tab = await open(`?lang=${language}#scenario=13-millions`, { width: 360, height: 640 });
            await calls(tab);
            await tab.evaluate(() => window.scaleground.runTo(75));
            await tab.evaluate(() => window.own_caller.call("select", { node: "web-seoul" }));
            await eventually(() => tab.evaluate(() => !document.getElementById("connect-button").hidden), "a selected part");
            for (const width of [360, 320]) {
                await tab.resize(width, 640);
                await eventually(() => tab.evaluate((wide) => document.getElementById("canvas").getBoundingClientRect().width <= wide, width), "the canvas");
                const right = await tab.evaluate(() => ({
                    figures: Math.max(...[...document.querySelectorAll(".figures dd")].map((one) => one.getBoundingClientRect().right)),
                    tools: [...document.querySelectorAll(".tools button")].filter((one) => one.offsetParent)
                        .map((one) => one.getBoundingClientRect()).filter(({ top, bottom }, _, [first]) => top < first.bottom)
                        .reduce((most, { right }) => Math.max(most, right), 0),
                }));
                check(right.figures <= width - 11, `figures reach to ${right.figures} of ${width} px, ${language}`);
                check(right.tools <= width - 12 - 88, `tools reach to ${right.tools} of ${width} px, ${language}`);
            }
        }
    } },
    { name: "scrolling to the table scrolls the sheet, not the page", async run({ open }) {
        const tab = await open("", { width: 390, height: 700 });
        await tab.evaluate(() => document.getElementById("twin-summary").scrollIntoView());
        const at = await tab.evaluate(() => ({ page: document.documentElement.scrollTop + document.body.scrollTop,
            top: document.querySelector(".top").getBoundingClientRect().top, sheet: document.getElementById("words").scrollTop }));
        equal([at.page, at.top], [0, 0], "px the page has moved");
        check(at.sheet > 0, "the sheet scrolls");
    } },
    { name: "targets are at least 44 px", async run({ open }) {
        const tab = await open("", { width: 390, height: 844 });
        const small = await tab.evaluate(() => [...document.querySelectorAll("button, [role=option]")]
            .filter((each) => each.offsetParent)
            .filter((each) => each.getBoundingClientRect().height < 43.9 || each.getBoundingClientRect().width < 43.9)
            .map((each) => each.id || each.textContent));
        equal(small, [], "small targets");
    } },
    { name: "the words fold away for the charts, and come back for who goes into them", async run({ open }) {
        for (const where of ["#scenario=04-load-balancer", "#lesson=04-load-balancer&step=1"]) {
            const tab = await open("?lang=ko" + where, { width: 360, height: 640, touch: true });
            const high = () => tab.evaluate(() => ["canvas", "words"].map((id) => document.getElementById(id).getBoundingClientRect().height));
            const expanded = () => tab.evaluate(() => document.getElementById("fold-button").getAttribute("aria-expanded"));
            const [before] = await high();
            const foot = await tab.evaluate(() => document.querySelector("#lesson .lesson-foot")?.getBoundingClientRect().width ?? innerWidth);
            equal(foot, 360, "the lesson's width");
            await tab.click("#fold-button");
            await eventually(async () => (await high())[0] > 410, "a canvas with room for charts");
            check((await high())[1] >= 44, "the sheet can still be pressed");
            equal(await expanded(), "false", "said");
            await tab.click("#fold-button");
            await eventually(async () => (await high())[0] === before, "the words again");
            equal(await expanded(), "true", "said");
            await tab.click("#fold-button");
            await tab.evaluate(() => document.getElementById("twin").focus());
            await eventually(async () => (await high())[0] === before, "the words for the keyboard");
        }
        const wide = await open("", { width: 1280, height: 800 });
        check(await wide.evaluate(() => document.getElementById("fold-button").offsetParent === null), "nothing to fold on a wide screen");
    } },
    { name: "a tap chooses a speed, where the menu of them stands in columns", browsers: ["chromium"], async run({ open }) {
        for (const language of ["en", "ko"]) {
            const tab = await open("?lang=" + language, { width: 360, height: 640, touch: true });
            await calls(tab);
            await tab.evaluate(() => window.scaleground.pause());
            await sleep(800);
            const { left, bottom } = await tab.evaluate(() => document.getElementById("canvas").getBoundingClientRect().toJSON());
            const speed = () => tab.evaluate(() => window.own_caller.call("state", {}).speed);
            equal(await speed(), 1, "the speed at first");
            await tab.tap(left + 210, bottom - 24);
            await sleep(500);
            await tab.tap(left + 300, bottom - 14 - 44 * 3.5); // the third of six rows, in the second column
            await eventually(async () => await speed() === 100, "the speed that was tapped");
        }
    } },
    { name: "a tap on a card selects it", browsers: ["chromium"], async run({ open }) {
        const tab = await open("", { width: 390, height: 844, scale: 2, touch: true });
        await tab.evaluate(() => window.scaleground.pause());
        await sleep(800);
        const box = await tab.evaluate(() => {
            const { left, top, width, height } = document.getElementById("canvas").getBoundingClientRect();
            return { left, top, width, height };
        });
        const chosen = () => tab.evaluate(() => document.querySelector("#twin-rows .chosen")?.dataset.node ?? "");
        // Cards lie somewhere on the board: taps on a grid must hit one.
        for (let row = 1; row < 9; row += 1) {
            for (let column = 1; column < 6; column += 1) {
                await tab.tap(box.left + (box.width * column) / 6, box.top + (box.height * row) / 12);
                await sleep(250);
                if (await chosen()) return `selected ${await chosen()}`;
            }
        }
        await eventually(chosen, "a card under one of the taps", 2000);
    } },
];
