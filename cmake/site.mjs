// Puts the page together: node site.mjs MODULES FONTS SITE. MODULES holds playground.mjs/.wasm and headless.mjs/.wasm.
// Everything public/ holds goes to the site's root, fonts to fonts/, scenarios to scenarios/ with an index.json,
// and files.json lists it all (path, bytes, hash) with one version for the whole, for the service worker.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

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
take(modules, '', list(modules).filter((name) => /^(playground|headless)\.(mjs|wasm)$/.test(name)));
take(fonts, 'fonts', list(fonts).filter((name) => !name.startsWith('.')));

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
files.set('scenarios/index.json', Buffer.from(JSON.stringify(index, null, 1)));

const hash = (content) => createHash('sha256').update(content).digest('hex').slice(0, 16);
const listed = [...files].map(([name, content]) => ({ path: name, bytes: content.length, hash: hash(content) }));
const version = hash(JSON.stringify(listed));
files.set('files.json', Buffer.from(JSON.stringify({ version, files: listed }, null, 1)));

for (const name of list(site)) if (!files.has(name)) fs.rmSync(path.join(site, name));
for (const [name, content] of files) {
    const target = path.join(site, name);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(content)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
}

// What the browser downloads before it can draw: wasm and JavaScript, compressed.
let code = 0;
for (const [name, content] of files)
    if (/\.(wasm|m?js)$/.test(name) && !/^headless/.test(name)) code += zlib.gzipSync(content, { level: 9 }).length;
const code_kb = Math.round(code / 1000);
console.log(`  build/site: ${files.size} files, wasm and JavaScript ${code_kb} kB gzip (limit ${gzip_limit_kb} kB)`);
if (code_kb > gzip_limit_kb) {
    console.error(`The page's code is ${code_kb} kB gzip, over its limit of ${gzip_limit_kb} kB: make it smaller.`);
    process.exit(1);
}
