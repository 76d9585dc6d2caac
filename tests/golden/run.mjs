// The command's digests, native and under node, against digests.txt.
//   node tests/golden/run.mjs            compares every build that there is
//   node tests/golden/run.mjs --write    writes the file anew, after a change that is meant to change results
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const golden_file = join(here, 'digests.txt');
const native = process.env.SCALE_COMMAND ?? join(root, 'build/native/engine/scaleground');
const wasm = process.env.SCALE_WASM_COMMAND ?? join(root, 'build/wasm/engine/scaleground.js');

const scenarios = ['ladder', 'gallery'].flatMap((folder) => readdirSync(join(root, 'scenarios', folder)).sort()
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ id: basename(name, '.json'), file: join(root, 'scenarios', folder, name) })));

function digest_of(program, file) {
    const done = spawnSync(program[0], [...program.slice(1), 'run', file, '--json'], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (done.status !== 0) throw new Error(`${program.join(' ')} run ${file}: ${done.stderr || `status ${done.status}`}`);
    return JSON.parse(done.stdout).digest;
}

if (process.argv.includes('--write')) {
    const lines = scenarios.map(({ id, file }) => `${id} ${digest_of([native], file)}\n`);
    writeFileSync(golden_file, lines.join(''));
    console.log(`${lines.length} digests written to tests/golden/digests.txt`);
    process.exit(0);
}

const golden = new Map(readFileSync(golden_file, 'utf8').trim().split('\n').map((line) => line.split(' ')));
const builds = [['native', [native]]];
// Node before 19 would fetch() the module's path.
if (existsSync(wasm)) builds.push(['wasm under node', [process.execPath, '--no-experimental-fetch', wasm]]);
let passed = 0;
let failed = 0;
for (const [name, program] of builds) {
    for (const { id, file } of scenarios) {
        const digest = digest_of(program, file);
        if (digest === golden.get(id)) {
            ++passed;
            continue;
        }
        ++failed;
        console.log(`${name}: ${id} gives ${digest}, expected ${golden.get(id) ?? 'a line in digests.txt'}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
