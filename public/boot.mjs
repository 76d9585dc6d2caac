// The page starts here: what runs in which order. The parts are in page/.
import { Banner } from "./page/banner.mjs";
import { Builder } from "./page/build.mjs";
import { Designs } from "./page/designs.mjs";
import { prepare_dialogs, prepare_keys_sheet } from "./page/dialogs.mjs";
import { prepare_fold } from "./page/fold.mjs";
import { make_face } from "./page/face.mjs";
import { filter_keys, space_toggles } from "./page/keys.mjs";
import { Loop, watch_input, watch_size } from "./page/loop.mjs";
import { LessonPlayer } from "./page/lesson.mjs";
import { Menu } from "./page/menu.mjs";
import { fetch_bytes, load_module } from "./page/module.mjs";
import { OwnDesigns } from "./page/own.mjs";
import { place_to_open, remember_place, said_goodbye, tell_recovered } from "./page/place.mjs";
import { Playground } from "./page/playground.mjs";
import { language, set_language, set_theme, theme } from "./page/prefs.mjs";
import { ShareDialog } from "./page/share.mjs";
import { Trials } from "./page/trials.mjs";
import { Tries } from "./page/tries.mjs";
import { Twin } from "./page/twin.mjs";
import { watch_graphics, watch_motion, watch_visibility } from "./page/watch.mjs";
import { has_words, load_words, say, show_words } from "./page/words.mjs";

const element = (id) => document.getElementById(id);
const canvas = element("canvas");
const playground = new Playground(new Designs(), new Banner(element("banner")));
const menu = new Menu(element("menu-button"), element("menu"), () => playground.sections(),
    (hash) => playground.try_open(hash, { push: true }));

window.scaleground = make_face(playground);

// Language and theme work before the simulator is there, and without it.
function show_language_button() {
    const other = language() === "ko" ? "en" : "ko";
    element("language-button").textContent = other === "ko" ? "한국어" : "English";
    element("language-button").lang = other;
}

async function use_language() {
    await load_words();
    show_words();
    for (const link of document.querySelectorAll('a[href^="not-modelled"]'))
        link.href = `not-modelled.html?lang=${language()}&theme=${theme()}`;
    show_language_button();
    playground.apply_language();
}

function prepare_controls() {
    show_language_button();
    prepare_dialogs();
    prepare_fold();
    element("language-button").addEventListener("click", () => {
        set_language(language() === "ko" ? "en" : "ko");
        use_language().catch((error) => playground.banner.error(error.message));
    });
    element("theme-button").addEventListener("click", () => {
        set_theme(theme() === "light" ? "dark" : "light");
        playground.apply_theme();
    });
    element("menu-button").addEventListener("click", () => (menu.current = "#scenario=" + playground.opened_id), true);
}

// Controls that need the simulator.
function prepare_run_controls() {
    element("share-button").disabled = false;
    element("tools").hidden = false;
    prepare_keys_sheet();
    const share = new ShareDialog(playground);
    element("share-button").addEventListener("click", () => share.open());
    element("play-button").addEventListener("click", () => playground.toggle());
    element("restart-button").addEventListener("click", () => playground.act(() => playground.caller.call("restart")));
    element("start-lesson").addEventListener("click", () => playground.act(() => playground.start_lesson()));
    space_toggles(() => playground.toggle(), () => !playground.embed || playground.embed.held);
    window.addEventListener("hashchange", () => playground.try_open(location.hash));
    new OwnDesigns(playground);
    element("own-button").disabled = false;
    document.addEventListener("visibilitychange", () => document.hidden && playground.address.flush());
    window.addEventListener("pagehide", () => {
        playground.address.flush();
        playground.lesson.keep_mine();
        remember_place(playground);
        said_goodbye();
    });
}

// What stands in the way, said where the board would be. The words beside it stay readable.
function refuse(what, hint, values) {
    element("loading").hidden = true;
    element("refused").hidden = false;
    if (has_words()) { // else what stands in the HTML has to do
        element("refused-what").textContent = say(what);
        element("refused-hint").textContent = say(hint, values);
    }
    playground.never_ready(new Error(say(what)));
}

// The context that the module finds when it asks for one, opened while the module is still on its way: that may take as
// long as loading it. With what SDL asks for (web/platform_sdl.cpp).
const k_graphics = { alpha: false, depth: false, stencil: false, antialias: false };
const has_webgl2 = () => Boolean(canvas.getContext("webgl2", k_graphics));

