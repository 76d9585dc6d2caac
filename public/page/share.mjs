// The share dialog: one run in the shapes that other places take. Link, frame, picture, file, command.
import { drawn } from "./drawn.mjs";
import { copy_text, save_file } from "./files.mjs";
import { language, theme } from "./prefs.mjs";
import { clock } from "./numbers.mjs";
import { told, within } from "./refusals.mjs";
import { say } from "./words.mjs";

const element = (id) => document.getElementById(id);

const k_cut_at = 2000; // where Notion and Discord cut what is pasted
const k_frame_height = 420;
const k_shapes = ["link", "frame", "picture", "json", "command"];
const k_png_scale = 2;

const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
const bracketed = (text) => text.replace(/[[\]\\]/g, "\\$&");
// What a file may be called anywhere.
export const file_name = (title) => title.toLocaleLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "scaleground";

export class ShareDialog {
    constructor(playground) {
        Object.assign(this, { playground, shape: "link" });
        for (const shape of k_shapes) element("shape-" + shape).addEventListener("change", () => this.choose(shape));
        for (const id of ["share-moment", "share-lesson"]) element(id).addEventListener("change", () => this.show());
        element("share-copy").addEventListener("click", () => this.copy());
        element("share-png").addEventListener("click", () => this.save_png());
        element("share-svg").addEventListener("click", () => save_file(this.name + ".svg", "image/svg+xml", this.svg));
        element("share-file").addEventListener("click", () => save_file(this.name + ".json", "application/json", this.text()));
    }

    // Takes the run as it is now; it may go on behind the dialog.
    async open() {
        const { playground } = this;
        const call = (name, values) => playground.caller.call(name, values);
        const state = playground.state();
        if (!state) return;
        this.title = state.title || say("page.own_title");
        this.name = file_name(this.title);
        this.now_s = state.now_s;
        this.json = playground.run_text();
        this.svg = call("picture", { language: language(), theme: theme() });
        this.too_long = "";
        this.hash = "";
        this.lesson_hash = playground.lesson.place_to_share();
        this.lesson_json = playground.lesson.active ? JSON.stringify(JSON.parse(playground.lesson.design), null, 2) : "";
        element("share-lesson").checked = playground.lesson.active && !playground.lesson.changed; // else it is a run to show
        try {
            this.hash = playground.link();
        } catch (error) {
            this.too_long = await told(within("page.share_too_long", error));
        }
        element("share-moment-words").textContent = say("share.moment", { clock: clock(this.now_s) });
        element("share-preview").replaceChildren(drawn(this.svg));
        if (!element("share").open) element("share").showModal();
        this.choose(this.too_long ? "json" : "link");
        if (!this.too_long) element("share-link").select();
    }

    choose(shape) {
        this.shape = shape;
        element("shape-" + shape).checked = true;
        this.show();
    }

    // In the shapes that the page opens, the lesson may stand instead of what was done in it; one that is too long for a
    // link goes as a file.
    get offers_lesson() {
        return (this.shape === "json" ? this.lesson_json : this.lesson_hash) !== "" && this.shape !== "command";
    }

    get as_lesson() {
        return this.offers_lesson && element("share-lesson").checked;
    }

    // The link's part behind the '#', with the moment where it is wanted.
    get ending() {
        if (this.as_lesson) return this.lesson_hash;
        return this.hash + (element("share-moment").checked && this.now_s > 0 ? `&at=${this.now_s}` : "");
    }

    address(query = "") {
        return location.origin + location.pathname + query + this.ending;
    }

    // A picture stands on the site of a design as it comes, with nothing done to it.
    get is_untouched() {
        return this.playground.opened_id && !this.playground.work_key;
    }

    get about() {
        return this.shape === "picture" && this.is_untouched ? "share.about_picture_here" : "share.about_" + this.shape;
    }

    get picture_address() {
        const { opened_id } = this.playground;
        return this.is_untouched ? new URL(`posters/${opened_id}.${language()}.${theme()}.svg`, location.href.split(/[?#]/)[0]).href : this.name + ".png";
    }

    text() {
        if (this.shape === "json") return this.as_lesson ? this.lesson_json : this.json;
        if (this.too_long && !this.as_lesson) return "";
        if (this.shape === "link") return this.address();
        if (this.shape === "command")
            return `scaleground run '${this.hash}'` + (element("share-moment").checked ? ` --until ${this.now_s}` : "");
        if (this.shape === "picture") return `[![${bracketed(this.title)}](${this.picture_address})](${this.address()})`;
        const query = `?embed=1&ui=min&lang=${language()}&theme=${theme()}`;
        const size = `width="100%" height="${k_frame_height}"`;
        return `<iframe src="${quoted(this.address(query))}" title="${quoted(this.title)}" ${size} loading="lazy" style="border:0"></iframe>`;
    }

    show() {
        const { shape } = this;
        const text = this.text();
        element("share-said").textContent = "";
        element("share-text").textContent = say(this.as_lesson ? "share.text_lesson" : "page.share_text");
        element("share-link").value = text;
        element("share-link").hidden = text === "";
        element("share-link").scrollTop = 0;
        element("share-label").textContent = say("share.text_" + shape);
        element("share-what").textContent = text === "" ? this.too_long : say(this.about, { file: this.name + ".png" });
        element("share-length").textContent = text === "" ? "" : this.length(text);
        element("share-copy").disabled = text === "";
        element("share-pictures").hidden = shape !== "picture";
        element("share-file").hidden = shape !== "json";
        element("share-moment-row").hidden = this.now_s === 0 || shape === "json" || this.as_lesson;
        element("share-lesson-row").hidden = !this.offers_lesson;
    }

    // How long it is, and who would cut it.
    length(text) {
        const n = say("page.share_length", { n: text.length.toLocaleString("en-US") });
        return ["link", "picture"].includes(this.shape) && text.length > k_cut_at ? n + " " + say("page.share_long") : n;
    }

    async copy() {
        const field = element("share-link");
        const copied = await copy_text(field);
        element("share-said").textContent = say(copied ? "page.copied" : "page.copy_by_hand");
    }

    async save_png() {
        try {
            save_file(this.name + ".png", "image/png", await png_of(this.svg));
        } catch (error) {
            element("share-said").textContent = say("share.no_png", { what: error.message });
        }
    }
}

// The fonts of the page, inside the picture: what draws an SVG file knows none of them.
async function with_fonts(svg) {
    const faces = await Promise.all([["regular", "400"], ["semibold", "600"]].map(async ([role, weight]) => {
        const bytes = new Uint8Array(await (await fetch(`fonts/sans-${role}.ttf`)).arrayBuffer());
        let text = "";
        for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
        return `@font-face{font-family:"Scaleground Sans";font-weight:${weight};src:url(data:font/ttf;base64,${btoa(text)})}`;
    }));
    return svg.replace("<rect", `<style>${faces.join("")}</style><rect`);
}

export async function png_of(svg, scale = k_png_scale) {
    const url = URL.createObjectURL(new Blob([await with_fonts(svg)], { type: "image/svg+xml" }));
    try {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = document.createElement("canvas");
        canvas.width = image.naturalWidth * scale;
        canvas.height = image.naturalHeight * scale;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        return await new Promise((resolve, reject) =>
            canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("toBlob"))), "image/png"));
    } finally {
        URL.revokeObjectURL(url);
    }
}
