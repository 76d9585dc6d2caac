// The page's one running design: opens it, keeps address, words and instrument in step with it.
import { Address, read_hash } from "./address.mjs";
import { next_in_journey, step_to_open } from "./lesson.mjs";
import { language, theme } from "./prefs.mjs";
import { remember_place } from "./place.mjs";
import { find_work, key_of_work, new_work_key, save_work, works } from "./works.mjs";
import { link_error, refusal, told, told_by_hand, within } from "./refusals.mjs";
import { pick, say } from "./words.mjs";
import { ask } from "./dialogs.mjs";
import { next_turn } from "./loop.mjs";
import { Outlooks } from "./outlooks.mjs";

const element = (id) => document.getElementById(id);

const k_slice_ms = 12; // of a long way to a moment
const k_nothing = { json: '{"scaleground": 1, "nodes": []}', draft: true };

// Where a lesson is played: its address without the step; empty for anything else.
function lesson_place({ kind, id, step, link, key }) {
    if (kind === "lesson") return "#lesson=" + id;
    return step > 0 ? link ?? "#work=" + key : "";
}

// A lesson as it was written: with steps, and nothing done in it yet.
function is_lesson(text) {
    try {
        const { lesson, log } = JSON.parse(text);
        return lesson?.steps?.length > 0 && !(log?.length > 0);
    } catch {
        return false; // the engine says what is wrong with it
    }
}

export class Playground {
    constructor(designs, banner) {
        Object.assign(this, { designs, banner, caller: null, loop: null, twin: null, tries: null });
        this.ready = new Promise((resolve, reject) => Object.assign(this, { is_ready: resolve, never_ready: reject }));
        this.ready.catch(() => {}); // whoever awaits it hears; nobody has to
        this.opened_id = ""; // of the design that came with the page; empty for a link
        this.welcomes = false; // the page was opened without a wish
        this.work_key = null; // names the user's own work once there is some
        this.known_link = ""; // of the design as it was opened, or as the address has it
        this.tickets = 0;
        this.outlooks = new Outlooks(this);
        this.address = new Address(() => this.read_link(), () => this.keep_work());
    }

    // The module is there: from now on calls work.
    attach(caller, loop, twin, tries, lesson, builder) {
        Object.assign(this, { caller, loop, twin, tries, lesson, builder });
        loop.on_drawn = () => this.drawn();
        this.know_lessons();
        twin.on_state = (state) => {
            this.tries.show(state);
            this.builder.show(state, this.selection);
        };
    }

    // What the instrument shows, as data; null while there is nothing to show.
    state() {
        if (!this.caller || this.caller.gone) return null;
        const state = this.caller.call("state");
        return state.empty ? null : state;
    }

    state_or_empty() {
        return this.caller.call("state");
    }

    design() {
        return { edges: [], ...JSON.parse(this.caller.call("scenario")) };
    }

    // Links leave out the text of lessons that everybody has, and of the one that is played: it has a link of its own.
    know_lessons(played = []) {
        this.caller.call("knowLessons", { marks: [...this.designs.list.flatMap(({ mark }) => mark ?? []), ...played] });
    }

    // What a file holds: the run. A lesson's edits would not fit what was made of its design.
    run_text() {
        const run = JSON.parse(this.caller.call("scenario"));
        if (this.lesson.active) delete run.lesson;
        return JSON.stringify(run, null, 2);
    }

    // The link of the run. Asking for it counts as having seen its changes, so those must not get lost.
    link() {
        const link = this.caller.call("link");
        if (link !== this.known_link) this.user_changed();
        return link;
    }

    // The link of the run, and the moment it is at.
    moment_link() {
        const now_s = this.state()?.now_s ?? 0;
        return this.link() + (now_s > 0 ? `&at=${now_s}` : "");
    }

    // The run as it goes into the address: its link, or where there is none the place that it is kept at.
    read_link() {
        this.known_link = this.whole_link();
        return this.known_link || "#work=" + this.work_key;
    }

    // Empty while parts are missing, and for a log so long that its link would open nowhere.
    // A lesson that comes with the page is left out, unless `whole`.
    whole_link(whole = false) {
        try {
            return this.state_or_empty().missing?.length > 0 ? "" : this.caller.call("link", { whole });
        } catch {
            return ""; // the share dialog says why
        }
    }

    // Opening ------------------------------------------------------------------------------------------

