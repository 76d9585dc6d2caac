// What can be said of the site's files without opening them in a browser.
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { check, equal } from "../harness.mjs";

const code_limit_kb = 850;
const read = (site, file) => fs.readFileSync(path.join(site, file), "utf8");
const pages = (site) => fs.readdirSync(path.join(site, "page")).map((name) => "page/" + name);

export const tests = [
    { name: "both languages have the same words, none empty, with the same slots", async run({ site }) {
        const [en, ko] = ["en", "ko"].map((which) => JSON.parse(read(site, `words/${which}.json`)));
        equal(Object.keys(ko).sort(), Object.keys(en).sort(), "keys of ko.json");
        const slots = (text) => [...text.matchAll(/\{\w+\}/g)].map((found) => found[0]).sort();
        for (const key of Object.keys(en)) {
            check(en[key].trim() && ko[key].trim(), `${key} is empty`);
            equal(slots(ko[key]), slots(en[key]), `slots of ${key}`);
        }
        return `${Object.keys(en).length} words`;
    } },
    { name: "every word that HTML and scripts ask for exists, and no page.* word is left over", async run({ site }) {
        const words = JSON.parse(read(site, "words/en.json"));
        const sources = ["index.html", "boot.mjs", ...pages(site)].map((file) => read(site, file)).join("\n");
        const asked = new Set([...sources.matchAll(/["'](page\.\w+)["']/g)].map((found) => found[1]));
        for (const key of asked) check(key in words, `${key} has no words`);
        for (const key of Object.keys(words))
            check(!key.startsWith("page.") || asked.has(key), `nobody asks for ${key}`);
    } },
    { name: "no inline script or style, nothing from elsewhere", async run({ site }) {
        const html = read(site, "index.html");
        check(!/<script(?![^>]*\bsrc=)/.test(html), "an inline script");
        check(!/<style|\sstyle=|\son\w+=/.test(html), "an inline style or handler");
        for (const file of ["index.html", "css/page.css", "boot.mjs", "early.js", "sw.js", ...pages(site)])
            check(!/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]/.test(read(site, file)), `${file} names another host`);
        check(/default-src 'none'/.test(html) && !/unsafe-inline|'unsafe-eval'/.test(html), "the CSP is weaker than it was");
    } },
    { name: `wasm and JavaScript are at most ${code_limit_kb} kB gzip`, async run({ site }) {
        // What a first visit loads; figures and workers bring their own later.
        const scripts = [...read(site, "index.html").matchAll(/"modulepreload" href="([^"]+)"/g)].map((found) => found[1]);
        check(scripts.length > 20, `${scripts.length} scripts are named`);
        const files = ["boot.mjs", "early.js", "playground.mjs", "playground.wasm", ...scripts];
        const sizes = files.map((file) => zlib.gzipSync(fs.readFileSync(path.join(site, file)), { level: 9 }).length);
        const kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
        check(kb <= code_limit_kb, `${kb.toFixed(0)} kB gzip`);
        return `${kb.toFixed(0)} kB`;
    } },
];
