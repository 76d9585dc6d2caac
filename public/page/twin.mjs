// The run in words: key figures in the top bar, a live table of every part, and a sentence for those who listen.
import { clock, count, milliseconds, percent, rate, usd } from "./numbers.mjs";
import { say } from "./words.mjs";

const element = (id) => document.getElementById(id);
const k_figures_gap_ms = 250;
const k_table_gap_ms = 1000;
const k_spoken_gap_ms = 5000;

// Calls `work` at most once per `gap_ms`, and once more after the last call.
export function at_most_every(gap_ms, work) {
    let last = -Infinity;
    let timer = 0;
    return () => {
        if (timer) return;
        const wait = Math.max(0, last + gap_ms - performance.now());
        timer = setTimeout(() => {
            timer = 0;
            last = performance.now();
            work();
        }, wait);
    };
}

function set_text(target, text) {
    if (target.textContent !== text) target.textContent = text;
}

// Words for a list of nodes that do not answer.
const is_down = (node) => node.state === "dead" || node.instances_up === 0;
const level = (node) => {
    if (is_down(node) || node.busy >= 0.95) return "bad";
    return node.state !== "up" || node.busy >= 0.8 ? "warn" : "";
};

export class Twin {
    // `read()` gives the module's `state`; `select(id)` shows a node in the instrument.
    constructor(read, select) {
        Object.assign(this, { read, select, rows: [], shape: "", spoken: "", selected: null });
        this.figures_soon = at_most_every(k_figures_gap_ms, () => this.show_figures());
        this.table_soon = at_most_every(k_table_gap_ms, () => this.show_table());
        this.speak_soon = at_most_every(k_spoken_gap_ms, () => this.speak());
        this.on_state = () => {};
    }

    // Something may have changed; the displays follow at their own pace.
    changed() {
        this.figures_soon();
        this.table_soon();
        this.speak_soon();
    }

    // At once, for a design that was just opened or a language that was just chosen.
    refresh() {
        this.shape = "";
        this.show_figures();
        this.show_table();
    }

    show_figures() {
        const state = this.read();
        if (!state) return;
        const { totals } = state;
        this.figure("load", rate(totals.load_per_s), "");
        this.figure("p50", milliseconds(totals.p50_ms), exceeded(totals.p50_ms, state.slo?.p50_ms));
        this.figure("p99", milliseconds(totals.p99_ms), exceeded(totals.p99_ms, state.slo?.p99_ms));
        this.figure("failed", percent(totals.failed_ratio, 2), totals.failed_ratio >= 0.01 ? "bad" : "");
        this.figure("cost", usd(totals.cost_usd_per_month), "");
    }

    // A figure beyond what the design promises says so by a sign, not by colour alone.
    figure(name, text, mood) {
        const target = element(`figure-${name}`);
        target.parentElement.className = mood;
        set_text(target, mood === "bad" ? "✕ " + text : text);
    }

    show_table() {
        const state = this.read();
        if (!state) return;
        element("twin").hidden = false;
        const shape = JSON.stringify(state.nodes.map((node) => [node.id, node.label, node.kind_name]));
        if (shape !== this.shape) this.build_rows(state.nodes);
        this.shape = shape;
        state.nodes.forEach((node, index) => this.fill_row(this.rows[index], node));
        set_text(element("twin-summary"), this.summary(state));
        set_text(element("play-button"), say(state.playing ? "page.pause" : "page.play"));
        this.on_state(state);
    }

    build_rows(nodes) {
        const body = element("twin-rows");
        body.replaceChildren();
        this.rows = nodes.map((node) => {
            const row = document.createElement("tr");
            const head = document.createElement("th");
            head.scope = "row";
            const name = document.createElement("button");
            name.type = "button";
            name.className = "id-button id";
            name.textContent = node.label || node.id;
            name.addEventListener("click", () => this.select(node.id));
            const kind = document.createElement("span");
            kind.className = "kind";
            const state = document.createElement("span");
            state.className = "state";
            kind.append(node.kind_name + " · ", state);
            head.append(name, kind);
            const cells = ["busy", "queue", "rate", "p99"].map(() => document.createElement("td"));
            row.append(head, ...cells);
            row.dataset.node = node.id;
            body.append(row);
            return { row, state, cells };
        });
    }

    fill_row({ row, state, cells }, node) {
        row.className = [level(node), node.id === this.selected ? "chosen" : ""].join(" ").trim();
        const some = node.instances_up < node.instances ? ` ${node.instances_up}/${node.instances}` : "";
        set_text(state, (node.state_name ?? node.state) + some);
        const serves = node.busy !== null && node.busy !== undefined;
        set_text(cells[0], serves ? percent(node.busy) : "–");
        set_text(cells[1], count(node.queue));
        set_text(cells[2], rate(node.rate_per_s));
        set_text(cells[3], node.p99_ms > 0 ? milliseconds(node.p99_ms) : "–");
    }

    summary(state) {
        const { totals } = state;
        const parts = [say(state.playing ? "page.summary_running" : "page.summary_paused", { clock: clock(state.now_s) })];
        if (totals.p99_ms > 0) {
            parts.push(say("page.summary_served", { rate: rate(totals.throughput_per_s),
                p99: milliseconds(totals.p99_ms), failed: percent(totals.failed_ratio, 2) }));
        } else parts.push(say("page.summary_none"));
        const name = (node) => node.label || node.id;
        const down = state.nodes.filter(is_down);
        const busiest = state.nodes.reduce((most, node) => ((node.busy ?? 0) > (most?.busy ?? 0) ? node : most), null);
        if (down.length) parts.push(say("page.summary_down", { nodes: down.map(name).join(", ") }));
        else if (busiest) parts.push(say("page.summary_busiest", { node: name(busiest), busy: percent(busiest.busy) }));
        return parts.join(" ");
    }

    // Spoken only when the picture changes (which parts are down, whether it runs), not with every figure.
    speak() {
        const state = this.read();
        if (!state) return;
        const picture = JSON.stringify([state.playing, state.nodes.map((node) => [node.id, level(node)])]);
        if (picture === this.spoken) return;
        this.spoken = picture;
        set_text(element("twin-live"), this.summary(state));
    }
}

function exceeded(value, promised) {
    return promised !== undefined && promised !== null && value > promised ? "bad" : "";
}
