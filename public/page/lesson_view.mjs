// What the learner sees of a lesson: words, question, goal, hints and figures, as HTML in the left column.
import { is_composing } from "./keys.mjs";
import { lacking } from "./refusals.mjs";
import { pick, say } from "./words.mjs";

function made(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name === "class") element.className = value;
        else if (value === true) element.setAttribute(name, "");
        else if (value !== false && value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
}

const button = (words, act, kind = "", more = {}) => made("button", { type: "button", class: kind, onclick: act, ...more }, words);

export class LessonView {
    constructor(root, player) {
        Object.assign(this, { root, player, drawn: "", composing: false });
        // A field that is replaced under an input method loses letters.
        root.addEventListener("compositionstart", () => (this.composing = true));
        root.addEventListener("compositionend", () => {
            this.composing = false;
            setTimeout(() => this.refresh());
        });
    }

    hide() {
        this.root.hidden = true;
        this.root.replaceChildren();
        this.drawn = "";
        this.composing = false;
        document.body.classList.remove("in-lesson");
    }

    // A step is entered: drawn anew, and focus goes to its heading for those who listen.
    show() {
        document.body.classList.add("in-lesson");
        this.root.hidden = false;
        this.drawn = "";
        this.composing = false;
        this.refresh();
        this.root.parentElement.scrollTop = 0;
    }

    // Drawn again only where what it says has changed, so that a field keeps its focus.
    refresh() {
        const { player } = this;
        if (!player.active || this.composing) return;
        const parts = this.parts();
        const shape = parts.map((part) => part.outerHTML).join("");
        if (shape === this.drawn) return;
        this.drawn = shape;
        const focused = document.activeElement?.dataset?.key;
        const typed = this.root.querySelector("#lesson-number")?.value;
        this.root.replaceChildren(...parts);
        const field = this.root.querySelector("#lesson-number");
        if (field && typed !== undefined) field.value = typed;
        if (focused) this.root.querySelector(`[data-key="${focused}"]`)?.focus();
    }

    parts() {
        const { player } = this;
        const { current } = player;
        const list = [this.head(), made("p", { class: "lesson-text", role: "status" }, player.fill(current.text))];
        if (current.predict) list.push(this.question());
        if (current.build) list.push(this.task());
        if (current.figures?.length) list.push(this.figures(current.figures));
        const leave = button(say("page.lesson_own"), () => player.leave(), "quiet small", { "data-key": "own" });
        list.push(this.foot(), made("div", { class: "chips" }, leave));
        return list;
    }

    head() {
        const { player } = this;
        const total = player.lesson.steps.length;
        const dots = made("span", { class: "lesson-dots", "aria-hidden": "true" },
            ...player.lesson.steps.map((unused, index) => made("i", { class: index === player.step ? "at" : index < player.step ? "past" : "" })));
        const place = made("span", { class: "lesson-place" }, say("page.lesson_place", { n: player.step + 1, total }));
        return made("div", { class: "lesson-head" }, dots, place);
    }

    question() {
        const { player } = this;
        const { predict } = player.current;
        const judged = player.judged();
        const given = player.answers[player.step];
        const box = made("fieldset", { class: "card" }, made("legend", {}, player.fill(predict.ask)));
        if (predict.answers) box.append(...predict.answers.map((answer, index) => this.choice(answer, index, given, judged)));
        else box.append(this.number_field(predict, given));
        if (given !== undefined) box.append(this.answer_words(predict, judged));
        return box;
    }

    choice(answer, index, given, judged) {
        const mark = judged && (given === index || judged.held[index]) ? (judged.held[index] ? "✓ " : "✕ ") : "";
        const kind = !judged ? "" : judged.held[index] ? "right" : given === index ? "missed" : "";
        return button(mark + pick(answer.text), () => this.player.answer(index), `choice ${kind}`,
            { "aria-pressed": String(given === index), "data-key": `choice-${index}`, disabled: judged !== null });
    }

