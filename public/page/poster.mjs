// The picture that an embed shows before it is clicked: made with the site for what comes with it, drawn here by the
// headless engine for any other link.
import { read_hash } from "./address.mjs";
import { drawn } from "./drawn.mjs";
import { run_some } from "./headless.mjs";
import { language, theme } from "./prefs.mjs";
import { link_error } from "./refusals.mjs";
import { load_headless } from "./trial_run.mjs";
import { pick } from "./words.mjs";

const element = (id) => document.getElementById(id);
const k_tall_below = 520;   // pixels of width
const k_poster_s = 30;      // simulated seconds behind the figures of a picture, where the link names no moment
const k_poster_wall_ms = 1500;

// What a machine without a Korean font draws for a syllable is what it draws for a character that no font has.
function lacks_hangul() {
    const context = document.createElement("canvas").getContext("2d");
    context.font = "400 40px 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', system-ui, sans-serif";
    return context.measureText("\uAC00").width === context.measureText("\u0378").width;
}

// The page's own font, for Korean words on such a machine; nobody else waits for it. The browser asks for a weight
// when there is text in it.
let fonts_asked = false;
function bring_fonts() {
    if (fonts_asked || !lacks_hangul()) return;
    fonts_asked = true;
    for (const [role, weight] of [["regular", "400"], ["semibold", "600 700"]])
        document.fonts.add(new FontFace("Scaleground Sans", `url(fonts/sans-${role}.ttf)`, { weight }));
}

const is_tall = () => document.documentElement.clientWidth < k_tall_below;

function put(svg) {
    if (/[\uAC00-\uD7A3]/.test(svg)) bring_fonts(); // a label, in whatever language the page is
    element("poster-picture").replaceChildren(drawn(svg));
    element("poster").dataset.drawn = "";
}

async function ready_made(id) {
    const answer = await fetch(`posters/${id}.${language()}.${theme()}${is_tall() ? ".tall" : ""}.svg`);
    return answer.ok ? answer.text() : "";
}

async function draw(embed, load, at_s) {
    const caller = await load_headless();
    const loaded = (() => {
        try {
            return caller.call("load", load);
        } catch (error) {
            throw load.link ? link_error(error) : error;
        }
    })();
    const look = { language: language(), theme: theme(), width: is_tall() ? 340 : 720, tall: is_tall() };
    element("embed-title").textContent = pick(loaded.title);
    put(caller.call("picture", look));
    await run_some(caller, at_s || k_poster_s, k_poster_wall_ms, () => !embed.started);
    if (!embed.started) put(caller.call("picture", look));
}

export async function show_poster(embed, designs) {
    if (language() === "ko") bring_fonts();
    const wish = read_hash(embed.hash);
    if (wish.kind === "link") return draw(embed, { link: wish.link }, wish.at_s);
    const entry = designs.find(wish.id);
    element("embed-title").textContent = pick(entry?.title);
    const made = entry && !wish.at_s ? await ready_made(entry.id) : "";
    if (made) return put(made);
    return draw(embed, { json: await designs.fetch_text(wish.id) }, wish.at_s);
}
