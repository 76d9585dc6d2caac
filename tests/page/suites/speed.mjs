// How fast the page simulates: the tandem of docs/performance.md, fast-forwarded in the page, against the same engine
// in node without a page.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { check } from "../harness.mjs";
import { tandem_link } from "../tandem.mjs";

const floor_ratio = 0.7;
const rounds = 5;
const seconds = 300; // three million requests

export const tests = [
    { name: "fast-forward against the same engine in node", browsers: ["chromium"], alone: true, long: true,
        async run({ open, cli_file, site }) {
        const link = await tandem_link(cli_file);
        const script = path.join(path.dirname(new URL(import.meta.url).pathname), "../node_speed.mjs");
        const tab = await open(link, { smooth: true });
        const in_page = async () => {
            await tab.evaluate((text) => window.scaleground.load(text), link);
            return tab.evaluate(async (until) => {
                const started = performance.now();
                await window.scaleground.runTo(until);
                const wall_s = (performance.now() - started) / 1000;
                return window.scaleground.metrics().requests.offered / wall_s;
            }, seconds);
        };
        const in_node = async () => Number((await promisify(execFile)(process.execPath,
            [script, path.resolve(site), link, String(seconds)])).stdout);
        await in_page(); // the browser's optimising compiler takes its time
        // Interleaved, the best of each: what else runs on the machine only ever takes away.
        let [page, node] = [0, 0];
        for (let round = 0; round < rounds; round += 1) {
            page = Math.max(page, await in_page());
            node = Math.max(node, await in_node());
        }
        const ratio = page / node;
        check(ratio >= floor_ratio, `the page reaches ${ratio.toFixed(2)} of node, floor ${floor_ratio}`);
        return `${(page / 1e6).toFixed(2)} M requests/s in the page, ${(node / 1e6).toFixed(2)} M in node, ratio ${ratio.toFixed(2)}`;
    } },
];
