// The canvas as a good citizen: draws when something changed, gives keys back, follows size and density, survives
// the loss of its graphics.
import { check, equal, eventually, sleep } from "../harness.mjs";

// The counters of the instrument itself.
const counters = (tab) => tab.evaluate(() => window.scaleground.counters());
const settled = async (tab) => {
    await tab.evaluate(() => window.scaleground.pause());
    await sleep(1500);
};

// Whether cards and lines show: a plain surface has a handful of colours, smooth edges give dozens.
const is_drawn = async (tab) => (await tab.colours(await tab.evaluate(() => {
    const { left, top, width, height } = document.getElementById("canvas").getBoundingClientRect();
    return { left, top, width, height };
}))) > 40;

export const tests = [
    { name: "the board is drawn", async run({ open }) {
        const tab = await open();
        await eventually(() => is_drawn(tab), "something on the canvas");
    } },
    { name: "paused draws nothing and asks for no frame", async run({ open }) {
        const tab = await open();
        await settled(tab);
        const before = await counters(tab);
        await sleep(1000);
        const after = await counters(tab);
        equal(after.draws - before.draws, 0, "draws in a second");
        equal(after.frames - before.frames, 0, "frames in a second");
        const at = await tab.evaluate(() => {
            const box = document.getElementById("canvas").getBoundingClientRect();
            return [box.left + box.width / 3, box.top + box.height / 3];
        });
        await tab.click_at(...at);
        await eventually(async () => (await counters(tab)).draws > after.draws, "a click wakes it");
    } },
    { name: "playing draws", async run({ open }) {
        const tab = await open();
        const before = await counters(tab);
        await eventually(async () => (await counters(tab)).draws > before.draws + 3, "draws while playing");
        const { frame_ms } = await counters(tab);
        return `a frame takes ${frame_ms.toFixed(1)} ms (software graphics)`;
    } },
    { name: "the loss of the graphics is survived", async run({ open }) {
        const tab = await open();
        await eventually(() => is_drawn(tab), "something on the canvas");
        const now = () => tab.evaluate(() => window.scaleground.metrics().requests.offered);
        await tab.evaluate(() => {
            const gl = document.getElementById("canvas").getContext("webgl2");
            window.lose = gl.getExtension("WEBGL_lose_context");
            window.lose.loseContext();
        });
        await eventually(async () => (await tab.text("#banner-text")).includes("graphics"), "the page says so");
        const before = await counters(tab);
        await sleep(300);
        equal((await counters(tab)).draws, before.draws, "draws without graphics");
        await tab.evaluate(() => window.lose.restoreContext());
        await eventually(async () => (await counters(tab)).draws > before.draws + 2, "it draws again");
        await eventually(() => is_drawn(tab), "something on the canvas again");
        const requests = await now();
        await eventually(async () => (await now()) > requests, "the run goes on");
    } },
    { name: "Tab enters the canvas and leaves it, both ways", async run({ open }) {
        const tab = await open();
        const focused = () => tab.evaluate(() => document.activeElement.id);
        await tab.evaluate(() => document.getElementById("language-button").focus());
        await tab.press("Tab");
        equal(await focused(), "canvas", "after the top bar comes the canvas");
        await tab.press("Tab");
        check((await focused()) !== "canvas", "Tab leaves the canvas");
        await tab.evaluate(() => document.getElementById("canvas").focus());
        await tab.press("Shift+Tab");
        equal(await focused(), "language-button", "Shift+Tab leaves the canvas");
    } },
    { name: "the browser keeps its shortcuts", async run({ open }) {
        const tab = await open();
        const taken = await tab.evaluate(() => {
            const canvas = document.getElementById("canvas");
            canvas.focus();
            const keys = [{ key: "l", code: "KeyL", keyCode: 76, ctrlKey: true }, { key: "r", code: "KeyR", keyCode: 82, ctrlKey: true },
                { key: "t", code: "KeyT", keyCode: 84, ctrlKey: true }, { key: "l", code: "KeyL", keyCode: 76, metaKey: true },
                { key: "F5", code: "F5", keyCode: 116 }, { key: "F12", code: "F12", keyCode: 123 },
                { key: "ArrowLeft", code: "ArrowLeft", keyCode: 37, altKey: true }, { key: "Tab", code: "Tab", keyCode: 9 }];
            return keys.filter((key) => !canvas.dispatchEvent(new KeyboardEvent("keydown",
                { ...key, bubbles: true, cancelable: true }))).map((key) => key.key);
        });
        equal(taken, [], "keys whose default was prevented");
    } },
    { name: "Space in the canvas plays and pauses", async run({ open }) {
        const tab = await open();
        const playing = () => tab.evaluate(() => window.scaleground.state().playing);
        await tab.evaluate(() => window.scaleground.pause());
        await tab.evaluate(() => document.getElementById("canvas").focus());
        await tab.press(" ");
        await eventually(playing, "it plays");
        await tab.press(" ");
        await eventually(async () => !(await playing()), "it pauses");
    } },
    { name: "arrow keys in the canvas choose a part, which is marked and spoken", async run({ open }) {
        const tab = await open();
        await tab.evaluate(() => document.getElementById("canvas").focus());
        await tab.press("ArrowRight");
        const name = await eventually(() => tab.evaluate(() =>
            document.querySelector("#twin-rows .chosen .id")?.textContent), "a part is marked");
        check((await tab.text("#twin-live")).startsWith(name), "the part is spoken");
        await tab.press("Escape");
        await eventually(() => tab.evaluate(() => !document.querySelector("#twin-rows .chosen")), "Escape lets go");
    } },
    { name: "the wheel belongs to the canvas only over the canvas", async run({ open }) {
        const tab = await open();
        const [over_words, over_canvas] = await tab.evaluate(() => ["words", "canvas"].map((id) => {
            const target = document.getElementById(id);
            const box = target.getBoundingClientRect();
            const event = new WheelEvent("wheel", { deltaY: 40, clientX: box.left + 60, clientY: box.top + 60, bubbles: true, cancelable: true });
            return target.dispatchEvent(event);
        }));
        equal([over_words, over_canvas], [true, false], "defaults left alone");
    } },
    { name: "twice the density gives twice the pixels", async run({ open }) {
        const tab = await open("", { scale: 2 });
        await sleep(300);
        const { box, buffer } = await tab.evaluate(() => {
            const canvas = document.getElementById("canvas");
            const { width, height } = canvas.getBoundingClientRect();
            return { box: [width, height], buffer: [canvas.width, canvas.height] };
        });
        equal(buffer, box.map((side) => Math.round(side * 2)), "pixels of the buffer");
    } },
    { name: "the canvas follows the window", async run({ open }) {
        const tab = await open();
        await settled(tab);
        await tab.resize(1000, 620);
        await eventually(() => tab.evaluate(() => {
            const canvas = document.getElementById("canvas");
            const { width, height } = canvas.getBoundingClientRect();
            return innerWidth === 1000 && Math.abs(canvas.width - width) < 1.01 && Math.abs(canvas.height - height) < 1.01;
        }), "the buffer fits the box");
        await eventually(() => is_drawn(tab), "it is drawn anew, paused as it is");
    } },
];
