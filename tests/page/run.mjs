// The page in a real browser: node tests/page/run.mjs --browser chromium|firefox [--site DIR] [--cli FILE]
// [--only TEXT] [--shots DIR] [--renew] [--workers N]. ./test gives the folders by environment. The last line is
// "N passed, N failed".
import { spawn, execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { open_chromium, open_firefox } from "./browsers.mjs";
import { Runner, check } from "./harness.mjs";

const { values: options } = parseArgs({ options: {
    browser: { type: "string", default: "chromium" },
    site: { type: "string", default: process.env.SCALE_SITE ?? "build/site" },
    cli: { type: "string", default: process.env.SCALE_COMMAND ?? "build/native/engine/scaleground" },
    only: { type: "string", default: "" },
    shots: { type: "string", default: "" },
    renew: { type: "boolean", default: false }, // the reference pictures, instead of comparing them
    workers: { type: "string", default: "" }, // tests at once, each worker with a browser of its own
} });
const here = path.dirname(new URL(import.meta.url).pathname);
const suites = ["content", "loading", "first_visit", "running", "links", "canvas", "board", "time", "insight", "lessons", "sharing", "keeping",
    "embeds", "words", "typing", "phone", "look", "smooth", "speed"];

// The site through the server that ./play uses, on a port of its own.
async function serve(site) {
    const server = spawn(process.execPath, [path.join(here, "../../cmake/serve.mjs"), site, "0"],
        { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    for await (const chunk of server.stdout) {
        said += chunk;
        const address = /http:\/\/localhost:\d+\//.exec(said);
        if (address) return { address: address[0], stop: () => server.kill() };
    }
    throw new Error("cmake/serve.mjs did not start: " + said);
}

const run_file = promisify(execFile);
async function cli(...words) {
    const { stdout } = await run_file(options.cli, words, { maxBuffer: 1 << 26 });
    return stdout.trim();
}

for (const file of [path.join(options.site, "playground.wasm"), options.cli]) {
    if (fs.existsSync(file)) continue;
    console.error(`${file} is not there. Build it first: ./test, or ./play --build for the site.`);
    process.exit(2);
}

// Firefox has windows, of which one has the keyboard. Chromium here has none.
const workers = Number(options.workers) || (options.browser === "firefox" ? 1 : Math.min(2, os.cpus().length));
const open_browser = options.browser === "firefox" ? open_firefox : open_chromium;
const server = await serve(options.site);
const browsers = await Promise.all(Array.from({ length: workers }, () => open_browser(server.address)));
console.log(`The page in ${browsers[0].name} ${browsers[0].version}`);

// Every test opens its own tabs; what went wrong in the page without the test asking for it fails the test.
const with_pages_of = (browser) => async (work) => {
    const tabs = [];
    let failed = true;
    const open = async (where = "", settings = {}) => {
        const tab = await browser.open(settings);
        tabs.push(tab);
        if (where !== null) {
            await tab.goto(server.address + where);
            if (!settings.unready) await tab.ready();
        }
        return tab;
    };
    try {
        const figure = await work({ open, cli, cli_file: options.cli, address: server.address, site: options.site, browser: browser.name,
            renew: options.renew, engine: browser.engine });
        for (const tab of tabs) {
            const violations = await tab.violations();
            check(violations.length === 0, "the CSP refused: " + violations.join("; "));
            check(tab.errors.length === 0, "the page reported: " + tab.errors.join("; "));
        }
        failed = false;
        return figure;
    } catch (error) {
        if (options.shots) for (const tab of tabs) await tab.screenshot(path.join(options.shots, `fail-${Date.now()}.png`));
        throw error;
    } finally {
        for (const tab of tabs) await tab.done(failed).catch(() => {}); // a tab that is gone already is closed enough
    }
};

const runner = new Runner(options.only, browsers[0].name);
try {
    for (const suite of suites) runner.add(suite, (await import(`./suites/${suite}.mjs`)).tests);
    await runner.run(browsers.map(with_pages_of));
} finally {
    for (const browser of browsers) await browser.close();
    server.stop();
}
process.exit(runner.finish() ? 0 : 1);
