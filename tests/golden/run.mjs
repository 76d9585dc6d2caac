// The command's digests, native and under node, against digests.txt.
//   node tests/golden/run.mjs            compares every build that there is
//   node tests/golden/run.mjs --write    writes the file anew, after a change that is meant to change results
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const golden_file = join(here, 'digests.txt');
const native = process.env.SCALE_COMMAND ?? join(root, 'build/native/engine/scaleground');
const wasm = process.env.SCALE_WASM_COMMAND ?? join(root, 'build/wasm/engine/scaleground.js');

const cores = Math.max(1, cpus().length);

const scenarios = ['ladder', 'gallery'].flatMap((folder) => readdirSync(join(root, 'scenarios', folder)).sort()
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({ id: basename(name, '.json'), file: join(root, 'scenarios', folder, name) })));

const run_file = promisify(execFile);
async function digest_of(program, file) {
    const { stdout } = await run_file(program[0], [...program.slice(1), 'run', file, '--json'], { maxBuffer: 1 << 26 });
    return JSON.parse(stdout).digest;
}

// The digest of every scenario, in order, as many runs at once as there are cores. Why a run failed stands in its place.
async function digests_of(program) {
    const digests = [];
    let next = 0;
    const work = async () => {
        while (next < scenarios.length) {
            const at = next++;
            digests[at] = await digest_of(program, scenarios[at].file).catch((error) => `"${error.message.trim()}"`);
        }
    };
    await Promise.all(Array.from({ length: cores }, work));
    return digests;
}

if (process.argv.includes('--write')) {
    const digests = await digests_of([native]);
    const broken = digests.find((digest) => digest.startsWith('"'));
    if (broken) throw new Error(broken);
    writeFileSync(golden_file, scenarios.map(({ id }, at) => `${id} ${digests[at]}\n`).join(''));
    console.log(`${digests.length} digests written to tests/golden/digests.txt`);
    process.exit(0);
}

const golden = new Map(readFileSync(golden_file, 'utf8').trim().split('\n').map((line) => line.split(' ')));
const builds = [['native', [native]]];
// Node before 19 would fetch() the module's path.
if (existsSync(wasm)) builds.push(['wasm under node', [process.execPath, '--no-experimental-fetch', wasm]]);
let passed = 0;
let failed = 0;
for (const [name, program] of builds) {
    const digests = await digests_of(program);
    for (const [at, { id }] of scenarios.entries()) {
        if (digests[at] === golden.get(id)) {
            ++passed;
            continue;
        }
        ++failed;
        console.log(`${name}: ${id} gives ${digests[at]}, expected ${golden.get(id) ?? 'a line in digests.txt'}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
