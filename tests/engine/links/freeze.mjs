// Adds links to the frozen corpus:  node tests/engine/links/freeze.mjs build/native/engine/scaleground FILE.json...
// Beside NAME.txt, the link, goes NAME.json: the design with every parameter spelled out, so that a default that
// changes later is noticed as well. What is there already is never written over.
import {execFileSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const [command, ...files] = process.argv.slice(2);
if (!command || files.length === 0) {
    console.error('usage: node freeze.mjs COMMAND FILE.json...');
    process.exit(2);
}
const run = (...words) => execFileSync(command, words, {encoding: 'utf8', maxBuffer: 1 << 26}).trim();
const definitions = JSON.parse(run('schema')).$defs;
const defaults = (properties) =>
    Object.fromEntries(Object.entries(properties).filter(([, p]) => 'default' in p).map(([id, p]) => [id, p.default]));
const edgeDefaults = defaults(definitions.edge.prefixItems[2].properties);

const spellOut = (design) => ({
    ...design,
    nodes: design.nodes.map((node) => ({...node, ...defaults(definitions[`kind-${node.kind}`].properties), ...node})),
    edges: (design.edges ?? []).map(([from, to, values]) => [from, to, {...edgeDefaults, ...values}]),
});
const lines = (key, value) =>
    Array.isArray(value) ? `  "${key}": [\n${value.map((v) => '    ' + JSON.stringify(v)).join(',\n')}\n  ]`
                         : `  "${key}": ${JSON.stringify(value)}`;

for (const file of files) {
    const target = join(dirname(fileURLToPath(import.meta.url)), basename(file, '.json'));
    if (existsSync(`${target}.txt`)) {
        console.error(`${target}.txt is there already: frozen links are never changed`);
        process.exit(1);
    }
    const link = run('link', 'encode', file);
    const design = spellOut(JSON.parse(run('link', 'decode', link)));
    writeFileSync(`${target}.txt`, link + '\n');
    writeFileSync(`${target}.json`, '{\n' + Object.entries(design).map(([k, v]) => lines(k, v)).join(',\n') + '\n}\n');
    console.log(`${basename(target)}: ${link.length} characters`);
}
