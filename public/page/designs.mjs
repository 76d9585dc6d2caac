// The designs that come with the page: scenarios/index.json and the files beside it.
import { say } from "./words.mjs";

export class Designs {
    constructor() {
        this.list = [];
    }

    async read_index() {
        const answer = await fetch("scenarios/index.json");
        if (!answer.ok) throw new Error(`scenarios/index.json: HTTP ${answer.status}`);
        const index = await answer.json();
        this.list = Array.isArray(index) ? index : index.scenarios;
    }

    find(id) {
        return this.list.find((entry) => entry.id === id) ?? null;
    }

    // What a first visit sees: the index names it; else the first single topic, else the first of all.
    starter() {
        const preferred = this.list.find((entry) => entry.starter);
        return preferred ?? this.list.find((entry) => this.group(entry) === "gallery") ?? this.list[0] ?? null;
    }

    group(entry) {
        return entry.group ?? (entry.path.includes("ladder/") ? "ladder" : "gallery");
    }

    in_group(group) {
        return this.list.filter((entry) => this.group(entry) === group);
    }

    // The text of a design, or an error with a sentence.
    async fetch_text(id) {
        const entry = this.find(id);
        if (!entry) throw new Error(say("page.no_design", { id }));
        try {
            const answer = await fetch(entry.path);
            if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
            return await answer.text();
        } catch (error) {
            throw new Error(say("page.unread_design", { id, what: error.message }));
        }
    }
}
