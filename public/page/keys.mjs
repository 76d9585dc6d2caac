// A key that belongs to letters under composition. Safari ends a composition before the Enter that did so is heard, and
// tells it by 229 alone.
export const is_composing = (event) => event.isComposing || event.keyCode === 229 || event.key === "Process";

// The Latin letter of a key, also while the keyboard is set to Korean.
export function letter_of(event) {
    const place = /^[ㄱ-ㅣ]$/.test(event.key) && /^Key([A-Z])$/.exec(event.code);
    return (place ? place[1] : event.key).toLowerCase();
}

// Which keys the canvas may have. The module's input layer cancels whatever it hears, so it only hears what is its
// own: Tab, the browser's shortcuts and function keys pass by it.
export function belongs_to_browser(event) {
    if (event.key === "Tab" || event.key === "ContextMenu" || /^F\d+$/.test(event.key)) return true;
    if (is_composing(event) || event.altKey || event.metaKey) return true;
    // A lone Ctrl is let through: the board asks whether it is held.
    return event.ctrlKey && event.key !== "Control";
}

// `shortcut(event)` hears of every press before the canvas does, and before it is kept from it.
export function filter_keys(canvas, shortcut) {
    window.addEventListener("keydown", shortcut, { capture: true });
    const keep = (event) => {
        if (event.target === canvas && belongs_to_browser(event)) event.stopImmediatePropagation();
    };
    for (const name of ["keydown", "keypress"]) window.addEventListener(name, keep, { capture: true });
    // The input layer cancels the press that would have given the canvas the focus.
    canvas.addEventListener("pointerdown", (event) => {
        const late = event.shiftKey && document.activeElement !== canvas; // it went down where the canvas did not hear it
        canvas.focus({ preventScroll: true });
        if (late) canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", code: "ShiftLeft", keyCode: 16, shiftKey: true }));
        canvas.toggleAttribute("data-pointed", true); // focus by a pointer needs no frame; the next key brings it
    }, { capture: true });
    window.addEventListener("keydown", () => canvas.toggleAttribute("data-pointed", false), { capture: true });
}

// Space plays and pauses when nothing on the page has the focus; in the canvas the instrument does it itself.
export function space_toggles(toggle, allowed = () => true) {
    window.addEventListener("keydown", (event) => {
        const nothing = document.activeElement === document.body || document.activeElement === null;
        if (event.key !== " " || !nothing || !allowed() || belongs_to_browser(event)) return;
        event.preventDefault();
        toggle();
    });
}
