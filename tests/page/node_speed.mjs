// Requests per second of the wasm engine without a page: node node_speed.mjs SITE LINK SECONDS
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [site, link, seconds] = process.argv.slice(2);
const { default: headless } = await import(pathToFileURL(path.join(site, "headless.mjs")));
const module = await headless({ wasmBinary: fs.readFileSync(path.join(site, "headless.wasm")) });

function call(name, values = {}) {
    const answer = JSON.parse(module.ccall("sg_call", "string", ["string", "string"], [name, JSON.stringify(values)]));
    if ("error" in answer) throw new Error(`${name}: ${answer.error}`);
    return answer.ok;
}

function run() {
    call("load", { link });
    const started = performance.now();
    while (!call("runTo", { seconds: Number(seconds), slice_ms: 12 }).done);
    return call("metrics").requests.offered / ((performance.now() - started) / 1000);
}

run(); // the optimising compiler takes its time
console.log(run());
