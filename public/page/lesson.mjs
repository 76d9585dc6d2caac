// The lesson player, of lessons that come with the page and of others: which step is shown, what it does to the run, and what was measured. The view draws it.
import { condition_text, figure_name, figure_text } from "./figure_words.mjs";
import { LessonView } from "./lesson_view.mjs";
import { store, stored } from "./prefs.mjs";
import { told } from "./refusals.mjs";
import { pick, say } from "./words.mjs";

const k_change_calm_ms = 900; // after the last change a new design is measured
const k_watch_s = 7;          // of wall time to reach the moment that a step plays to
const k_keep_calm_ms = 600;   // after the last change it is kept
const k_strangers_kept = 40;  // lessons that did not come with the page, the latest ones

function kept_progress() {
    try {
        return JSON.parse(stored("lessons") ?? "{}");
    } catch {
        return {};
    }
}

// The first of these steps that was not played to its end; the first of all when every one was.
export function next_in_journey(steps) {
    const kept = kept_progress();
    return Math.max(0, steps.findIndex((step) => step.lesson && !kept[step.id]?.done));
}

// Where the learner was in a lesson that was not played to its end, from 1.
export function step_to_open(id) {
    const kept = kept_progress()[id];
    return kept && !kept.done ? kept.step + 1 : 1;
}

// Lessons that somebody wrote go by their mark.
const is_mark = (id) => /^[0-9a-f]{16}$/.test(id);

export class LessonPlayer {
    constructor(playground, trials, root) {
        Object.assign(this, { playground, trials, lesson: null, step: 0, timer: 0, stop_at_s: 0 });
        this.view = new LessonView(root, this);
    }

    get active() {
        return this.lesson !== null;
    }

    hash(step = this.step) {
        return `${this.place}&step=${step + 1}`;
    }

    // Its address at this step for others; empty where there is none: what is kept here only does not travel.
    place_to_share() {
        if (!this.active) return "";
        this.keep_mine();
        return this.place.startsWith("#work=") ? "" : this.hash();
    }

    // Opens a lesson at a step (from 1; 0 is where the learner was). `source` is {json} or {link}; `place` is its address
    // without the step, and `id` names what is kept of it: of a lesson that somebody wrote, null stands for its mark.
    open(source, { place, id = null }, step) {
        const call = (name, values) => this.playground.caller.call(name, values);
        const { lesson, goal, start, design, mark } = call("lesson", source);
        if (!lesson.steps?.length) throw new Error(say("page.lesson_no_steps"));
        this.load(start); // refuses before anything else is changed
        this.playground.know_lessons([mark]);
        clearTimeout(this.timer);
        Object.assign(this, { id: id ?? mark, place, lesson, goal, start, design, verdict: null, yours: null, changed: false });
        Object.assign(this, { answers: {}, hints: 0, taken: "" });
        const kept = kept_progress()[this.id];
        this.measure();
        const first = step > 0 ? step - 1 : kept && !kept.done ? kept.step : 0;
        this.step = Math.min(first, lesson.steps.length - 1);
        if (!this.current.start) this.catch_up();
        const mine = kept?.mine && !this.playground.embed && kept.step === this.step ? kept.mine : null; // before the step is entered, which forgets it
        this.go(this.step, { silent: true });
        this.came_back = mine !== null && this.bring_back(mine);
        this.begin_again = () => {
            this.forget_mine();
            this.open(source, { place, id }, this.step + 1);
        };
    }

    // What the learner changed in this step before the page went away, at the moment where it was.
    bring_back({ link, json, at_s, playing }) {
        const { playground } = this;
        try {
            playground.load(link ? { link } : { json, draft: true });
        } catch {
            this.forget_mine(); // from another version of the page: the step begins as it always does
            return false;
        }
        Object.assign(this, { changed: true, stop_at_s: 0 });
        const { caller } = playground;
        caller.call("speed", { factor: 1 });
        this.point_at_parts();
        playground.go_to(at_s, () => this.changed).then(() => playing && this.changed && playground.act(() => caller.call("play")));
        this.keep();
        if (this.current.build) this.try_soon(0);
        return true;
    }

    // The run as the learner has it: a link, or a draft while parts are missing.
    as_it_is() {
        const { playground } = this;
        const state = playground.state_or_empty();
        const link = playground.whole_link(true);
        return { link, ...(link ? {} : { json: playground.caller.call("scenario") }), at_s: state.now_s ?? 0, playing: Boolean(state.playing) };
    }

