// The user's own designs: the latest ones by themselves, named ones until they are deleted. Opening a link starts a new
// work; it never writes over one. What has no link (parts are missing, the log is too long) is kept as JSON.
import { store, stored } from "./prefs.mjs";

const k_latest = 8; // without a name

export function works() {
    try {
        const list = JSON.parse(stored("works") ?? "[]");
        return list.filter((work) => typeof work.key === "string" && (typeof work.link === "string" || typeof work.json === "string"));
    } catch {
        return []; // not ours, or from another version: as good as none
    }
}

export const find_work = (key) => works().find((work) => work.key === key) ?? null;

// The work that stands exactly like this: opened again, it is continued instead of copied.
export function key_of_work(link) {
    return (link && works().find((work) => work.link === link)?.key) || null;
}

export function new_work_key() {
    return Date.now().toString(36) + Math.floor(Math.random() * 1e9).toString(36);
}

// Puts a work first in the list. A name it has stays. False where the browser keeps nothing, or nothing more.
export function save_work(key, { title, link, json, name = find_work(key)?.name }) {
    const others = works().filter((work) => work.key !== key);
    const list = [{ key, title: name ?? title, name, link, json, saved: new Date().toISOString() }, ...others];
    let latest = 0;
    return store("works", JSON.stringify(list.filter((work) => work.name || ++latest <= k_latest)));
}

export function delete_work(key) {
    return store("works", JSON.stringify(works().filter((work) => work.key !== key)));
}
