// A small runner: suites are lists of {name, run}, checks throw, figures are printed beside the tests that took them.
import { setTimeout as sleep } from "node:timers/promises";

export function check(condition, what) {
    if (!condition) throw new Error(what);
}

export function equal(actual, expected, what) {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

// Polls until `probe` gives something true; the last value in the message when it never does.
export async function eventually(probe, what, limit_ms = 10000) {
    const end = Date.now() + limit_ms;
    let last;
    for (;;) {
        last = await probe();
        if (last) return last;
        if (Date.now() > end) throw new Error(`${what}: not within ${limit_ms} ms (last: ${JSON.stringify(last)})`);
        await sleep(50);
    }
}

export { sleep };

// Everything, as CI does (`./test --all`); otherwise what takes longest is left out.
export const full = (process.env.SCALE_LEVEL ?? "all") === "all";

// The calls of the page's own module, for what the face has no word for: window.own_caller.
export const calls = (tab) => tab.evaluate(async () => {
    const { Caller } = await import(new URL("page/module.mjs", location.href));
    const real = Caller.prototype.call;
    Caller.prototype.call = function (...given) {
        window.own_caller = this;
        return real.apply(this, given);
    };
    window.scaleground.state();
    Caller.prototype.call = real;
});

// A file let go over the board.
export const drop = (tab, name, content) => tab.evaluate(([file, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], file, { type: "application/json" }));
    for (const kind of ["dragover", "drop"])
        document.getElementById("stage").dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer }));
}, [name, content]);

// A browser on a busy machine now and then loses a moment. A test that fails is tried once more, in a new tab; what
// went wrong first is printed all the same, and only the first few are given the second chance.
const k_second_chances = 2;

// A test says of itself: `browsers` that it is for, `long` when it takes long (for `./test --all`), and `alone` when it
// measures time, which nothing else may take meanwhile.
export class Runner {
    constructor(only, browser) {
        Object.assign(this, { only, browser, jobs: [], passed: 0, failed: 0, chances: k_second_chances });
    }

    add(suite, tests) {
        for (const test of tests) {
            const title = `${suite}: ${test.name}`;
            const wanted = title.includes(this.only) && (test.browsers ?? [this.browser]).includes(this.browser) &&
                (full || !test.long);
            if (wanted) this.jobs.push({ ...test, title });
        }
    }

    // One `with_pages` for each worker. The long ones begin first, so that none of them is waited for at the end.
    async run(workers) {
        const shared = this.jobs.filter(({ alone }) => !alone);
        shared.sort((a, b) => Number(b.long ?? false) - Number(a.long ?? false));
        await Promise.all(workers.map(async (with_pages) => {
            for (let job; (job = shared.shift());) await this.judge(job, with_pages);
        }));
        for (const job of this.jobs.filter(({ alone }) => alone)) await this.judge(job, workers[0]);
    }

    async judge({ title, run }, with_pages) {
        const started = Date.now();
        try {
            const figure = await this.tried(title, run, with_pages);
            this.passed += 1;
            console.log(`  ok    ${title}${figure ? ": " + figure : ""} (${Date.now() - started} ms)`);
        } catch (error) {
            this.failed += 1;
            console.log(`  FAIL  ${title} (${Date.now() - started} ms)\n        ${error.stack ?? error}`);
        }
    }

    async tried(title, run, with_pages) {
        try {
            return await with_pages(run);
        } catch (error) {
            if (this.chances === 0) throw error;
            this.chances -= 1;
            console.log(`  again ${title}\n        ${error.stack ?? error}`);
            return await with_pages(run);
        }
    }

    finish() {
        if (this.passed + this.failed === 0) {
            console.log("no test ran");
            this.failed = 1;
        }
        console.log(`${this.passed} passed, ${this.failed} failed`);
        return this.failed === 0;
    }
}
