// The designs that come with the page: scenarios/index.json and the files beside it.
import { read_hash } from "./address.mjs";
import { say } from "./words.mjs";

// What a first visit sees: small, every tier once, worth breaking.
const k_starter = "04-load-balancer";

export class Designs {
    constructor() {
        this.list = [];
        this.coming = null; // the text of the design that is opened first, asked for ahead
    }

    // `hash` names the design that will be opened first, if that is known.
    async read_index(hash = null) {
        const answer = await fetch("scenarios/index.json");
        if (!answer.ok) throw new Error(`scenarios/index.json: HTTP ${answer.status}`);
        this.list = await answer.json();
        if (hash === null) return;
        const { kind, id } = read_hash(hash);
        const first = kind === "none" ? this.starter() : this.find(id);
        if (first) this.coming = { id: first.id, answer: fetch(first.path).catch(() => null) };
    }

    find(id) {
        return this.list.find((entry) => entry.id === id) ?? null;
    }

    starter() {
        return this.find(k_starter) ?? this.list[0] ?? null;
    }

    in_group(group) {
        return this.list.filter((entry) => entry.group === group);
    }

    // The text of a design, or an error with a sentence.
    async fetch_text(id) {
        const entry = this.find(id);
        if (!entry) throw new Error(say("page.no_design", { id }));
        try {
            const { coming } = this;
            this.coming = null;
            const answer = (coming?.id === id && await coming.answer) || await fetch(entry.path);
            if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
            return await answer.text();
        } catch (error) {
            throw new Error(say("page.unread_design", { id, what: error.message }));
        }
    }
}