    // Opens what a hash asks for. Refuses with an Error; what runs then goes on running.
    async open(hash, { push = false, autoplay = true } = {}) {
        const ticket = ++this.tickets;
        const wish = read_hash(hash.slice(Math.max(0, hash.indexOf("#"))));
        const work = wish.kind === "work" ? find_work(wish.key) : null;
        if (wish.kind === "work" && !work) throw new Error(say("keep.gone"));
        const left = this.work_key;
        const id = wish.kind === "none" ? this.designs.starter()?.id : wish.id ?? "";
        const place = lesson_place(wish);
        if (place && this.lesson.active && this.lesson.place === place) return this.lesson.go(wish.step - 1, { silent: true });
        if (wish.kind === "unknown") throw new Error(say("page.unknown_hash"));
        if (wish.kind === "none" && !id) throw new Error(say("page.menu_empty"));
        const text = id ? await this.designs.fetch_text(id) : "";
        if (ticket !== this.tickets) return null; // something else was opened meanwhile
        if (push) this.address.flush();
        else this.keep_waiting_work();
        this.lesson.keep_mine();
        const taught = place && (!id || JSON.parse(text).lesson?.steps);
        const values = wish.kind === "new" ? k_nothing : id ? { json: text } : work?.json ? { json: work.json, draft: true }
            : { link: work?.link ?? wish.link };
        const answer = taught ? this.open_lesson(values, { place, id: id || null }, wish.step) : this.load(values);
        if (work && !taught) this.work_key = work.key; // what a learner does in a lesson is not written into it
        if (!taught) this.lesson.close(); // only now: what cannot be opened leaves a lesson as it is
        if (autoplay && !taught && !wish.at_s && wish.kind !== "new") this.caller.call("play");
        this.welcomes = wish.kind === "none";
        this.show_opened(id);
        const by_name = id || wish.kind === "new" ? hash.slice(hash.indexOf("#")) : "";
        if (push) this.address.push(taught ? this.lesson.hash() : by_name || this.known_link || "#work=" + this.work_key);
        else if (taught && !id) this.address.replace(this.lesson.hash());
        else if (wish.kind === "link" || work) this.address.replace(this.known_link || "#work=" + this.work_key);
        this.way_back(left);
        this.touched();
        if (wish.at_s && !taught) await this.go_to(wish.at_s, () => ticket === this.tickets);
        return answer;
    }

    open_lesson(values, names, step) {
        try {
            return this.lesson.open(values, names, step);
        } catch (error) {
            throw values.link && error.of_engine ? link_error(error) : error;
        }
    }

    // The lesson that the open design brings along.
    start_lesson() {
        if (this.designs.find(this.opened_id)) return this.try_open(`#lesson=${this.opened_id}&step=1`, { push: true });
        const hash = this.hash_of_lesson(this.caller.call("lesson"), this.caller.call("scenario"));
        return this.try_open(hash, { push: true });
    }

    // Where a lesson is played: one that comes with the page by its name, another one by its link. It is kept in this
    // browser where `keep` says so, and where it is too long for a link.
    hash_of_lesson({ mark, link }, json, keep = false) {
        const known = this.designs.list.find((entry) => entry.mark === mark);
        if (known) return `#lesson=${known.id}`;
        const key = key_of_work(link) ?? new_work_key();
        if (keep || !link)
            save_work(key, { title: pick(JSON.parse(json).title) || say("page.own_title"), ...(link ? { link } : { json }) });
        return `${link ?? "#work=" + key}&step=${step_to_open(mark)}`;
    }

    // To a moment, in slices, and rests there.
    async go_to(seconds, still_wanted) {
        while (still_wanted() && !this.caller.call("seek", { seconds, slice_ms: k_slice_ms }).done) {
            this.loop.schedule();
            await next_turn();
        }
        this.touched();
    }

    // What was open was the user's own, and is kept: the way back to it is offered.
    way_back(key) {
        const work = key && key !== this.work_key && !this.embed ? find_work(key) : null;
        this.left = work && { sentence: say("keep.beside", { title: work.title }), hash: "#work=" + key };
    }

    load(values) {
        try {
            const answer = this.caller.call("load", values);
            this.address.forget();
            // What loading itself changed is not the user's doing.
            this.work_key = null;
            this.read_link();
            this.work_key = key_of_work(this.known_link) ?? key_of_work(values.link); // kept when links were longer
            this.known_design = null;
            return answer;
        } catch (error) {
            throw values.link ? link_error(error) : error;
        }
    }

