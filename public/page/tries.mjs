// "Try this": a few things worth doing to the design that runs, each one command of the list that also the
// instrument uses. Built from the design itself, so that a link of anybody's has them too.
import { say } from "./words.mjs";

const k_tries = 3;

// Which parts are worth killing: those behind the entrance that others depend on; the busiest first.
function victims(nodes) {
    const able = nodes.filter((node) => node.can_kill ?? !["clients", "dns"].includes(node.kind));
    return able.sort((a, b) => (b.busy ?? 0) - (a.busy ?? 0) || b.id.localeCompare(a.id));
}

const name = (node) => node.label || node.id;

export function tries(state, picked) {
    const list = [];
    const down = state.nodes.filter((node) => node.state === "dead");
    for (const node of down.slice(0, 2)) {
        list.push({ id: `restore ${node.id}`, words: say("page.try_restore", { node: name(node) }),
            command: { do: "restore", node: node.id } });
    }
    for (const id of picked) {
        const node = state.nodes.find((each) => each.id === id);
        if (!node || down.includes(node)) continue;
        list.push({ id: `kill ${node.id}`, words: say("page.try_kill", { node: name(node) }),
            command: { do: "kill", node: node.id } });
    }
    const source = state.nodes.find((node) => typeof node.params?.rate_per_s === "number" && node.kind === "clients");
    if (source) {
        const now = source.params.rate_per_s;
        list.push({ id: "double", words: say("page.try_double"),
            command: { do: "set", node: source.id, rate_per_s: now * 2 } });
    }
    return list.slice(0, k_tries + down.length);
}

export class Tries {
    constructor(card, list, act) {
        Object.assign(this, { card, list, act, shown: "", picked: [] });
    }

    // A design was opened: choose anew what to suggest.
    forget() {
        this.picked = [];
        this.shown = "";
    }

    show(state) {
        if (this.picked.length === 0) this.picked = victims(state.nodes).slice(0, 2).map((node) => node.id);
        const suggestions = tries(state, this.picked);
        const shown = JSON.stringify(suggestions);
        if (shown === this.shown) return;
        this.shown = shown;
        this.card.hidden = suggestions.length === 0;
        const focused = document.activeElement?.dataset?.try;
        this.list.replaceChildren(...suggestions.map(({ id, words, command }) => {
            const button = document.createElement("button");
            button.type = "button";
            button.dataset.try = id;
            button.textContent = words;
            button.addEventListener("click", () => this.act(command));
            return button;
        }));
        if (focused) (this.list.querySelector(`[data-try="${CSS.escape(focused)}"]`) ?? this.list.firstChild)?.focus();
    }
}