    // Something changed; the lesson itself does that too when a step is entered.
    heard_change() {
        clearTimeout(this.keep_timer);
        this.keep_timer = setTimeout(() => this.keep_mine(), k_keep_calm_ms);
    }

    // Kept with the progress: a change of the learner's is found again at the step where it was made.
    keep_mine() {
        clearTimeout(this.keep_timer);
        if (!this.active) return;
        const now = this.as_it_is();
        this.changed ||= (now.link || now.json) !== this.entered;
        if (this.changed) this.keep(now);
    }

    forget_mine() {
        this.changed = false;
        this.keep(null);
    }

    // Opened in the middle: the design and its run are what the steps before would have left.
    catch_up() {
        const { caller } = this.playground;
        const past = this.lesson.steps.slice(0, this.step);
        if (past.some((step) => step.build)) this.playground.act(() => caller.call("replace", { json: this.design }));
        const played = past.filter((step) => step.play_to_s);
        if (played.length > 0) caller.call("seek", { seconds: played.at(-1).play_to_s });
    }

    close() {
        clearTimeout(this.timer);
        clearTimeout(this.keep_timer);
        if (this.active) this.playground.know_lessons();
        Object.assign(this, { lesson: null, stop_at_s: 0, changed: false });
        this.playground.caller?.call("highlight", { nodes: [] });
        this.view.hide();
    }

    load(text) {
        this.playground.load({ json: text });
        this.plain = this.playground.caller.call("scenario");
    }

    // Runs of the two designs that the lesson knows, for the numbers in its texts and its questions.
    measure() {
        const { lesson } = this;
        const texts = JSON.stringify(lesson);
        const named = [...texts.matchAll(/\{(?:start|design|yours)\.([\w.-]+)\}/g)].map((found) => found[1]);
        const figures = [...new Set([...named, ...lesson.steps.flatMap((step) => [...(step.figures ?? []), step.predict?.figure ?? []].flat())])];
        const assertions = [...new Set(lesson.steps.flatMap((step) => (step.predict?.answers ?? []).map((answer) => answer.when)))];
        Object.assign(this, { figures, assertions, runs: { start: null, design: null } });
        for (const which of ["start", "design"]) {
            const mine = lesson;
            this.trials.run({ design: this[which], figures, assertions }).then((result) => {
                if (this.lesson !== mine) return;
                this.runs[which] = result;
                this.view.refresh();
            }, (error) => this.playground.banner.error(told(error)));
        }
    }

    // Steps -------------------------------------------------------------------------------------------

    get current() {
        return this.lesson.steps[this.step];
    }

    go(step, { silent = false } = {}) {
        this.step = Math.max(0, Math.min(this.lesson.steps.length - 1, step));
        this.hints = 0;
        if (!silent) this.playground.address.push(this.hash());
        this.enter();
        this.keep(this.changed ? this.as_it_is() : null);
        this.view.show();
    }

    point_at_parts() {
        const { playground, current } = this;
        const nodes = (current.highlight ?? []).filter((id) => playground.state()?.nodes.some((node) => node.id === id));
        playground.caller.call("highlight", { nodes });
    }

    enter() {
        const { playground, current } = this;
        const call = (name, values) => playground.caller.call(name, values);
        this.stop_at_s = 0;
        clearTimeout(this.keep_timer);
        if (current.start) this.changed = false;
        playground.act(() => {
            this.point_at_parts();
            if (current.start && call("scenario") !== this.plain) this.load(this.start);
            else if (current.start) call("restart");
            for (const command of current.commands ?? []) call("command", command);
            if (current.play_to_s) this.play_to(current.play_to_s);
        });
        const { link, json } = this.as_it_is();
        this.entered = link || json;
        if (current.build) this.try_soon(0);
    }

    play_to(seconds) {
        const { caller } = this.playground;
        const now_s = this.playground.state()?.now_s ?? 0;
        if (seconds <= now_s) caller.call("seek", { seconds });
        const left = Math.max(0, seconds - Math.min(now_s, seconds));
        if (left === 0) return;
        caller.call("speed", { factor: Math.min(1000, Math.max(1, Math.round(left / k_watch_s))) });
        caller.call("play");
        this.stop_at_s = seconds;
    }

    // `mine` is what the learner changed, null for nothing; without it that stays as it is kept.
    keep(mine = undefined) {
        const all = kept_progress();
        const before = all[this.id];
        const kept = mine === undefined ? before?.mine : mine;
        delete all[this.id]; // to the end: the latest
        all[this.id] = { step: this.step, done: before?.done || this.step === this.lesson.steps.length - 1, ...(kept ? { mine: kept } : {}) };
        for (const old of Object.keys(all).filter(is_mark).slice(0, -k_strangers_kept)) delete all[old];
        store("lessons", JSON.stringify(all));
    }

