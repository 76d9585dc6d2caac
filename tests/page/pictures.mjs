// The picture of the README and one of every main screen, in both themes and languages, taken from the built page:
// node tests/page/pictures.mjs [SITE]. Run it when the page's look has changed, look at them; they are committed.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { open_chromium } from "./browsers.mjs";
import { sleep } from "./harness.mjs";

const root = path.join(path.dirname(new URL(import.meta.url).pathname), "../..");
const site = process.argv[2] ?? path.join(root, "build/site");
const folder = path.join(root, "docs/images");

const pictures = [
    { file: "playground.png", where: "?lang=en&theme=dark#scenario=04-load-balancer", width: 1280, height: 800, seconds: 75 },
    { file: "broken-ko-light.png", where: "?lang=ko&theme=light#scenario=13-millions", width: 1280, height: 800, seconds: 75 },
    { file: "review-en-light.png", where: "?lang=en&theme=light#scenario=05-replicas", width: 1280, height: 800, seconds: 60,
        press: [1112, 79] },
    { file: "lesson-ko-dark.png", where: "?lang=ko&theme=dark#lesson=05-replicas&step=2", width: 1280, height: 800 },
    { file: "phone-en-dark.png", where: "?lang=en&theme=dark#lesson=06-cache&step=2", width: 390, height: 844 },
    { file: "phone-ko-light.png", where: "?lang=ko&theme=light#scenario=08-stateless-autoscaling", width: 390, height: 844,
        seconds: 75 },
];

const server = spawn(process.execPath, [path.join(root, "cmake/serve.mjs"), site, "0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((resolve) => server.stdout.on("data", (text) => {
    const found = /http:\/\/localhost:\d+\//.exec(text);
    if (found) resolve(found[0]);
}));
const browser = await open_chromium();
fs.mkdirSync(folder, { recursive: true });
for (const { file, where, width, height, seconds, press } of pictures) {
    const tab = await browser.open({ width, height });
    await tab.goto(address + where);
    await tab.ready();
    if (seconds) {
        await tab.evaluate((until) => window.scaleground.runTo(until), seconds);
        await tab.evaluate(() => window.scaleground.play());
    }
    if (press) await tab.click_at(...press);
    await sleep(2500); // particles on their way
    await tab.screenshot(path.join(folder, file));
    await tab.done(true);
    console.log(`docs/images/${file}: ${fs.statSync(path.join(folder, file)).size} bytes`);
}
await browser.close();
server.kill();
