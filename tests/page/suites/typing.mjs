// Korean is composed: letters come as compositions that change until they are done, and Enter and Space belong to
// them. Every field of the page is typed in that way; a field that is not in the table below fails the test.
import fs from "node:fs";
import path from "node:path";
import { check, equal, eventually } from "../harness.mjs";

// As an input method hands it over: what stands under composition, one string after the other; done with the last.
const k_word = ["ㄷ", "데", "뎅", "데이", "데잍", "데이터"];
// The key events of it: browsers say that an input method has them, and Safari says of the last Enter only 229.
const k_keys = ["e", "p", "d", "l", "x", "j"].map((key) => "Key" + key.toUpperCase());

const state = (tab) => tab.evaluate(() => window.scaleground.state());
const value_of = (tab, id) => tab.evaluate((name) => document.getElementById(name).value, id);

// The whole page in a line: what a key that is taken for a shortcut would change.
const picture = (tab) => tab.evaluate(() => {
    const { nodes, playing, undo } = window.scaleground.state();
    return JSON.stringify([nodes.map((node) => [node.id, node.label]), playing, undo, location.hash,
        [...document.querySelectorAll("dialog[open]")].map((dialog) => dialog.id),
        document.querySelector("#lesson .said, #lesson .note")?.textContent, document.activeElement.id]);
});

// An input method of Chromium's own, through its debugger.
async function real_method(tab) {
    const cdp = await tab.page.context().newCDPSession(tab.page);
    const key = (type, code, by_method) => cdp.send("Input.dispatchKeyEvent", { type, code,
        key: by_method ? "Process" : code, windowsVirtualKeyCode: by_method ? 229 : 13 });
    return {
        async stand(text, code) {
            await key("rawKeyDown", code, true);
            await cdp.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
            await key("keyUp", code, true);
        },
        async press(code) {
            await key("rawKeyDown", code, true);
            await key("keyUp", code, true);
        },
        done: (text) => cdp.send("Input.insertText", { text }),
        close: () => cdp.detach(),
    };
}

// Where the driver has none: the same events, and the field changed as the browser would.
async function acted_method(tab) {
    const act = (kind, text, code) => tab.evaluate(([what, letters, key]) => {
        const field = document.activeElement;
        const fire = (event) => field.dispatchEvent(event);
        const press = (name) => fire(new KeyboardEvent(name, { key: "Process", code: key, keyCode: 229, isComposing: true,
            bubbles: true, cancelable: true }));
        if (key) press("keydown");
        if (what !== "press") {
            if (window.composed === undefined) {
                window.composed = { from: field.selectionStart, to: field.selectionEnd };
                fire(new CompositionEvent("compositionstart", { data: "", bubbles: true }));
            }
            const { from, to } = window.composed;
            fire(new CompositionEvent("compositionupdate", { data: letters, bubbles: true }));
            field.setRangeText(letters, from, to, "end");
            window.composed.to = from + letters.length;
            fire(new InputEvent("input", { data: letters, inputType: "insertCompositionText", isComposing: true, bubbles: true }));
        }
        if (what === "done") {
            delete window.composed;
            fire(new CompositionEvent("compositionend", { data: letters, bubbles: true }));
        }
        if (key) press("keyup");
    }, [kind, text, code]);
    return { stand: (text, code) => act("stand", text, code), press: (code) => act("press", "", code),
        done: (text) => act("done", text, ""), close: () => {} };
}

// Types a word into the field that has the focus; nothing else may happen on the page.
async function compose(tab, browser, id) {
    const method = browser === "chromium" ? await real_method(tab) : await acted_method(tab);
    const before = await picture(tab);
    const start = await value_of(tab, id);
    for (const [index, text] of k_word.entries()) {
        await method.stand(text, k_keys[index]);
        equal(await value_of(tab, id), start + text, `${id} while "${text}" is composed`);
    }
    for (const code of ["Enter", "Space", "Escape", "Backspace", "Slash", "KeyA", "KeyC", "KeyZ"]) await method.press(code);
    equal(await picture(tab), before, `the page after keys of a composition in ${id}`);
    await method.done(k_word.at(-1));
    equal(await value_of(tab, id), start + k_word.at(-1), `${id} once it is done`);
    equal(await picture(tab), before, `the page after a composition in ${id}`);
    await method.close();
}

const focus = (tab, id) => tab.evaluate((name) => {
    const field = document.getElementById(name);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
}, id);

