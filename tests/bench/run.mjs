// The native command and the same command under node, timed in turns, and the ratio of the two held to its floor:
//   node tests/bench/run.mjs [--rounds N] [--quick] [--check]
// With --check the status is 1 when any promise, of the native bench or of the ratio, is below its floor.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const native = process.env.SCALE_COMMAND ?? join(root, 'build/native/engine/scaleground');
const wasm = process.env.SCALE_WASM_COMMAND ?? join(root, 'build/wasm/engine/scaleground.js');
const given = process.argv.slice(2);
const quick = given.includes('--quick');
const check = given.includes('--check');
const rounds = given.includes('--rounds') ? Number(given[given.indexOf('--rounds') + 1]) : quick ? 3 : 7;
const floor = 0.6;
const target = 0.7;

function bench(program, ...args) {
    const done = spawnSync(program[0], [...program.slice(1), 'bench', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (done.error || (done.status !== 0 && done.status !== 1)) {
        console.error(done.error?.message ?? done.stderr);
        process.exit(3);
    }
    return done;
}
const median = (values) => {
    const sorted = [...values].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

const under_node = [process.execPath, '--no-experimental-fetch', wasm];
const names = ['tandem', 'tandem-lognormal', 'tandem-timeout', 'queue', 'shards', 'data-centers', 'limit'];
const only = names.flatMap((name) => ['--only', name]);
const ratios = Object.fromEntries(names.map((name) => [name, []]));
const wasm_ns = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round < rounds; ++round) {
    // Native before and after: a machine that slows down meanwhile counts half on either side.
    const [before, between, after] = [[native], under_node, [native]].map(
        (program) => JSON.parse(bench(program, '--quick', '--wall', ...only, '--json').stdout).cases);
    for (const name of names) {
        const around = (before[name].ns_per_request + after[name].ns_per_request) / 2;
        ratios[name].push(around / between[name].ns_per_request);
        wasm_ns[name].push(between[name].ns_per_request);
    }
}

const main = bench([native], ...(quick ? ['--quick'] : []), ...(check ? ['--check'] : []));
process.stdout.write(main.stdout);
console.log(`\nwasm under node against native, medians of ${rounds} rounds taken in turns (floor ${floor}, target ${target}):`);
for (const name of names) {
    const ratio = median(ratios[name]);
    const verdict = name === 'limit' ? 'for comparison: the hand-written loop' : ratio >= floor ? 'ok' : 'below floor';
    const million = (1e3 / median(wasm_ns[name])).toFixed(2);
    console.log(`  ${name.padEnd(18)} ${ratio.toFixed(2)}  ${million.padStart(6)} M requests/s in wasm  ${verdict}`);
}
const kept = median(ratios.tandem) >= floor;
process.exitCode = main.status !== 0 || (check && !kept) ? 1 : 0;
