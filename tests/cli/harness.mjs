// What the tests of the command share: the builds, how to run them, and the list of tests.
// The builds are found through SCALE_COMMAND (native) and SCALE_WASM_COMMAND (run by node; tried where it exists).
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
export const native = process.env.SCALE_COMMAND ?? join(root, 'build/native/engine/scaleground');
export const wasm = process.env.SCALE_WASM_COMMAND ?? join(root, 'build/wasm/engine/scaleground.js');
export const design = join(here, 'design.json');
export const scratch = mkdtempSync(join(tmpdir(), 'scaleground-'));

// Language and colour do not depend on who runs the tests.
export const environment = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '', COLUMNS: '', TERM: 'xterm' };

export function run(args, { input = '', env = {}, program = [native] } = {}) {
    const done = spawnSync(program[0], [...program.slice(1), ...args], {
        input, env: { ...environment, ...env }, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 120000,
    });
    return { status: done.status, out: done.stdout, err: done.stderr };
}

export const json = (args, options) => {
    const done = run([...args, '--json'], options);
    assert.equal(done.status, 0, done.err);
    return JSON.parse(done.out);
};

// Bad input: status 2, one line that says so on stderr, nothing on stdout.
export function refused(args, pattern, options) {
    const { status, out, err } = run(args, options);
    assert.equal(status, 2, `status of ${args.join(' ')}: ${err}`);
    assert.equal(out, '', 'stdout stays empty');
    assert.match(err, /^scaleground: [^\n]+\n$/, 'one line on stderr');
    assert.match(err, pattern);
}

export function balanced(r) {
    assert.equal(r.offered, r.completed + r.failed + r.timed_out + r.rejected + r.in_flight, JSON.stringify(r));
}

export const tests = [];
export const test = (name, body) => tests.push({ name, body });