    // After every drawn frame: a step that plays to a moment stops there.
    drawn(now_s) {
        if (!this.active || !this.stop_at_s || now_s < this.stop_at_s) return;
        this.stop_at_s = 0;
        this.playground.caller.call("pause");
        this.playground.caller.call("speed", { factor: 1 });
        this.playground.touched();
    }

    // Trying the learner's design ------------------------------------------------------------------------

    design_changed() {
        if (this.active && this.current.build) this.try_soon(k_change_calm_ms);
    }

    try_soon(wait_ms) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.try_now(), wait_ms);
    }

    async try_now() {
        const mine = this.lesson;
        const design = this.playground.caller.call("scenario");
        if (design === this.taken) return;
        this.taken = design;
        if (this.playground.state()?.missing.length > 0) return this.set_verdict(null, false);
        this.set_verdict(this.verdict, true);
        try {
            const result = await this.trials.run({ design, figures: this.figures, assertions: this.assertions });
            if (this.lesson !== mine || this.taken !== design) return;
            this.yours = result;
            this.set_verdict(result.verdict, false);
        } catch (error) {
            if (this.lesson === mine) this.playground.banner.error(told(error));
        }
    }

    set_verdict(verdict, measuring) {
        Object.assign(this, { verdict, measuring });
        this.view.refresh();
    }

    show_solution() {
        this.playground.act(() => {
            this.playground.caller.call("replace", { json: this.design });
            this.playground.caller.call("play");
        });
        this.try_soon(0);
    }

    // Goes on freely: the design stays, the lesson does not.
    leave() {
        this.close();
        this.playground.act(() => this.playground.caller.call("edit", { edits: [{ design: { lesson: null } }] }));
        this.playground.make_own();
    }

    // Questions: right is what the run says ----------------------------------------------------------------

    question_run() {
        return this.runs[this.current.predict.of_start ? "start" : "design"];
    }

    answer(given) {
        this.answers[this.step] = given;
        this.view.refresh();
    }

    // {right, truth} once the run is there; null before.
    judged() {
        const { predict } = this.current;
        const run = this.question_run();
        const given = this.answers[this.step];
        if (!run || given === undefined) return null;
        if (predict.answers) {
            const held = predict.answers.map((one) => run.held[this.assertions.indexOf(one.when)]);
            return { right: held[given], held };
        }
        const truth = run.figures[predict.figure];
        return { right: Math.abs(given - truth) <= (predict.within ?? 0.25) * Math.abs(truth), truth };
    }

    // Words -----------------------------------------------------------------------------------------------

    label(id) {
        const state = this.playground.state();
        const node = state?.nodes.find((one) => one.id === id);
        if (node) return node.label || id;
        const drawn = JSON.parse(this.design).nodes.find((one) => one.id === id);
        return pick(drawn?.label) || id;
    }

    // What the kind of the figure's node says of it: its name and how it is written.
    metric_of(name) {
        const parts = name.match(/^nodes\.([^.]+)\.(\w+)$/);
        if (!parts) return null;
        this.kinds ??= this.playground.caller.call("kinds");
        const of_design = (text) => JSON.parse(text).nodes.find((one) => one.id === parts[1]);
        const kind = (of_design(this.design) ?? of_design(this.start))?.kind;
        return this.kinds.find((one) => one.id === kind)?.metrics?.find((one) => one.id === parts[2]) ?? null;
    }

    figure_text(name, value) {
        return figure_text(name, value, this.metric_of(name));
    }

    // {start.p99_ms} and the like, as measured.
    fill(text) {
        return pick(text).replace(/\{(start|design|yours)\.([\w.-]+)\}/g, (whole, which, name) => {
            const run = which === "yours" ? this.yours ?? this.runs.design : this.runs[which];
            return run ? this.figure_text(name, run.figures[name]) : "…";
        });
    }

    goals() {
        const label = (id) => this.label(id);
        return this.goal.map((text, index) => {
            const part = this.verdict?.parts[index];
            return { text: condition_text(text, label, (name) => this.metric_of(name)),
                measured: part ? this.figure_text(part.name, part.measured) : "", met: part?.met };
        });
    }

    figure_rows(names) {
        const mine = this.yours ?? this.runs.design;
        return names.map((name) => ({ name: figure_name(name, (id) => this.label(id), this.metric_of(name)),
            before: this.figure_text(name, this.runs.start?.figures[name]), after: this.figure_text(name, mine?.figures[name]) }));
    }
}
