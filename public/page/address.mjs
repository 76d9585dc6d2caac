// The address bar: what its hash asks for, and how the running design gets into it.

// After a change the link is written once things are calm, and never more often than this (browsers refuse to
// rewrite the address more than about 100 times in 30 s).
const k_calm_ms = 600;
const k_least_gap_ms = 1500;

// {kind: "link", link, step} | {kind: "file", id} | {kind: "lesson", id, step} | {kind: "work", key, step} | {kind: "none"} |
// {kind: "new"} | {kind: "unknown"}; `at_s` is the moment to go to, 0 where none is named, and `step` that of the lesson in it.
export function read_hash(hash) {
    const text = hash.replace(/^#/, "");
    if (text === "") return { kind: "none", at_s: 0 };
    const values = new URLSearchParams(text);
    const at_s = Math.max(0, Number.parseFloat(values.get("at") ?? "") || 0);
    return { ...read_wish(text, values), at_s };
}

function read_wish(text, values) {
    const step = Number.parseInt(values.get("step") ?? "", 10) || 0;
    if (text.startsWith("s=")) return { kind: "link", link: "#" + text.split("&")[0], step };
    if (values.get("work")) return { kind: "work", key: values.get("work"), step };
    const bare = (id) => id.replace(/^(?:ladder|gallery)\//, ""); // the command takes ids with their folder, too
    if (text === "new") return { kind: "new" };
    if (values.get("scenario")) return { kind: "file", id: bare(values.get("scenario")) };
    if (values.get("lesson")) return { kind: "lesson", id: bare(values.get("lesson")), step };
    return { kind: "unknown" };
}

export class Address {
    // `read_link()` gives the canonical link of what runs; `on_written(link)` hears of every link written.
    constructor(read_link, on_written) {
        this.read_link = read_link;
        this.on_written = on_written;
        this.timer = 0;
        this.written_at = -Infinity;
        this.frozen = false; // an embed's address is the host page's
    }

    // What runs has changed: its link goes into the address soon.
    changed() {
        if (this.timer || this.frozen) return;
        const gap = Math.max(k_calm_ms, this.written_at + k_least_gap_ms - performance.now());
        this.timer = setTimeout(() => this.flush(), gap);
    }

    // Writes what is waiting, before another design takes the place of this one.
    flush() {
        if (!this.timer) return;
        this.forget();
        const link = this.read_link();
        this.replace(link);
        this.on_written(link);
    }

    forget() {
        clearTimeout(this.timer);
        this.timer = 0;
    }

    replace(hash) {
        this.written_at = performance.now();
        if (!this.frozen && location.hash !== hash) history.replaceState(null, "", hash);
    }

    push(hash) {
        if (!this.frozen && location.hash !== hash) history.pushState(null, "", hash);
    }
}
