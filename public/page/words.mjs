// Words of the interface: public/words/<language>.json, flat. HTML marks what it shows with data-word (text)
// and data-word-label (aria-label); scripts ask say(key, values).
import { language } from "./prefs.mjs";

const tables = {};

export async function load_words(which = language()) {
    if (tables[which]) return;
    const answer = await fetch(`words/${which}.json`);
    if (!answer.ok) throw new Error(`words/${which}.json: HTTP ${answer.status}`);
    tables[which] = await answer.json();
}

// The sentence of a key, with {name} replaced by values.name. A key without words shows as itself: visible, testable.
export function say(key, values = {}) {
    const table = tables[language()] ?? {};
    const words = table[key] ?? key;
    return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function has_words() {
    return language() in tables;
}

export function show_words(root = document) {
    if (!has_words()) return;
    for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
    for (const element of root.querySelectorAll("[data-word-label]"))
        element.setAttribute("aria-label", say(element.dataset.wordLabel));
}

// Text of a scenario: {en, ko}, either may be missing, or a plain string.
export function pick(text) {
    if (!text) return "";
    if (typeof text === "string") return text;
    return text[language()] || text.en || text.ko || "";
}
