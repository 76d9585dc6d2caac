// Building in words: the palette of parts, what a part may be connected to, undo and redo, copy and paste.
import { is_composing, letter_of } from "./keys.mjs";
import { lacking, told_by_hand } from "./refusals.mjs";
import { pick, say } from "./words.mjs";

const element = (id) => document.getElementById(id);
const k_tiers = ["source", "naming", "edge", "entry", "compute", "fast_store", "store", "background", "watch", "group"];

// "server" -> "server", "server-2": the first that nobody has.
function free_id(kind, taken) {
    const base = kind.slice(0, 24);
    if (!taken.has(base)) return base;
    let number = 2;
    while (taken.has(`${base}-${number}`)) number += 1;
    return `${base}-${number}`;
}

export class Builder {
    constructor(playground) {
        this.playground = playground;
        element("add-button").addEventListener("click", () => this.open_palette());
        element("undo-button").addEventListener("click", () => this.step("undo"));
        element("redo-button").addEventListener("click", () => this.step("redo"));
        element("connect-button").addEventListener("click", () => this.open_connect());
        element("palette-search").addEventListener("input", () => this.list_kinds());
        element("palette-search").addEventListener("keydown", (event) => this.take_first(event));
        document.addEventListener("copy", (event) => this.copy(event));
        document.addEventListener("cut", (event) => this.copy(event) && this.remove());
        document.addEventListener("paste", (event) => this.paste(event));
    }

    call(name, values) {
        return this.playground.caller.call(name, values);
    }

    edit(edits) {
        let made = false;
        this.playground.act(() => {
            this.call("edit", { edits });
            made = true;
        });
        this.show(this.playground.state_or_empty(), this.selection);
        return made;
    }

    step(name) {
        this.playground.act(() => this.call(name));
        this.show(this.playground.state_or_empty(), this.selection); // the buttons at once, not with the next figures
    }

    // In fields these keys belong to the text.
    undo_key(event) {
        if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.closest?.("input, textarea, dialog")) return;
        const key = letter_of(event);
        const name = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
        if (!name) return;
        event.preventDefault();
        this.step(name);
    }

    // What the buttons can do now.
    show(state, selection) {
        this.selection = selection;
        element("undo-button").disabled = state.undo === 0;
        element("redo-button").disabled = state.redo === 0;
        element("connect-button").hidden = !selection;
        const missing = state.missing[0];
        element("missing").hidden = !missing;
        element("missing").textContent = missing ? lacking(missing, state.nodes) : "";
    }

    // The palette ----------------------------------------------------------------------------------------

    open_palette() {
        this.kinds ??= this.call("kinds");
        element("palette-search").value = "";
        this.list_kinds();
        element("palette").showModal();
        element("palette-search").focus();
    }

    list_kinds() {
        const wanted = element("palette-search").value.trim().toLocaleLowerCase();
        const holds = (texts) => texts.some((text) => text.toLocaleLowerCase().includes(wanted));
        const named = ({ id, name }) => holds([id, name.en, name.ko]);
        const fits = (kind) => named(kind) || holds([kind.help.en, kind.help.ko]);
        const found = this.kinds.filter(fits).sort((a, b) => named(b) - named(a) || k_tiers.indexOf(a.tier) - k_tiers.indexOf(b.tier));
        element("palette-list").replaceChildren(...found.map((kind) => this.row(pick(kind.name), pick(kind.help), () => this.add(kind.id))));
        element("palette-none").hidden = found.length > 0;
    }

    // Enter takes what is found first; by itself it would press the dialog's only button, Close.
    take_first(event) {
        if (event.key !== "Enter" || is_composing(event)) return;
        event.preventDefault();
        element("palette-list").querySelector(".palette-row")?.click();
    }

    row(name, help, act) {
        const row = document.createElement("button");
        row.type = "button";
        row.className = "palette-row";
        const title = document.createElement("b");
        title.textContent = name;
        const about = document.createElement("span");
        about.textContent = help;
        row.append(title, about);
        if (act) row.addEventListener("click", act);
        else row.setAttribute("aria-disabled", "true");
        return row;
    }

    add(kind) {
        element("palette").close();
        const taken = new Set(this.playground.state_or_empty().nodes.map((node) => node.id));
        const id = free_id(kind, taken);
        if (this.edit([{ add: { id, kind } }])) this.playground.act(() => this.call("select", { node: id }));
    }

    // Connecting --------------------------------------------------------------------------------------------

    async open_connect() {
        const from = this.selection;
        const state = this.playground.state();
        const name = state.nodes.find((node) => node.id === from)?.label ?? from;
        element("connect-title").textContent = say("page.connect_title", { node: name });
        const rows = await Promise.all(state.nodes.filter((node) => node.id !== from).map((node) => this.target(from, node)));
        rows.sort((a, b) => (a.hasAttribute("aria-disabled") ? 1 : 0) - (b.hasAttribute("aria-disabled") ? 1 : 0));
        element("connect-list").replaceChildren(...rows);
        element("connect").showModal();
    }

    async target(from, node) {
        try {
            this.call("mayConnect", { from, to: node.id });
        } catch (refused) {
            return this.row(node.label || node.id, await told_by_hand(refused), null);
        }
        return this.row(node.label || node.id, node.kind_name, () => {
            element("connect").close();
            this.edit([{ connect: [from, node.id] }]);
        });
    }

    // The clipboard ------------------------------------------------------------------------------------------

    on_board() {
        return document.activeElement === element("canvas");
    }

    copy(event) {
        if (!this.on_board() || !this.playground.selected?.length) return false;
        event.clipboardData.setData("text/plain", JSON.stringify(this.call("copy", { nodes: this.playground.selected }), null, 2));
        event.preventDefault();
        return true;
    }

    remove() {
        this.edit(this.playground.selected.map((id) => ({ remove: id })));
    }

    paste(event) {
        if (!this.on_board()) return;
        const text = event.clipboardData.getData("text/plain").trim();
        if (!text) return;
        event.preventDefault();
        if (text.includes("#s=")) {
            this.playground.try_open(text.slice(text.indexOf("#s=")), { push: true });
            return;
        }
        this.playground.act(() => {
            let json;
            try {
                json = JSON.parse(text);
            } catch {
                throw new Error(say("page.paste_none"));
            }
            const { nodes } = this.call("paste", { json });
            this.call("select", { node: nodes[0] });
        });
    }
}
