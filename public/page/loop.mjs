// When to call the module for a frame: while something moves, and a little after the last input. Otherwise the
// browser is left alone: no timer, no animation frame, no draw.

// After the last drawn frame the loop goes on this long, so that hover and scrolling settle.
const k_settle_ms = 250;
// While runTo has the processor, the board is only refreshed: this often, and never for more than a small share of
// the time, however slow the graphics are.
const k_busy_gap_ms = 500;
const k_busy_share = 0.02;

export class Loop {
    constructor(caller, on_drawn) {
        this.caller = caller;
        this.on_drawn = on_drawn;
        this.on_gone = () => {};
        this.scheduled = 0;
        this.quiet_after = 0;
        this.busy_frame_at = 0; // while busy: no frame before this moment
        this.busy = 0; // runs under way that want the processor for themselves
        this.lost = false;
    }

    // Something changed or may have: look at least once.
    wake() {
        this.quiet_after = performance.now() + k_settle_ms;
        this.schedule();
    }

    schedule() {
        if (this.scheduled || document.hidden || this.lost || this.caller.gone) return;
        // Every animation frame costs the browser a millisecond or two, drawn or not; a run under way asks again soon.
        if (this.busy && performance.now() < this.busy_frame_at) return;
        this.scheduled = requestAnimationFrame((now) => this.turn(now));
    }

    turn(now) {
        this.scheduled = 0;
        if (document.hidden || this.lost) return;
        const started = performance.now();
        let drew = 0;
        try {
            drew = this.caller.frame(now);
        } catch (error) {
            this.caller.gone = error;
            return this.on_gone(error);
        }
        if (drew) {
            this.quiet_after = performance.now() + k_settle_ms;
            this.on_drawn();
        }
        const taken = performance.now() - started;
        this.busy_frame_at = started + Math.max(k_busy_gap_ms, taken / k_busy_share);
        if (this.busy || performance.now() < this.quiet_after) this.schedule();
    }

    stop() {
        if (this.scheduled) cancelAnimationFrame(this.scheduled);
        this.scheduled = 0;
    }
}

// Everything from outside that makes a frame worth looking at.
export function watch_input(canvas, loop) {
    const wake = () => loop.wake();
    const passive = { passive: true, capture: true };
    for (const name of ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "wheel",
        "touchstart", "touchmove", "touchend", "keydown", "keyup", "focus", "blur"])
        canvas.addEventListener(name, wake, passive);
    window.addEventListener("pointerup", wake, passive); // a drag may end outside
}

// The canvas fills its box, one device pixel to one pixel of the buffer.
export function watch_size(stage, caller, loop) {
    let last = "";
    function measure() {
        const { width, height } = stage.getBoundingClientRect();
        const ratio = window.devicePixelRatio || 1;
        const size = `${width} ${height} ${ratio}`;
        if (size === last || width < 1 || height < 1) return;
        last = size;
        caller.resize(width, height, ratio);
        loop.wake();
    }
    new ResizeObserver(measure).observe(stage);
    (function watch_ratio() {
        const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
        query.addEventListener("change", () => { measure(); watch_ratio(); }, { once: true });
    })();
    measure();
}

// Breathes between slices of a long run without the 4 ms that nested timers cost.
export function next_turn() {
    return new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => {
            channel.port1.close();
            resolve();
        };
        channel.port2.postMessage(0);
    });
}