// Every field for text, and what a composition in it leads to.
const fields = {
    // The search in the palette: finds as it is typed, and Enter takes what is found first.
    async "palette-search"({ tab, browser }) {
        await tab.click("#add-button");
        const count = (await state(tab)).nodes.length;
        await compose(tab, browser, "palette-search");
        const rows = await tab.evaluate(() => [...document.querySelectorAll("#palette-list b")].map((row) => row.textContent));
        check(rows.length > 0 && rows[0].includes("데이터"), `found by Korean letters: ${rows}`);
        await tab.press("Enter");
        await eventually(async () => (await state(tab)).nodes.length === count + 1, "Enter adds the first that is found");
        await eventually(() => tab.evaluate(() => document.querySelector("dialog[open]") === null), "the palette is closed");
    },
    // One dialog asks for names: of a part, and of a design.
    async "ask-input"({ tab, browser }) {
        await tab.click("#own-button");
        await tab.click("#own-save");
        await tab.evaluate(() => { document.getElementById("ask-input").value = "내 "; });
        await focus(tab, "ask-input");
        await compose(tab, browser, "ask-input");
        await tab.press("Enter");
        await eventually(async () => (await tab.text("#own-list")).includes("내 데이터"), "kept under that name");
        await tab.press("Escape");
    },
    // The answer to a question for a number: the letters do no harm, and Enter that ends them gives no answer.
    async "lesson-number"({ tab, browser, lesson }) {
        await tab.evaluate((hash) => { location.hash = hash; }, lesson);
        await eventually(() => tab.evaluate(() => document.getElementById("lesson-number") !== null), "a question for a number", 30000);
        await eventually(() => tab.evaluate(() => !document.getElementById("lesson").textContent.includes("…")), "measured", 30000);
        await tab.evaluate(() => { document.getElementById("lesson-number").value = "50"; });
        await focus(tab, "lesson-number");
        await compose(tab, browser, "lesson-number");
        check(await tab.evaluate(() => !document.getElementById("lesson-number").disabled), "no answer was given");
        await tab.press("Enter");
        await eventually(() => tab.evaluate(() => document.getElementById("lesson-number").disabled), "Enter answers afterwards");
    },
    // Only to be copied from.
    async "share-link"({ tab }) {
        check(await tab.evaluate(() => document.getElementById("share-link").readOnly), "the link is read only");
    },
};

const k_no_text = ["radio", "checkbox", "file", "button", "submit", "range", "color", "hidden"];

// Fields of the page's HTML as it stands, and those that its scripts make.
async function all_fields(tab, site) {
    const standing = await tab.evaluate((others) => [...document.querySelectorAll("input, textarea, [contenteditable]")]
        .filter((field) => !others.includes(field.type)).map((field) => field.id), k_no_text);
    const scripts = ["boot.mjs", ...fs.readdirSync(path.join(site, "page")).map((name) => "page/" + name)];
    const made = scripts.flatMap((name) => {
        const text = fs.readFileSync(path.join(site, name), "utf8");
        check(!/contenteditable|contentEditable|createElement\("(?:input|textarea)"\)|<input|<textarea/.test(text),
            `${name} makes a field in a way that this test does not follow: use made("input", { id: ... })`);
        return [...text.matchAll(/made\("(?:input|textarea)", \{ id: "([\w-]+)"/g)].map((found) => found[1]);
    });
    return [...new Set([...standing, ...made])].sort();
}

// A step of a lesson that asks for a number.
function step_with_number(site) {
    const ladder = JSON.parse(fs.readFileSync(path.join(site, "scenarios/index.json"), "utf8"));
    for (const { id, path: file } of ladder) {
        const { lesson } = JSON.parse(fs.readFileSync(path.join(site, file), "utf8"));
        const step = lesson?.steps?.findIndex((one) => one.predict && !one.predict.answers) ?? -1;
        if (step >= 0) return `#lesson=${id}&step=${step + 1}`;
    }
    throw new Error("no lesson asks for a number");
}

export const tests = [
    { name: "Korean is composed in every field, and no letter of it is a shortcut", long: true, async run({ open, browser, site }) {
        const tab = await open("?lang=ko#scenario=tandem");
        await tab.evaluate(() => window.scaleground.pause());
        equal(await all_fields(tab, site), Object.keys(fields).sort(), "fields for text on the page (add new ones to this test)");
        for (const work of Object.values(fields)) await work({ tab, browser, lesson: step_with_number(site) });
        return `${Object.keys(fields).length} fields`;
    } },
    { name: "shortcuts work while the keyboard is set to Korean", async run({ open }) {
        const tab = await open("?lang=ko#scenario=tandem");
        const press = (key, code, more = {}) => tab.evaluate(([letter, place, held]) => {
            const canvas = document.getElementById("canvas");
            canvas.focus();
            canvas.dispatchEvent(new KeyboardEvent("keydown", { key: letter, code: place, bubbles: true, cancelable: true, ...held }));
        }, [key, code, more]);
        await press("ㅁ", "KeyA");
        check(await tab.evaluate(() => document.getElementById("palette").open), "the key of A opens the palette");
        const count = (await state(tab)).nodes.length;
        await tab.evaluate(() => document.querySelector("#palette-list .palette-row").click());
        await eventually(async () => (await state(tab)).nodes.length === count + 1, "a part more");
        await press("ㅋ", "KeyZ", { ctrlKey: true });
        await eventually(async () => (await state(tab)).nodes.length === count, "the key of Z with Ctrl takes it back");
    } },
];
