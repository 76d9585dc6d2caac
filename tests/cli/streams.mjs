// Streams, signals, terminals, the benchmark, and the command under node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import assert from 'node:assert/strict';
import { balanced, design, environment, json, native, refused, run, scratch, test, wasm } from './harness.mjs';

// ---- streams and signals -------------------------------------------------------------------------------

test('a reader that goes away is no failure', () => {
    spawnSync('sh', ['-c', '{ "$0" schema 2>"$1"; echo $? >"$2"; } | true', native, join(scratch, 'err'), join(scratch, 'status')], { env: environment });
    assert.equal(readFileSync(join(scratch, 'status'), 'utf8').trim(), '0');
    assert.equal(readFileSync(join(scratch, 'err'), 'utf8'), '');
});
test('output that cannot be written: status 3', () => {
    if (!existsSync('/dev/full')) return;
    const done = spawnSync('sh', ['-c', '"$0" run "$1" --json >/dev/full', native, design], { env: environment, encoding: 'utf8' });
    assert.equal(done.status, 3);
    assert.match(done.stderr, /^scaleground: cannot write the output: [^\n]+\n$/);
});
// A long run that is told to stop once it has had time to start, also on a busy machine. `again_ms` later it is told again.
async function interrupted_run(again_ms = null) {
    const child = spawn(native, ['run', design, '--json', '--until', '10000000'], { env: environment });
    let out = '';
    child.stdout.on('data', (piece) => { out += piece; });
    const ended = new Promise((resolve) => child.on('close', (status) => resolve({ status, out })));
    await sleep(1500);
    child.kill('SIGINT');
    if (again_ms !== null) {
        await sleep(again_ms);
        child.kill('SIGINT');
    }
    return ended;
}
test('Ctrl-C prints what was measured so far, also where it is passed on twice', async () => {
    for (const again_ms of [null, 2, 20]) {
        const { status, out } = await interrupted_run(again_ms);
        assert.equal(status, 130, `again after ${again_ms} ms`);
        const r = JSON.parse(out);
        assert.equal(r.ending, 'interrupted');
        assert.ok(r.requests.completed > 0);
        balanced(r.requests);
    }
});
// A terminal of its own, by util-linux's script; what it shows.
const on_terminal = (command, env = {}) => {
    const done = spawnSync('script', ['-qec', command, '/dev/null'], { env: { ...environment, ...env }, encoding: 'utf8', timeout: 60000 });
    return done.error ? null : done.stdout;
};
test('on a terminal: colours, but not with NO_COLOR', () => {
    const shown = on_terminal(`"${native}" run "${design}"`);
    if (shown === null) return;
    assert.match(shown, /\x1b\[1mTwo web servers/);
    assert.doesNotMatch(on_terminal(`"${native}" run "${design}"`, { NO_COLOR: '1' }), /\x1b/);
    assert.match(on_terminal(`"${native}" link encode "${design}"`), /\n\d+ characters/);
});
test('on a terminal: a run of more than a second shows its progress and takes it away', () => {
    const shown = on_terminal(`timeout -s INT 4 "${native}" run "${design}" --until 10000000 --seeds 2`);
    if (shown === null) return;
    const lines = shown.split('\r').filter((line) => /^ *\d+ %  run 1 of 2  [\d,.]+ s of 10,000,000 s  .*requests\/s/.test(line));
    assert.ok(lines.length >= 3, `${lines.length} lines of progress`);
    assert.ok(shown.includes('\r\x1b[K'), 'taken away');
    assert.match(shown, /Stopped by Ctrl-C[^]*digest/);
});

// ---- bench ---------------------------------------------------------------------------------------------

test('bench measures a case and prints every promise', () => {
    const r = json(['bench', '--quick', '--only', 'record']);
    assert.ok(r.cases.record.ns_per_event > 0 && r.cases.record.ns_per_event < 1e5);
    for (const id of ['whole-engine', 'wasm', 'many', 'lognormal', 'timeout', 'record', 'page'])
        assert.ok(r.promises.some((p) => p.id === id && p.floor > 0 && p.target > 0), id);
    refused(['bench', '--only', 'tandme'], /nothing that is timed.*did you mean "tandem"/);
    refused(['bench', '--native', design], /no figure of the tandem/);
});

// ---- under node ----------------------------------------------------------------------------------------

if (existsSync(wasm)) {
    const program = [process.execPath, '--no-experimental-fetch', wasm];
    test('the command under node gives the native digest', () => {
        const [a, b] = [json(['run', design]), json(['run', design], { program })];
        delete a.wall_s;
        delete b.wall_s;
        assert.deepEqual(a, b);
    });
    test('the command under node knows a pipe from a terminal', () => {
        const done = run(['run', design], { program });
        assert.equal(done.status, 0);
        assert.equal(done.err, '');
        assert.doesNotMatch(done.out, /\x1b/);
    });
    test('the command under node leaves with the same statuses', () => {
        assert.equal(run(['run', design, '--quiet', '--assert', 'p99_ms < 0.001'], { program }).status, 1);
        refused(['run', design, '--untill', '5'], /did you mean "--until"/, { program });
    });
}