    number_field(predict, given) {
        const unit = predict.figure.endsWith("_ms") ? "ms" : predict.figure.endsWith("_per_s") ? "/s" : "";
        const field = made("input", { id: "lesson-number", type: "text", inputmode: "decimal", "data-key": "number",
            "aria-label": pick(predict.ask), disabled: given !== undefined });
        const send = () => {
            const value = Number.parseFloat(field.value.replace(",", "."));
            if (Number.isFinite(value)) this.player.answer(value);
        };
        field.addEventListener("keydown", (event) => event.key === "Enter" && !is_composing(event) && send());
        return made("div", { class: "chips" }, field, made("span", { class: "unit" }, unit),
            button(say("page.lesson_predict"), send, "", { "data-key": "predict", disabled: given !== undefined }));
    }

    answer_words(predict, judged) {
        if (!judged) return made("p", { class: "note" }, say("page.lesson_measuring"));
        const words = say(judged.right ? "page.lesson_right" : "page.lesson_wrong");
        const truth = predict.figure ? ` ${say("page.lesson_measured", { value: this.player.figure_text(predict.figure, judged.truth) })}` : "";
        return made("p", { class: judged.right ? "said right" : "said missed" }, (judged.right ? "✓ " : "✕ ") + words + truth);
    }

    task() {
        const { player } = this;
        const met = player.verdict?.met === true;
        const title = pick(player.lesson.goal?.text) || say("page.lesson_goal");
        const box = made("div", { class: "card" }, made("h3", {}, title));
        const list = made("ul", { class: "goals" }, ...player.goals().map(({ text, measured, met: held }) =>
            made("li", { class: held === undefined ? "" : held ? "right" : "missed" },
                (held === undefined ? "○ " : held ? "✓ " : "✕ ") + text + (measured ? ` · ${say("page.lesson_now", { value: measured })}` : ""))));
        box.append(list, made("p", { class: met ? "said right" : "note", role: "status" }, this.task_words(met)));
        if (!met) box.append(this.help());
        return box;
    }

    task_words(met) {
        const { player } = this;
        const state = player.playground.state_or_empty();
        if (state.missing.length > 0) return lacking(state.missing[0], state.nodes);
        if (player.measuring) return say("page.lesson_measuring");
        if (met) return say("page.lesson_reached");
        if (player.verdict?.feedback) return pick(player.verdict.feedback);
        return say("page.lesson_change");
    }

    help() {
        const { player } = this;
        const all = player.lesson.hints ?? [];
        const box = made("div", { class: "hints" }, ...all.slice(0, player.hints).map((hint) => made("p", { class: "note" }, pick(hint))));
        const more = () => {
            player.hints += 1;
            this.refresh();
        };
        const chips = made("div", { class: "chips" });
        const words = say("page.lesson_hint", { n: player.hints + 1, total: all.length });
        if (player.hints < all.length) chips.append(button(words, more, "small", { "data-key": "hint" }));
        chips.append(button(say("page.lesson_show_me"), () => player.show_solution(), "small", { "data-key": "show" }));
        box.append(chips);
        return box;
    }

    figures(names) {
        const rows = this.player.figure_rows(names).map(({ name, before, after }) =>
            made("tr", {}, made("th", { scope: "row" }, name), made("td", {}, before), made("td", {}, after)));
        const head = made("tr", {}, ...["page.lesson_figure", "page.lesson_before", "page.lesson_after"].map((key) => made("th", { scope: "col" }, say(key))));
        return made("table", { class: "before-after" }, made("thead", {}, head), made("tbody", {}, ...rows));
    }

    foot() {
        const { player } = this;
        const last = player.step === player.lesson.steps.length - 1;
        const next = player.playground.next_lesson(player.id);
        const chips = made("div", { class: "chips lesson-foot" });
        chips.append(button(say("page.lesson_back"), () => player.go(player.step - 1), "quiet", { "data-key": "back", disabled: player.step === 0 }));
        if (!last) chips.append(button(say("page.lesson_next"), () => player.go(player.step + 1), "primary", { "data-key": "next" }));
        const go_on = () => player.playground.try_open(`#lesson=${next.id}&step=1`, { push: true });
        if (last && next) chips.append(button(say("page.lesson_on", { title: pick(next.title) }), go_on, "primary", { "data-key": "next" }));
        return chips;
    }
}
