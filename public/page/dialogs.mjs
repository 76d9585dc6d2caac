// Dialogs with words to type or copy: HTML, because neither clipboard nor Korean input works in a canvas.
import { is_composing, letter_of } from "./keys.mjs";
import { say } from "./words.mjs";

const element = (id) => document.getElementById(id);

export function prepare_dialogs() {
    for (const dialog of document.querySelectorAll("dialog")) {
        dialog.addEventListener("click", (event) => {
            if (event.target === dialog) dialog.close("cancel"); // a click on the backdrop
        });
    }
}

// Every key that does something, as [keys, what].
const k_keys = [
    ["Space", "page.key_play"], ["← → ↑ ↓", "page.key_parts"], ["Delete", "page.key_remove"],
    ["Ctrl+Z, Ctrl+Y", "page.key_undo"], ["Ctrl+C, Ctrl+V", "page.key_copy"], ["A", "page.key_add"], ["C", "page.key_connect"],
    ["+ − 0", "page.key_zoom"], ["M", "page.key_map"], ["Shift+← → ↑ ↓", "page.key_pan"],
    ["page.key_shift_press", "page.key_many"], ["[ ] \\", "page.key_stretch"], [", .", "page.key_stretch_move"],
    ["page.key_shift_drag", "page.key_mark"], ["Esc", "page.key_escape"], ["?", "page.key_sheet"],
];

// The sheet of keys under "?", and the keys that open dialogs; none of them while something is typed.
export function prepare_keys_sheet() {
    document.addEventListener("keydown", (event) => {
        const typing = event.target.closest?.("input, textarea, dialog");
        if (typing || event.ctrlKey || event.metaKey || event.altKey || is_composing(event)) return;
        if (event.key === "?") open_keys_sheet();
        const opener = document.activeElement === element("canvas") && { a: "add-button", c: "connect-button" }[letter_of(event)];
        if (!opener || element(opener).hidden) return;
        event.preventDefault();
        element(opener).click();
    });
}

function open_keys_sheet() {
    element("keys-list").replaceChildren(...k_keys.flatMap(([keys, what]) => {
        const [term, words] = [document.createElement("dt"), document.createElement("dd")];
        term.textContent = keys.startsWith("page.") ? say(keys) : keys;
        words.textContent = say(what);
        return [term, words];
    }));
    element("keys").showModal();
}

// Asks for one line of text; resolves to it, or to null when the user thought better of it.
export function ask(label, value) {
    const dialog = element("ask");
    const input = element("ask-input");
    element("ask-label").textContent = label;
    input.value = value;
    dialog.returnValue = "cancel";
    dialog.showModal();
    input.select();
    return new Promise((resolve) => {
        dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? input.value.trim() : null),
            { once: true });
    });
}