    // Opens, and says so in the banner when that does not work. True when it did.
    async try_open(hash, options) {
        try {
            await this.open(hash, options);
            this.banner.hide();
            const { left, lesson } = this;
            if (lesson.active && lesson.came_back) this.banner.offer(say("keep.lesson_back"), say("keep.lesson_anew"), () => lesson.begin_again());
            else if (left) this.banner.offer(left.sentence, say("keep.back"), () => this.try_open(left.hash, { push: true }));
            lesson.came_back = false;
            return true;
        } catch (error) {
            await this.banner.error(told(error));
            return false;
        }
    }

    // Words of the design in the left column.
    show_opened(id) {
        this.opened_id = id;
        this.twin.promised = this.state() ? this.design().slo ?? {} : {};
        this.tries.forget();
        this.show_about();
        this.twin.selected = null;
        this.twin.refresh();
    }

    show_about() {
        if (!this.caller) return;
        const state = this.state();
        this.shown_empty = !state;
        const entry = this.designs.find(this.opened_id);
        const title = !state ? say("board.empty") : state.title || say("page.own_title");
        this.show_welcome();
        element("about").hidden = false;
        element("about-title").textContent = title;
        element("menu-title").textContent = title;
        element("about-text").textContent = state ? state.description : say("board.empty_hint");
        if (!state) element("try").hidden = true;
        const steps = entry ? this.designs.in_group("ladder") : [];
        const step = steps.indexOf(entry) + 1;
        element("about-eyebrow").hidden = step === 0 && !this.welcomes;
        element("about-eyebrow").textContent = this.welcomes ? say("page.on_board") : say("page.step", { n: step, total: steps.length });
        element("about-text").hidden = this.lesson.active;
        const taught = entry ? entry.lesson : state && this.design().lesson?.steps?.length > 0;
        element("start-lesson").hidden = this.lesson.active || this.welcomes || !taught;
        document.title = `${title} · Scaleground`;
    }

    // Whoever asked for nothing in particular is told what this is, and led to the journey: to its beginning, or to
    // where it was left.
    show_welcome() {
        element("intro").hidden = !this.welcomes;
        element("start-journey").hidden = !this.welcomes;
        if (!this.welcomes) return;
        const steps = this.designs.in_group("ladder");
        const at = next_in_journey(steps);
        element("start-journey").textContent = at === 0 ? say("page.journey_start") : say("page.journey_on", { n: at + 1, total: steps.length });
        element("start-journey").onclick = () => this.try_open("#lesson=" + steps[at].id, { push: true });
    }

    // Following what happens ----------------------------------------------------------------------------

    // After a call that may have changed something.
    touched() {
        this.loop.wake();
        this.twin.changed();
    }

    // After every drawn frame.
    drawn() {
        const changes = this.caller.call("changes");
        if (changes.link_dirty) this.user_changed();
        if (changes.design !== this.known_design) {
            this.lesson.design_changed();
            if (this.shown_empty === Boolean(this.state())) this.show_about(); // the first part came, or the last one went
        }
        this.known_design = changes.design;
        this.lesson.drawn(changes.now_s);
        if (changes.error) this.banner.error(told_by_hand(refusal(changes.error)));
        if (changes.request?.rename) this.rename(changes.request.rename);
        this.outlooks.hear(changes.request);
        this.twin.choose(changes.selection);
        this.selection = changes.selection;
        this.selected = changes.selected; // all of them
        this.twin.changed();
    }

    // In a lesson the address goes on naming the lesson.
    user_changed() {
        if (this.lesson.active) this.lesson.heard_change();
        if (this.lesson.active || this.embed) return;
        this.work_key ??= new_work_key();
        this.address.changed();
    }

    // What a lesson has led to becomes a design of the user's own.
    make_own() {
        this.opened_id = "";
        this.show_opened("");
        this.work_key = new_work_key();
        this.address.push(this.read_link());
        this.keep_work();
        this.touched();
    }

    // Under a name of the user's; from now on this is what is worked on. False where nothing can be kept.
    save_as(name) {
        this.work_key = new_work_key();
        this.address.forget();
        this.address.push(this.read_link());
        return this.keep_work(name);
    }

