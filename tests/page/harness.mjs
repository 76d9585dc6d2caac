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

// A browser on a busy machine now and then loses a moment. A test that fails is tried once more, in a new tab; what
// went wrong first is printed all the same, and only the first few are given the second chance.
const k_second_chances = 2;

export class Runner {
    constructor(only) {
        Object.assign(this, { only, passed: 0, failed: 0, chances: k_second_chances });
    }

    async tried(title, run, context) {
        try {
            return await context.with_pages(run);
        } catch (error) {
            if (this.chances === 0) throw error;
            this.chances -= 1;
            console.log(`  again ${title}\n        ${error.stack ?? error}`);
            return await context.with_pages(run);
        }
    }

    async run(suite, tests, context) {
        for (const { name, run, browsers, long } of tests) {
            const title = `${suite}: ${name}`;
            if (this.only && !title.includes(this.only)) continue;
            if (browsers && !browsers.includes(context.browser)) continue;
            if (long && (process.env.SCALE_LEVEL ?? "all") !== "all") continue; // minutes: for `./test --all`
            const started = Date.now();
            try {
                const figure = await this.tried(title, run, context);
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
