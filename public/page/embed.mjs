// ?embed=1: a figure in somebody else's page. A picture first; the instrument when it is clicked or told to by a
// message. Wheel and Tab are the host page's until then, and again after Escape. It never writes into its address.
import { read_hash } from "./address.mjs";
import { answer_messages } from "./messages.mjs";
import { show_poster } from "./poster.mjs";
import { language, theme } from "./prefs.mjs";
import { told, within } from "./refusals.mjs";

const element = (id) => document.getElementById(id);

// The hash that the embed stands for: ?step goes into it.
function wished_hash(designs) {
    const step = Number.parseInt(new URLSearchParams(location.search).get("step") ?? "", 10);
    const wish = read_hash(location.hash);
    if (wish.kind === "none") return "#scenario=" + designs.starter().id;
    if (!(step > 0)) return location.hash;
    return wish.kind === "lesson" ? `#lesson=${wish.id}&step=${step}` : wish.kind === "link" ? `${wish.link}&step=${step}` : location.hash;
}

// The same in the whole playground, in a tab of its own.
function address_of(hash) {
    const query = new URLSearchParams({ lang: language(), theme: theme() });
    return `${location.origin}${location.pathname}?${query}${hash}`;
}

export class Embed {
    // `start()` loads the instrument and resolves when calls work.
    constructor(playground, start) {
        Object.assign(this, { playground, start, hash: "", started: null, running: false, held: false, seen: true });
        playground.embed = this;
        playground.address.frozen = true;
    }

    async show() {
        element("embed").hidden = false;
        element("loading").hidden = true;
        this.listen();
        answer_messages(window.scaleground, () => this.begin({ play: false }));
        try {
            await this.playground.designs.read_index();
            this.hash = wished_hash(this.playground.designs);
            this.point_link();
            await show_poster(this, this.playground.designs);
        } catch (error) {
            if (this.started) return;
            element("poster-said").textContent = await told(error);
            element("poster").classList.add("bad");
        }
    }

    listen() {
        element("poster-start").addEventListener("click", () => this.begin({ play: true }));
        element("shield").addEventListener("click", () => this.hold());
        element("embed-release").addEventListener("click", () => this.release());
        for (const name of ["pointerenter", "pointerdown", "focus", "click"])
            element("embed-open").addEventListener(name, () => this.point_link());
        window.addEventListener("keydown", (event) => {
            if (event.key === "Escape" && this.held && !document.querySelector("dialog[open]")) this.release();
        }, { capture: true });
        window.addEventListener("blur", () => this.release());
        // What is not held hears no wheel, so the browser scrolls the host page.
        window.addEventListener("wheel", (event) => {
            if (!this.held) event.stopImmediatePropagation();
        }, { capture: true, passive: true });
        const watcher = new IntersectionObserver((entries) => this.seen_now(entries.at(-1).isIntersecting));
        watcher.observe(document.documentElement);
    }

    // Off the screen it neither runs nor draws.
    seen_now(seen) {
        this.seen = seen;
        this.playground.follow_visibility?.();
    }

    // Loads the instrument once; a click also plays and takes hold.
    begin({ play }) {
        this.started ??= this.load();
        return this.started.then(() => {
            if (!play) return;
            this.hold();
            if (!this.playground.lesson.active) this.playground.act(() => this.playground.caller.call("play"));
        });
    }

    async load() {
        element("poster-start").disabled = true;
        element("poster").classList.add("waiting");
        element("loading").hidden = false;
        await this.start();
        await this.playground.ready;
        this.running = true;
        element("poster").remove();
        const ui = document.documentElement.dataset.embed;
        this.playground.act(() => this.playground.caller.call("extent", { ui }));
        this.release();
        this.point_link();
    }

    hold() {
        if (!this.running || this.held) return;
        this.held = true;
        document.documentElement.dataset.held = "";
        element("shield").hidden = true;
        element("embed-release").hidden = false;
        element("canvas").tabIndex = 0;
        element("canvas").focus({ preventScroll: true });
    }

    release() {
        if (!this.running) return;
        this.held = false;
        delete document.documentElement.dataset.held;
        element("shield").hidden = false;
        element("embed-release").hidden = true;
        element("canvas").tabIndex = -1; // else Tab would walk into what the shield covers
        document.activeElement?.blur();
    }

    // The exact state: design, seed, what was done, and the moment.
    point_link() {
        const link = element("embed-open");
        try {
            link.href = address_of(this.running ? this.playground.moment_link() : this.hash);
        } catch (error) {
            link.removeAttribute("href");
            this.playground.banner.error(told(within("page.share_too_long", error)));
        }
    }
}
