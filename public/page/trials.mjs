// Trials of designs, in a worker; each design is tried once.
import { refusal } from "./refusals.mjs";
import { load_headless, run_trial } from "./trial_run.mjs";

const k_kept = 40;

export class Trials {
    // `tell(share)` hears how far a long job is.
    constructor(tell = () => {}) {
        Object.assign(this, { tell, worker: null, number: 0, waiting: new Map(), known: new Map(), here: null });
    }

    // {verdict, held, figures}; see trial_run.mjs for the job.
    run(job) {
        const key = JSON.stringify(job);
        if (!this.known.has(key)) {
            if (this.known.size >= k_kept) this.known.delete(this.known.keys().next().value);
            const result = this.start(job);
            result.catch(() => this.known.delete(key)); // what went wrong once may be tried again
            this.known.set(key, result);
        }
        return this.known.get(key);
    }

    start(job) {
        const worker = this.open_worker();
        if (!worker) return this.run_here(job);
        this.number += 1;
        return new Promise((resolve, reject) => {
            this.waiting.set(this.number, { job, resolve, reject });
            worker.postMessage({ number: this.number, job });
        });
    }

    open_worker() {
        if (this.worker !== null) return this.worker;
        try {
            this.worker = new Worker(new URL("trial_worker.mjs", import.meta.url), { type: "module" });
        } catch {
            this.worker = false; // a sandbox without an origin: trials then take turns with the page
            return this.worker;
        }
        this.worker.onmessage = ({ data: { number, result, error, done } }) => {
            if (done !== undefined) return this.tell(done);
            const { resolve, reject } = this.waiting.get(number) ?? {};
            this.waiting.delete(number);
            if (error) reject?.(refusal(error));
            else resolve?.(result);
        };
        // It never started (no module workers here): what waits for it is done by the page.
        this.worker.onerror = () => {
            this.worker = false;
            for (const { job, resolve } of this.waiting.values()) resolve(this.run_here(job));
            this.waiting.clear();
        };
        return this.worker;
    }

    // One at a time: they share a module.
    run_here(job) {
        const after = this.here ?? load_headless();
        const result = after.then((caller) => run_trial(caller, job,
            () => new Promise((resolve) => setTimeout(() => resolve(false))), this.tell));
        this.here = Promise.all([after, result.catch(() => null)]).then(([caller]) => caller);
        return result;
    }
}
