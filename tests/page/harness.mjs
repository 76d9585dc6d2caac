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

export class Runner {
    constructor(only) {
        Object.assign(this, { only, passed: 0, failed: 0 });
    }

    async run(suite, tests, context) {
        for (const { name, run, browsers } of tests) {
            const title = `${suite}: ${name}`;
            if (this.only && !title.includes(this.only)) continue;
            if (browsers && !browsers.includes(context.browser)) continue;
            const started = Date.now();
            try {
                const figure = await context.with_pages(run);
                this.passed += 1;
                console.log(`  ok    ${title}${figure ? ": " + figure : ""} (${Date.now() - started} ms)`);
            } catch (error) {
                this.failed += 1;
                console.log(`  FAIL  ${title} (${Date.now() - started} ms)\n        ${error.stack ?? error}`);
            }
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
