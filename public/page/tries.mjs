// "Try this": a few things worth doing to the design that runs, each one command of the list that also the
// instrument uses. Built from the design itself, so that a link of anybody's has them too.
import { say } from "./words.mjs";

const k_tries = 3;
const k_hops = 15; // of the longest way that a design may have

// Which parts are worth killing: those that most others lead to, the deepest in the requests' way first.
function victims(design) {
    const depth = new Map(design.nodes.map((node) => [node.id, 0]));
    for (let round = 0; round < k_hops; round += 1)
        for (const edge of design.edges) {
            const [from, to] = Array.isArray(edge) ? edge : [edge.from, edge.to];
            depth.set(to, Math.max(depth.get(to), Math.min(k_hops, depth.get(from) + 1)));
        }
    const deep = [...depth].filter(([, hops]) => hops > 0).sort(([, a], [, b]) => b - a);
    return deep.map(([id]) => id);
}

// The load that the users bring now, as far as the design and what was done to it say so.
function source_of(design) {
    const source = design.nodes.find((node) => typeof node.rate_per_s === "number");
    if (!source) return null;
    const set = (design.log ?? []).filter((command) => command.node === source.id && command.rate_per_s !== undefined);
    return { node: source.id, rate_per_s: set.at(-1)?.rate_per_s ?? source.rate_per_s };
}

export function tries(state, design, picked) {
    const list = [];
    const down = state.nodes.filter((node) => node.state === "dead");
    for (const node of down.slice(0, 2)) {
        list.push({ id: `restore ${node.id}`, words: say("page.try_restore", { node: node.label }),
            command: { do: "restore", node: node.id } });
    }
    for (const id of picked) {
        const node = state.nodes.find((each) => each.id === id);
        if (!node || down.includes(node)) continue;
        list.push({ id: `kill ${node.id}`, words: say("page.try_kill", { node: node.label }),
            command: { do: "kill", node: node.id } });
    }
    const source = source_of(design);
    if (source) {
        list.push({ id: "double", words: say("page.try_double"),
            command: { do: "set", node: source.node, rate_per_s: source.rate_per_s * 2 } });
    }
    return list.slice(0, k_tries + down.length);
}

export class Tries {
    // `design()` gives the scenario as it is now, with what was done to it.
    constructor(card, list, design, act) {
        Object.assign(this, { card, list, design, act, shown: "", picked: [] });
    }

    // A design was opened: choose anew what to suggest.
    forget() {
        this.picked = [];
        this.shown = "";
    }

    show(state) {
        const design = this.design();
        if (this.picked.length === 0) this.picked = victims(design).slice(0, 2);
        const suggestions = tries(state, design, this.picked);
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
