// What happens to the page from outside: the tab is hidden, the graphics are taken away.
import { say } from "./words.mjs";

// A hidden tab simulates and draws nothing, and says so: in its title, and when it is looked at again. The same goes for
// an embed that the reader has scrolled away.
export function watch_visibility(playground) {
    let title = "";
    let was_playing = false;
    let hidden = false;
    function follow() {
        const { caller, loop, banner } = playground;
        const now = document.hidden || playground.embed?.seen === false;
        if (caller.gone || now === hidden) return;
        hidden = now;
        caller.call("visible", { visible: !hidden });
        if (hidden) {
            loop.stop();
            was_playing = playground.state()?.playing ?? false;
            title = document.title;
            if (was_playing) document.title = `${say("page.hidden_title")} · ${title}`;
            return;
        }
        if (title) document.title = title;
        if (was_playing && !playground.embed) banner.note(say("page.was_hidden"));
        playground.touched();
    }
    document.addEventListener("visibilitychange", follow);
    playground.follow_visibility = follow;
    follow();
}

// The system may take the graphics away (sleep, driver, too many tabs) and give them back; the run waits.
export function watch_graphics(canvas, playground) {
    const { loop, banner } = playground;
    canvas.addEventListener("webglcontextlost", (event) => {
        event.preventDefault(); // says that we want it back
        playground.caller.module._sg_context_lost();
        loop.lost = true;
        loop.stop();
        banner.error(say("page.gl_lost"));
    });
    canvas.addEventListener("webglcontextrestored", () => {
        playground.caller.module._sg_context_restored();
        loop.lost = false;
        banner.note(say("page.gl_back"));
        playground.touched();
    });
}

// Who asked the system for less motion gets none but the figures'.
export function watch_motion(caller) {
    const query = matchMedia("(prefers-reduced-motion: reduce)");
    const follow = () => caller.call("reducedMotion", { reduced: query.matches });
    query.addEventListener("change", follow);
    follow();
}
