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

const moods = { broken: "bad", strained: "warn" };
const signs = { bad: "✕ ", warn: "▲ " }; // never by colour alone

export class Twin {
    // `read()` gives the module's `state`, null while no design is open; `select(id)` shows a node in the instrument.
    constructor(read, select) {
        Object.assign(this, { read, select, rows: [], shape: "", spoken: "", selected: null, promised: {} });
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
        if (!state) return ["load", "p50", "p99", "failed", "cost"].forEach((name) => this.figure(name, "–", ""));
        const { lately, totals } = state;
        const { promised } = this;
        const failing = 1 - (promised.availability ?? 0.99);
        this.figure("load", rate(lately.arrivals_per_s), "");
        this.figure("p50", waited(lately.p50_ms), exceeded(lately.p50_ms, promised.p50_ms));
        this.figure("p99", waited(lately.p99_ms), exceeded(lately.p99_ms, promised.p99_ms));
        this.figure("failed", percent(lately.failed_share, 2), exceeded(lately.failed_share, failing));
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
        element("twin").hidden = !state;
        if (!state) return;
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
            const kind = document.createElement("span");
            kind.className = "kind";
            const state = document.createElement("span");
            state.className = "state";
            kind.append(node.kind_name + " · ", state);
            const sign = document.createElement("span");
            sign.className = "sign";
            head.append(sign, name, kind);
            const cells = ["busy", "queue", "rate", "p99"].map(() => document.createElement("td"));
            row.append(head, ...cells);
            row.dataset.node = node.id;
            row.addEventListener("click", () => this.select(node.id)); // the button's press arrives here too
            body.append(row);
            return { row, sign, state, cells };
        });
    }

    fill_row({ row, sign, state, cells }, node) {
        row.className = [moods[node.health] ?? "", node.id === this.selected ? "chosen" : ""].join(" ").trim();
        set_text(sign, signs[moods[node.health]] ?? "");
        set_text(state, node.state_name);
        set_text(cells[0], percent(node.busy));
        set_text(cells[1], count(node.queue));
        set_text(cells[2], rate(node.rate_per_s));
        set_text(cells[3], waited(node.p99_ms));
    }

    summary(state) {
        const { lately } = state;
        const running = say(state.playing ? "page.summary_running" : "page.summary_paused", { clock: clock(state.now_s) });
        const served = lately.completed_per_s > 0
            ? say("page.summary_served", { rate: rate(lately.completed_per_s), p99: waited(lately.p99_ms),
                failed: percent(lately.failed_share, 2) })
            : say("page.summary_none");
        return `${running} ${state.status.sentence} ${served}`;
    }

    // A part was chosen: its row is marked, and it is spoken for those who chose it by keys in the canvas.
    choose(id) {
        if (id === this.selected) return;
        this.selected = id;
        for (const { row } of this.rows) row.classList.toggle("chosen", row.dataset.node === id);
        const node = this.read()?.nodes.find((each) => each.id === id);
        if (!node) return;
        set_text(element("twin-live"), say("page.selected", { node: node.label, kind: node.kind_name,
            state: node.state_name, busy: percent(node.busy), queue: count(node.queue) }));
    }

    // Spoken only when the picture changes (which parts are down, whether it runs), not with every figure.
    speak() {
        const state = this.read();
        if (!state) return;
        const picture = JSON.stringify([state.playing, state.status.health, state.nodes.map((node) => [node.id, node.health])]);
        if (picture === this.spoken) return;
        this.spoken = picture;
        set_text(element("twin-live"), this.summary(state));
    }
}

// A time of nobody is no time.
const waited = (value_ms) => (value_ms > 0 ? milliseconds(value_ms) : "–");

const exceeded = (value, promised) => (typeof promised === "number" && value > promised ? "bad" : "");
