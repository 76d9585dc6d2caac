// Runs of the engine without a screen, in this window: for pictures of designs. Long ones go in slices.
import { next_turn } from "./loop.mjs";

const k_slice_ms = 8;

// Runs towards a moment for at most so long; `go_on()` may end it. True when it got there.
export async function run_some(caller, seconds, wall_ms, go_on = () => true) {
    const end = performance.now() + wall_ms;
    while (go_on() && performance.now() < end) {
        if (caller.call("runTo", { seconds, slice_ms: k_slice_ms }).done) return true;
        await next_turn();
    }
    return false;
}
