// The choice of designs: a listbox behind a button. Arrow keys, Home, End, typing the first letters, Escape.
import { pick, say } from "./words.mjs";
import { language } from "./prefs.mjs";

export class Menu {
    // `sections()` gives [{name, options: [{id, title, about}]}]; `choose(id)` opens one.
    constructor(button, list, sections, choose) {
        Object.assign(this, { button, list, sections, choose, current: "", at: -1, typed: "", typed_at: 0 });
        button.addEventListener("click", () => (list.hidden ? this.open() : this.close()));
        button.addEventListener("keydown", (event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                event.preventDefault();
                this.open();
            }
        });
        list.addEventListener("keydown", (event) => this.key(event));
        list.addEventListener("focusout", (event) => {
            if (!list.contains(event.relatedTarget) && event.relatedTarget !== button) this.close(false);
        });
    }

    open() {
        this.fill();
        this.list.hidden = false;
        this.button.setAttribute("aria-expanded", "true");
        this.list.focus();
        this.mark(Math.max(0, this.options.findIndex((option) => option.dataset.id === this.current)));
    }

    close(give_back_focus = true) {
        if (this.list.hidden) return;
        this.list.hidden = true;
        this.button.setAttribute("aria-expanded", "false");
        if (give_back_focus) this.button.focus();
    }

    fill() {
        this.list.replaceChildren();
        this.options = [];
        this.sections().forEach((section, index) => {
            if (section.options.length === 0) return;
            const group = document.createElement("div");
            group.setAttribute("role", "group");
            const name = document.createElement("div");
            name.className = "menu-group";
            name.id = `menu-group-${index}`;
            name.textContent = section.name;
            group.setAttribute("aria-labelledby", name.id);
            group.append(name, ...section.options.map((option) => this.option(option)));
            this.list.append(group);
        });
        if (this.options.length === 0) this.list.append(say("page.menu_empty"));
    }

    option({ id, title, about }) {
        const element = document.createElement("div");
        element.className = "menu-option";
        element.id = `menu-option-${this.options.length}`;
        element.setAttribute("role", "option");
        element.setAttribute("aria-selected", String(id === this.current));
        element.dataset.id = id;
        const name = document.createElement("span");
        name.className = "title";
        name.textContent = pick(title);
        element.append(name);
        if (about) {
            const more = document.createElement("span");
            more.className = "about";
            more.textContent = pick(about);
            element.append(more);
        }
        const index = this.options.length;
        element.addEventListener("click", () => this.take(index));
        element.addEventListener("pointermove", () => this.mark(index, false));
        this.options.push(element);
        return element;
    }

    mark(index, scroll = true) {
        if (this.options.length === 0) return;
        this.options[this.at]?.classList.remove("at");
        this.at = Math.min(Math.max(index, 0), this.options.length - 1);
        const option = this.options[this.at];
        option.classList.add("at");
        this.list.setAttribute("aria-activedescendant", option.id);
        if (scroll) option.scrollIntoView({ block: "nearest" });
    }

    take(index) {
        const option = this.options[index];
        this.close();
        if (option) this.choose(option.dataset.id);
    }

    key(event) {
        const moves = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: this.options.length - 1 };
        if (event.key in moves) this.mark(moves[event.key]);
        else if (event.key === "Enter" || event.key === " ") this.take(this.at);
        else if (event.key === "Escape") this.close();
        else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) this.type(event.key);
        else return;
        event.preventDefault();
    }

    type(letter) {
        const now = performance.now();
        this.typed = (now - this.typed_at < 800 ? this.typed : "") + letter.toLocaleLowerCase(language());
        this.typed_at = now;
        const found = this.options.findIndex((option) =>
            option.textContent.toLocaleLowerCase(language()).startsWith(this.typed));
        if (found >= 0) this.mark(found);
    }
}
