import { spawn } from "node:child_process";
import path from "node:path";
import { open_chromium } from "./browsers.mjs";
import { sleep } from "./harness.mjs";
const root = path.join(path.dirname(new URL(import.meta.url).pathname), "../..");
const [where, out, width, height, ...script] = process.argv.slice(2);
const server = spawn(process.execPath, [path.join(root, "cmake/serve.mjs"), path.join(root, "build/site"), "0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((resolve) => server.stdout.on("data", (text) => { const f = /http:\/\/localhost:\d+\//.exec(text); if (f) resolve(f[0]); }));
const browser = await open_chromium();
const tab = await browser.open({ width: +width, height: +height });
await tab.goto(address + where);
await tab.ready();
for (const line of script) { console.log(line.slice(0,60), JSON.stringify(await tab.evaluate(new Function("return (async () => {" + line + "})()"))).slice(0,300)); await sleep(1200); }
await tab.screenshot(out);
console.log(JSON.stringify(tab.errors ?? tab.problems ?? null));
await tab.close(); await browser.close(); server.kill();
