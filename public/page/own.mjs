// The dialog of the user's own designs: save as, open, delete; files in and out, also by dropping them on the page.
import { language } from "./prefs.mjs";
import { ask } from "./dialogs.mjs";
import { save_file } from "./files.mjs";
import { told } from "./refusals.mjs";
import { file_name } from "./share.mjs";
import { delete_work, works } from "./works.mjs";
import { say } from "./words.mjs";

const element = (id) => document.getElementById(id);
const k_file_bytes = 262144; // more is no design: the engine stops there, too

export class OwnDesigns {
    constructor(playground) {
        this.playground = playground;
        element("own-button").addEventListener("click", () => this.open());
        element("own-save").addEventListener("click", () => this.save_as());
        element("own-export").addEventListener("click", () => this.save_file());
        element("own-import").addEventListener("click", () => element("own-file").click());
        element("own-file").addEventListener("change", (event) => this.take(event.target.files));
        this.watch_drops();
    }

    open() {
        element("own-said").textContent = "";
        this.list();
        element("own").showModal();
    }

    list() {
        const rows = works().map((work) => this.row(work));
        element("own-list").replaceChildren(...rows);
        element("own-none").hidden = rows.length > 0;
    }

    row({ key, title, name, saved }) {
        const row = document.createElement("li");
        const words = document.createElement("span");
        const [title_words, when] = [document.createElement("b"), document.createElement("small")];
        title_words.textContent = title;
        when.textContent = new Date(saved).toLocaleString(language(), { dateStyle: "medium", timeStyle: "short" }) +
            (name ? "" : " · " + say("keep.unnamed"));
        words.append(title_words, when);
        const button = (word, act) => {
            const made = document.createElement("button");
            made.type = "button";
            made.className = "quiet small";
            made.textContent = say(word);
            made.setAttribute("aria-label", `${say(word)}: ${title}`);
            made.addEventListener("click", () => act(made));
            return made;
        };
        row.append(words, button("keep.open", () => this.open_work(key)), button("keep.delete", (made) => this.remove(key, made)));
        if (key === this.playground.work_key) row.className = "chosen";
        return row;
    }

    open_work(key) {
        element("own").close();
        this.playground.try_open("#work=" + key, { push: true });
    }

    // The first press asks, the second does it.
    remove(key, button) {
        if (!button.dataset.sure) {
            button.dataset.sure = "1";
            button.textContent = say("keep.sure");
            return;
        }
        delete_work(key);
        if (this.playground.work_key === key) this.playground.work_key = null;
        this.list();
        element("own").querySelector("button").focus();
    }

    async save_as() {
        const name = await ask(say("keep.name"), element("about-title").textContent);
        if (!name) return;
        const kept = this.playground.save_as(name);
        element("own-said").textContent = kept ? say("keep.saved", { name }) : say("keep.no_storage");
        this.list();
    }

    save_file() {
        const title = element("about-title").textContent;
        save_file(file_name(title) + ".json", "application/json", this.playground.run_text());
    }

    // Files --------------------------------------------------------------------------------------------------

    async take(files) {
        const file = files?.[0];
        element("own-file").value = ""; // so that the same file can be taken again
        if (!file) return;
        try {
            if (file.size > k_file_bytes) throw new Error(say("keep.too_big", { file: file.name }));
            await this.playground.take_text(await file.text(), file.name);
            if (element("own").open) element("own").close();
        } catch (error) {
            const sentence = await told(error);
            if (element("own").open) element("own-said").textContent = sentence;
            else this.playground.banner.error(sentence);
        }
    }

    watch_drops() {
        const has_files = (event) => event.dataTransfer?.types.includes("Files");
        const mark = (on) => document.documentElement.toggleAttribute("data-dropping", on);
        document.addEventListener("dragover", (event) => {
            if (!has_files(event)) return;
            event.preventDefault();
            event.dataTransfer.dropEffect = "copy";
            mark(true);
        });
        document.addEventListener("dragleave", (event) => {
            if (!event.relatedTarget) mark(false);
        });
        document.addEventListener("drop", (event) => {
            mark(false);
            if (!has_files(event)) return;
            event.preventDefault();
            this.take(event.dataTransfer.files);
        });
    }
}
