// window.scaleground: the documented face for scripts (docs/embedding.md). Everything goes through the same
// calls as the page itself.
import { next_turn } from "./loop.mjs";
import { within } from "./refusals.mjs";

// Long enough that the overhead of a slice does not count, short enough that a click is answered.
const k_slice_ms = 12;

// The browser says in its own words why a text is no JSON.
function parsed(text) {
    try {
        return JSON.parse(text);
    } catch (error) {
        throw within("embed.no_json", error);
    }
}

export function make_face(playground) {
    const caller = () => {
        if (!playground.caller) throw new Error("scaleground is not ready yet: await scaleground.ready");
        return playground.caller;
    };
    const call = (name, values) => caller().call(name, values);
    const changing = (name, values) => {
        const answer = call(name, values);
        playground.touched();
        return answer;
    };

    // To a moment, in slices: "runTo" only ahead, "seek" to any, also one that is past.
    async function go_to(call_name, seconds) {
        changing("pause");
        playground.loop.busy += 1;
        try {
            for (;;) {
                const { done, now_s } = call(call_name, { seconds: Number(seconds), slice_ms: k_slice_ms });
                if (done) return now_s;
                playground.loop.schedule();
                await next_turn();
            }
        } finally {
            playground.loop.busy -= 1;
            playground.touched();
        }
    }

    return Object.freeze({
        ready: playground.ready,
        load: (link) => playground.open(String(link), { push: true }),
        link: () => caller() && playground.link(),
        play: () => changing("play"),
        pause: () => changing("pause"),
        runTo: (seconds) => go_to("runTo", seconds),
        seek: (seconds) => go_to("seek", seconds),
        edit: (edits) => changing("edit", { edits }),
        undo: () => changing("undo"),
        redo: () => changing("redo"),
        state: () => call("state"),
        counters: () => call("counters"),
        metrics: () => call("metrics"),
        digest: () => call("digest"),
        command: (command) => changing("command", typeof command === "string" ? parsed(command) : command),
    });
}
