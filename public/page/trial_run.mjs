// A trial: one design run from start to end by the module without a screen, in slices. Used by the worker, and by
// the page itself where a browser or sandbox gives it none.
import { Caller } from "./module.mjs";

export async function load_headless() {
    const { default: headless } = await import("../headless.mjs");
    return new Caller(await headless({ print: () => {}, printErr: (line) => console.warn(line) }));
}

// job: {design: JSON text, assertions: [text], figures: [names]}, or with `kind` one of those below. `pause()` is
// awaited between slices; `tell(share)` hears how far the work is.
export async function run_trial(caller, job, pause, tell = () => {}) {
    if (job.kind === "outlook") return caller.call("outlook", { json: job.design });
    if (job.kind === "headroom") return find_headroom(caller, job, pause, tell);
    const { until_s } = caller.call("trial", { json: job.design });
    for (;;) {
        if (caller.call("runTo", { seconds: until_s, slice_ms: 40 }).done) break;
        if (await pause()) return null; // nobody wants it any more
    }
    const judged = caller.call("judge", { assertions: job.assertions ?? [], figures: job.figures ?? [] });
    return { verdict: caller.call("verdict"), held: judged.assertions.map((one) => one.held), figures: judged.figures };
}

async function find_headroom(caller, job, pause, tell) {
    caller.call("headroom", { json: job.design });
    for (;;) {
        const { over, done, ...found } = caller.call("headroomOn", { slice_ms: 100 });
        if (over) return found;
        tell(done);
        if (await pause()) return null;
    }
}
