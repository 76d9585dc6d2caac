// Puts the page together: node site.mjs MODULES FONTS SITE. MODULES holds playground.mjs/.wasm and headless.mjs/.wasm.
// Everything public/ holds goes to the site's root, fonts to fonts/, scenarios to scenarios/ with an index.json,
// and files.json lists it all (path, bytes, hash) with one version for the whole, for the service worker.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';
import { without_comment_lines } from './comments.mjs';
import { glyph_bringer } from './glyphs.mjs';
import { limits_page } from './limits_page.mjs';

const [modules, fonts, site] = process.argv.slice(2);
const gzip_limit_kb = 850; // wasm and JavaScript together

function list(folder, prefix = '') {
    if (!fs.existsSync(folder)) return [];
    return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((entry) => {
        const name = path.posix.join(prefix, entry.name);
        return entry.isDirectory() ? list(path.join(folder, entry.name), name) : [name];
    });
}

const files = new Map(); // path in the site -> content
const take = (folder, prefix, names = list(folder)) => {
    for (const name of names) files.set(path.posix.join(prefix, name), fs.readFileSync(path.join(folder, name)));
};

take('public', '');
// Comments are for who reads the source; their lines stay, so that an error in the page names the right one.
for (const [name, content] of files)
    if (/^(page\/.*|boot)\.mjs$/.test(name)) files.set(name, Buffer.from(without_comment_lines(content.toString())));
take(modules, '', list(modules).filter((name) => /^(playground|headless)\.(mjs|wasm)$/.test(name)));
take(fonts, 'fonts', list(fonts).filter((name) => !name.startsWith('.')));
// Bad input in Korean: the command's table, read by the page when something is to be said of it.
const sentences = JSON.parse(fs.readFileSync('engine/src/codec/error_words.json', 'utf8'));
files.set('words/errors.json', Buffer.from(JSON.stringify(sentences)));

const index = [];
for (const group of ['ladder', 'gallery']) {
    for (const name of list(`scenarios/${group}`).filter((n) => n.endsWith('.json'))) {
        const content = fs.readFileSync(`scenarios/${group}/${name}`);
        let scenario;
        try {
            scenario = JSON.parse(content);
        } catch (error) {
            console.error(`scenarios/${group}/${name} is not JSON: ${error.message}`);
            process.exit(1);
        }
        files.set(`scenarios/${group}/${name}`, content);
        index.push({ id: path.basename(name, '.json'), group, path: `scenarios/${group}/${name}`, title: scenario.title ?? {},
            lesson: Boolean(scenario.lesson?.steps?.length) });
    }
}
// A picture of every design, as embeds show it before they are clicked: both languages, both themes, wide and tall.
const k_poster_s = 60; // simulated seconds behind its figures

async function load_engine() {
    if (!files.has('headless.mjs') || !files.has('headless.wasm')) return null;
    const { default: headless } = await import(pathToFileURL(path.resolve(modules, 'headless.mjs')));
    const module = await headless({ wasmBinary: files.get('headless.wasm') });
    return (name, values = {}) => {
        const json = JSON.stringify(values);
        const bytes = module.lengthBytesUTF8(json) + 1;
        const at = module._sg_buffer(bytes);
        module.stringToUTF8(json, at, bytes);
        const answer = JSON.parse(module.ccall('sg_call', 'string', ['string', 'number'], [name, at]));
        if ('error' in answer) throw new Error(answer.error);
        return answer.ok;
    };
}

function draw_posters(call) {
    const [regular, semibold] = ['regular', 'semibold'].map((weight) => files.get(`fonts/sans-${weight}.ttf`));
    const with_glyphs = regular && semibold ? glyph_bringer({ regular, semibold }) : (svg) => svg;
    const picture = (look) => Buffer.from(with_glyphs(call('picture', look)));
    for (const entry of index) {
        const { id, path: name } = entry;
        call('load', { json: files.get(name).toString() });
        entry.mark = call('lessonMark') ?? undefined; // links leave out a lesson that everybody has
        while (!call('runTo', { seconds: k_poster_s, slice_ms: 1000 }).done);
        for (const language of ['en', 'ko']) for (const theme of ['dark', 'light']) {
            const look = { language, theme };
            files.set(`posters/${id}.${language}.${theme}.svg`, picture(look));
            files.set(`posters/${id}.${language}.${theme}.tall.svg`, picture({ ...look, width: 340, tall: true }));
        }
    }
}
const call = await load_engine();
if (call) {
    draw_posters(call);
    const [english, korean] = ['', '.ko'].map((which) => fs.readFileSync(`docs/not-modelled${which}.md`, 'utf8'));
    files.set('not-modelled.html', Buffer.from(limits_page(english, korean, call('kinds'))));
}
files.set('scenarios/index.json', Buffer.from(JSON.stringify(index, null, 1)));

// What the browser downloads before it can draw: the module, and the scripts that boot.mjs leads to. Workers, embeds and
// the example bring their own later.
const first = new Set(['playground.wasm', 'playground.mjs', 'early.js', 'boot.mjs']);
for (const name of first) {
    if (!files.has(name) || !name.endsWith('.mjs') || name === 'playground.mjs') continue;
    for (const [, to] of files.get(name).toString().matchAll(/^(?:import|export) .*?from "(\.{1,2}\/[^"]+)";/gms))
        first.add(path.posix.join(path.posix.dirname(name), to));
}
// All of its scripts are asked for at once, not one import after the other.
const scripts = [...first].filter((name) => name.startsWith('page/')).map((name) => `<link rel="modulepreload" href="${name}">`);
files.set('index.html', Buffer.from(files.get('index.html').toString().replace('<script type="module"', [...scripts, '$&'].join('\n'))));

const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 16);
// Pictures are for other pages; this one is whole, also offline, without them.
const listed = [...files].filter(([name]) => !name.startsWith('posters/')).map(([name, content]) => ({ path: name, bytes: content.length,
    hash: hash(content) }));
const version = hash(JSON.stringify(listed));
files.set('files.json', Buffer.from(JSON.stringify({ version, files: listed }, null, 1)));

for (const name of list(site)) if (!files.has(name)) fs.rmSync(path.join(site, name));
for (const [name, content] of files) {
    const target = path.join(site, name);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(content)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
}

let code = 0;
for (const name of first) if (files.has(name)) code += zlib.gzipSync(files.get(name), { level: 9 }).length;
const code_kb = Math.round(code / 1000);
console.log(`  build/site: ${files.size} files, wasm and JavaScript ${code_kb} kB gzip (limit ${gzip_limit_kb} kB)`);
if (code_kb > gzip_limit_kb) {
    console.error(`The page's code is ${code_kb} kB gzip, over its limit of ${gzip_limit_kb} kB: make it smaller.`);
    process.exit(1);
}