// Bytes of everything that is loaded together, against what the site's list says they will be.
function progress(sizes) {
    const seen = new Map();
    const sum = (map) => [...map.values()].reduce((total, part) => total + part, 0);
    const total = sum(new Map(loaded_files().map((path) => [path, sizes.get(path) ?? 0])));
    return (path) => (bytes) => {
        seen.set(path, bytes);
        if (total > 0) element("loading-bar").value = sum(seen) / total;
        const kb = (value) => Math.round(value / 1000).toLocaleString("en-US");
        element("loading-text").textContent = say("page.loading_kb", { kb: kb(sum(seen)), total: kb(total) });
    };
}

// files.json is written by the build: every file with its size, and one version for the whole.
async function read_site_list() {
    const answer = await fetch("files.json");
    if (!answer.ok) throw new Error(`files.json: HTTP ${answer.status}`);
    const { version, files } = await answer.json();
    return { version, sizes: new Map(files.map((file) => [file.path, file.bytes])) };
}

// Each font is fetched once and used twice: by the instrument and, where it has words for it, by the HTML.
const fonts = [
    { role: "regular", url: "fonts/sans-regular.ttf", weight: "400" },
    { role: "semibold", url: "fonts/sans-semibold.ttf", weight: "600 700" },
    { role: "icons", url: "fonts/icons.ttf" },
];

async function load_font({ role, url, weight }, on_bytes) {
    const bytes = await fetch_bytes(url, on_bytes);
    if (weight) document.fonts.add(await new FontFace("Scaleground Sans", bytes.buffer.slice(0), { weight }).load());
    return { role, bytes };
}

const loaded_files = () => ["playground.wasm", ...fonts.map((font) => font.url)];

async function load_everything(sizes) {
    const watch = progress(sizes);
    const [caller, , ...loaded_fonts] = await Promise.all([
        load_module(canvas, watch("playground.wasm")),
        playground.designs.read_index(playground.embed?.hash ?? location.hash),
        ...fonts.map((font) => load_font(font, watch(font.url))),
    ]);
    if (caller.start()) for (const font of loaded_fonts) caller.font(font.role, font.bytes);
    return caller;
}

async function start() {
    prepare_controls();
    await use_language();
    if (typeof WebAssembly !== "object" || !WebAssembly.instantiateStreaming)
        return refuse("page.no_wasm", "page.no_wasm_hint");
    if (!has_webgl2()) return refuse("page.no_webgl", "page.no_webgl_hint");
    filter_keys(canvas, (event) => playground.builder?.undo_key(event)); // before the module adds its own listeners
    const { version, sizes } = await read_site_list();
    const caller = await load_everything(sizes);
    if (!caller.started) return refuse("page.no_webgl", "page.no_webgl_hint");
    element("loading-text").textContent = say("page.starting");
    const loop = new Loop(caller);
    loop.on_gone = (error) => refuse("page.stopped", "page.stopped_hint", { what: error.message });
    const show_node = (node) => playground.act(() => caller.call("select", { node }));
    const twin = new Twin(() => playground.state(), show_node);
    const tries = new Tries(element("try"), element("try-list"), () => playground.design(),
        (command) => playground.act(() => caller.call("command", command)));
    playground.attach(caller, loop, twin, tries, new LessonPlayer(playground, new Trials(), element("lesson")),
        new Builder(playground));
    caller.call("language", { language: language() });
    caller.call("theme", { theme: theme() });
    watch_motion(caller);
    const hash = playground.embed?.hash ?? location.hash;
    const wanted = playground.embed ? hash : place_to_open(hash);
    if (!await playground.try_open(wanted, { autoplay: !playground.embed })) {
        const sentence = element("banner-text").textContent;
        if (await playground.try_open("")) playground.banner.error(sentence);
    } else if (!playground.embed) {
        tell_recovered(playground, hash, wanted);
    }
    watch_size(element("stage"), caller, loop);
    watch_input(canvas, loop);
    watch_graphics(canvas, playground);
    watch_visibility(playground);
    prepare_run_controls();
    element("loading").hidden = true;
    loop.wake();
    playground.is_ready(window.scaleground);
    if (!playground.embed) keep_for_offline(version);
}

// Offline after the first visit. The version in the address makes the browser see a new worker with every build.
// A browser or sandbox without service workers just stays online.
async function keep_for_offline(version) {
    try {
        await navigator.serviceWorker?.register("sw.js?version=" + version);
    } catch (error) {
        console.info("offline use is not possible here:", error.message);
    }
}

const no_module = (error) => refuse("page.no_module", "page.no_module_hint", { what: error.message });
const begin = () => start().catch(no_module);

// A figure in another page starts with a picture; what it needs for that is not loaded otherwise.
async function show_embed() {
    const [{ Embed }] = await Promise.all([import("./page/embed.mjs"), use_language()]);
    await new Embed(playground, begin).show();
}

if (document.documentElement.dataset.embed) show_embed().catch(no_module);
else begin();
