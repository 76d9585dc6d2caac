// Theory, review and headroom of the design as it is now: asked for by the instrument, worked out in a worker of
// their own, so that neither the page nor a lesson's trials wait for them.
import { told } from "./refusals.mjs";
import { Trials } from "./trials.mjs";

const k_calm_ms = 250; // after the latest change

export class Outlooks {
    constructor(playground) {
        Object.assign(this, { playground, workers: null, timer: 0, measured: "" });
    }

    call(name, values) {
        return this.playground.caller.call(name, values);
    }

    // Starts with the first wish: who never asks loads nothing.
    trials() {
        this.workers ??= new Trials((news) => this.tell_progress(news));
        return this.workers;
    }

    // `wishes`: {outlook?: mark, headroom?: mark} of the designs that they are about.
    hear(wishes) {
        if (wishes?.outlook) {
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.work_out(wishes.outlook), k_calm_ms);
        }
        if (wishes?.headroom) this.measure(wishes.headroom);
    }

    async work_out(mark) {
        if (!this.playground.state()) return; // its last part went meanwhile
        const answer = await this.trials().run({ kind: "outlook", design: this.call("designNow") })
            .then((outlook) => ({ outlook }), async (error) => ({ error: await told(error) }));
        this.playground.act(() => this.call("outlook", { mark, ...answer }));
    }

    async measure(mark) {
        this.measured = mark;
        const answer = await this.trials().run({ kind: "headroom", design: this.call("designNow") })
            .catch(async (error) => ({ error: await told(error) }));
        this.playground.act(() => this.call("headroom", { mark, ...answer }));
    }

    tell_progress(done) {
        this.playground.act(() => this.call("headroom", { mark: this.measured, done }));
    }
}
