// The user's own designs, newest first. Opening a link starts a new work; it never writes over one.
import { store, stored } from "./prefs.mjs";

const k_works = 8;

export function works() {
    try {
        const list = JSON.parse(stored("works") ?? "[]");
        return list.filter((work) => typeof work.key === "string" && typeof work.link === "string");
    } catch {
        return []; // not ours, or from another version: as good as none
    }
}

// The work that stands exactly like this: opened again, it is continued instead of copied.
export function key_of_work(link) {
    return works().find((work) => work.link === link)?.key ?? null;
}

export function new_work_key() {
    return Date.now().toString(36) + Math.floor(Math.random() * 1e9).toString(36);
}

export function save_work(key, title, link) {
    const others = works().filter((work) => work.key !== key);
    const list = [{ key, title, link, saved: new Date().toISOString() }, ...others];
    return store("works", JSON.stringify(list.slice(0, k_works)));
}
