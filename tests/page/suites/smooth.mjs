// The page stays answerable while it runs, and does not grow. Chromium only: its debugger knows what a task cost.
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { calls, check, eventually, sleep } from "../harness.mjs";

const k_task_ms = 50;   // of processor time on the main thread: what the page promises
const k_watch_ms = 3000;
const k_looks = 10, k_look_ms = 5000; // of the soak at what is held
// Warm-up: until then the moments to go back to have filled their room, and series and histograms theirs. The module's
// memory grows in steps of a fifth; one late step is no leak.
const k_warm_looks = 4;
const k_settle_ms = 2000; // the optimising compiler and the fonts' first glyphs are done with

const speed = (tab, factor) => tab.evaluate((value) => window.own_caller.call("speed", { factor: value }), factor);

// Tasks of the page's main thread for a while: processor time of each, which other programs do not lengthen.
async function tasks_while(browser, tab, during_ms, work = () => {}) {
    await tab.evaluate(() => {
        window.long_tasks = [];
        window.long_watch = new PerformanceObserver((list) => window.long_tasks.push(...list.getEntries().map((entry) => entry.duration)));
        window.long_watch.observe({ type: "longtask" });
    });
    await browser.startTracing(tab.page, { categories: ["toplevel"] });
    await work();
    await sleep(during_ms);
    await tab.evaluate(() => 0); // what is under way has ended
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
    const walls = await tab.evaluate(() => (window.long_watch.disconnect(), window.long_tasks));
    const mains = traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain")
        .map((event) => `${event.pid} ${event.tid}`);
    const costs = traceEvents.filter((event) => event.ph === "X" && event.tdur !== undefined && mains.includes(`${event.pid} ${event.tid}`))
        .map((event) => event.tdur / 1000);
    check(costs.length > 10, `the trace tells of ${costs.length} tasks`);
    return { longest_ms: Math.max(...costs), over: costs.filter((cost) => cost > k_task_ms).length, walls };
}

async function smooth_at(browser, tab, factor) {
    await speed(tab, factor);
    await tab.evaluate(() => window.scaleground.play());
    await sleep(k_settle_ms);
    return tasks_while(browser, tab, k_watch_ms);
}

function link_of(cli_file, scenario) {
    return new Promise((resolve, reject) => {
        const child = execFile(cli_file, ["link", "encode", "-"], (error, stdout, stderr) =>
            (error ? reject(new Error(stderr || error.message)) : resolve(stdout.trim())));
        child.stdin.end(JSON.stringify(scenario));
    });
}

// A design of the page that goes on for a day, without its lesson.
function endless(site, id) {
    const { lesson, ...scenario } = JSON.parse(fs.readFileSync(path.join(site, `scenarios/ladder/${id}.json`), "utf8"));
    return { ...scenario, duration_s: 86400 };
}

// What the page holds: the module's memory, and the objects of its scripts once garbage is gone, in MB.
async function held(tab, cdp) {
    await cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    return { module: await tab.evaluate(() => window.own_caller.module.HEAPU8.length / 1e6), scripts: usedSize / 1e6 };
}

const stays_smooth = (id) => ({ name: `no task over ${k_task_ms} ms while ${id} runs, at real time and at top speed`,
    browsers: ["chromium"], alone: true, long: true, async run({ open, engine }) {
        const tab = await open("#scenario=" + id, { keeps: true, smooth: true });
        await calls(tab);
        const said = [];
        for (const [what, factor] of [["real time", 1], ["top speed", 0]]) {
            const { longest_ms, over, walls } = await smooth_at(engine, tab, factor);
            const figure = `${what} ${longest_ms.toFixed(0)} ms of the processor` +
                (walls.length ? `, ${walls.length} over ${k_task_ms} on the clock, to ${Math.max(...walls).toFixed(0)}` : "");
            check(over === 0, `${figure}: ${over} tasks took more than ${k_task_ms} ms of the processor`);
            said.push(figure);
        }
        // The measure's own test: a task that is too long is seen.
        await tab.evaluate(() => window.scaleground.pause());
        const { over } = await tasks_while(engine, tab, 500, () => tab.evaluate(() => setTimeout(() => {
            for (let end = performance.now() + 1200; performance.now() < end;);
        })));
        check(over > 0, "a task of 1,200 ms passes");
        return said.join("; ");
    } });

export const tests = [
    stays_smooth("04-load-balancer"),
    stays_smooth("13-millions"),
    { name: "memory stays flat while hours go by at top speed", browsers: ["chromium"], long: true, async run({ open, cli_file, site }) {
        const tab = await open(await link_of(cli_file, endless(site, "04-load-balancer")), { smooth: true });
        await calls(tab);
        const cdp = await tab.page.context().newCDPSession(tab.page);
        await speed(tab, 0);
        await tab.evaluate(() => window.scaleground.play());
        const rows = [];
        while (rows.length < k_looks) {
            await sleep(k_look_ms);
            rows.push({ at_s: await tab.evaluate(() => window.scaleground.state().now_s), ...await held(tab, cdp) });
        }
        const [warm, end] = [rows[k_warm_looks - 1], rows.at(-1)];
        const said = `${(end.at_s / 3600).toFixed(1)} simulated hours, the module holds ${rows[0].module.toFixed(0)}, then ${warm.module.toFixed(0)}, ` +
            `at the end ${end.module.toFixed(0)} MB, the scripts ${rows[0].scripts.toFixed(2)}, ${warm.scripts.toFixed(2)}, ${end.scripts.toFixed(2)} MB`;
        check(end.at_s > 1.5 * warm.at_s, `it went on: ${JSON.stringify(rows)}`);
        check(end.module <= warm.module * 1.25, `the module grows: ${said}`);
        check(end.scripts < warm.scripts * 1.1 + 0.2, `the scripts grow: ${said}`);
        return said;
    } },
];