    // A file's text: a design, a draft of one, a lesson, or a text with a link in it. It opens beside what is there.
    async take_text(text, file) {
        const at = text.indexOf("#s=");
        const is_json = text.trimStart().startsWith("{");
        if (!is_json && at >= 0) return this.try_open(text.slice(at).split(/[\s"'<>)]/)[0], { push: true });
        if (!is_json) throw new Error(say("keep.no_design", { file }));
        if (is_lesson(text)) return this.take_lesson(text, file);
        this.keep_waiting_work();
        this.lesson.keep_mine();
        const left = this.work_key;
        this.load_text(text, file);
        this.lesson.close();
        this.show_opened("");
        this.work_key = new_work_key();
        this.address.push(this.read_link());
        this.keep_work();
        this.touched();
        this.way_back(left);
        this.tell_file(file);
        return true;
    }

    tell_file(file) {
        const said = say("keep.opened_file", { file });
        if (this.left) this.banner.offer(`${said} ${this.left.sentence}`, say("keep.back"), () => this.try_open(this.left.hash, { push: true }));
        else this.banner.note(said);
    }

    // Somebody's lesson is played at once, from where the learner was in it.
    async take_lesson(text, file) {
        try {
            const hash = this.hash_of_lesson(this.caller.call("lesson", { json: text }), text, true);
            await this.open(hash, { push: true });
        } catch (error) {
            throw within("keep.bad_file", error, { file });
        }
        this.tell_file(file);
        return true;
    }

    load_text(text, file) {
        try {
            this.load({ json: text });
        } catch (error) {
            try {
                this.load({ json: text, draft: true });
            } catch {
                throw within("keep.bad_file", error, { file });
            }
        }
    }

    // The lesson behind this one on the ladder; null at its end.
    next_lesson(id) {
        const steps = this.designs.in_group("ladder");
        const at = steps.findIndex((entry) => entry.id === id);
        if (at < 0 && !this.designs.find(id)) return null; // one that somebody wrote leads nowhere
        return steps[at + 1]?.lesson ? steps[at + 1] : null;
    }

    // True where the browser keeps it. What is not whole has no link, and is kept as it is.
    keep_work(name = undefined) {
        if (!this.work_key || this.embed || this.state_or_empty().empty) return false;
        const link = this.known_link || undefined;
        const kept = save_work(this.work_key, { title: element("about-title").textContent, link,
            json: link ? undefined : this.caller.call("scenario"), ...(name ? { name } : {}) });
        remember_place(this);
        return kept;
    }

    // The address already shows something else; the work that was not written yet is kept all the same.
    keep_waiting_work() {
        if (!this.address.timer) return;
        this.address.forget();
        this.read_link();
        this.keep_work();
    }

    async rename({ node, label }) {
        const words = await ask(say("page.rename", { node }), label ?? "");
        if (words === null) return;
        this.act(() => this.caller.call("rename", { node, label: words }));
    }

    // Something the user asked for: an error goes to the banner.
    act(work) {
        try {
            work();
            this.touched();
        } catch (error) {
            this.banner.error(told(error));
        }
    }

    toggle() {
        this.act(() => this.caller.call(this.state()?.playing ? "pause" : "play"));
    }

    // Looks -------------------------------------------------------------------------------------------

    apply_language() {
        this.caller?.call("language", { language: language() });
        if (!this.caller) return;
        this.show_about();
        this.lesson.view.refresh();
        this.tries.shown = "";
        this.twin.refresh();
        this.touched();
    }

    apply_theme() {
        this.caller?.call("theme", { theme: theme() });
        if (this.caller) this.touched();
    }

    // Sections of the menu.
    sections() {
        const options = (group) => this.designs.in_group(group).map(({ id, title }, index) => ({
            id: "#scenario=" + id,
            title: group === "ladder" ? `${String(index + 1).padStart(2, "0")} · ${pick(title)}` : title,
        }));
        const when = (saved) => new Date(saved).toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" });
        const own = works().map(({ key, title, saved }) => ({ id: "#work=" + key, title, about: when(saved) }));
        return [
            { name: say("page.begin"), options: [{ id: "#new", title: say("page.new") }] },
            { name: say("page.ladder"), options: options("ladder") },
            { name: say("page.gallery"), options: options("gallery") },
            { name: say("page.works"), options: own },
        ];
    }
}
