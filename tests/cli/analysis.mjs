// scaleground theory, compare, headroom and sweep.
import assert from 'node:assert/strict';
import { design, json, refused, run, test } from './harness.mjs';

// ---- theory, compare, headroom, sweep ------------------------------------------------------------------

test('theory: closed forms beside a measured run, every node with its method and how far to trust it', () => {
    const r = json(['theory', 'gallery/tandem', '--seeds', '3', '--set', 'duration_s=60']);
    assert.equal(r.seeds, 3);
    assert.equal(r.theory.trust, 'exact');
    assert.equal(r.theory.nodes.web.method.en, 'M/M/c (Erlang C)');
    assert.ok(r.theory.nodes.web.method.ko && Array.isArray(r.theory.nodes.web.assumptions));
    const beside = r.beside['latency_ms.p50'];
    assert.ok(Math.abs(beside.theory - 8.761) < 0.01 && Math.abs(beside.mean - beside.theory) < 1 && beside.ci95 > 0);
    assert.ok(Math.abs(r.beside['nodes.db.utilization'].theory - 0.8) < 1e-9);
    const shown = run(['theory', 'gallery/tandem', '--seeds', '2', '--set', 'duration_s=20']);
    assert.match(shown.out, /^web {2}M\/M\/c \(Erlang C\)$/m);
    assert.match(shown.out, /^ {2}mean +[\d.]+ ±[\d.]+ ms +10 ms/m);
    assert.match(run(['theory', 'gallery/tandem', '--no-run', '--lang', 'ko']).out, /얼랑 C/);
});
test('theory alone answers for a billion users', () => {
    const r = json(['theory', 'gallery/tandem', '--no-run', '--set', 'users.rate_per_s=5000000',
        '--set', 'web.instances=1000', '--set', 'web.cores=64', '--set', 'web.workers=64']);
    assert.ok(r.nodes.web.arrivals_per_s > 4e6 && r.nodes.web.utilization < 1);
    refused(['theory'], /theory needs a scenario/);
    refused(['theory', design, '--seeds', '0'], /--seeds/);
});
test('compare: paired differences, the largest first, in words of both languages', () => {
    const r = json(['compare', design, '--set', 'db.read_ms=6', '--seeds', '4']);
    assert.equal(r.seeds, 4);
    const p99 = r.changes.find((c) => c.name === 'latency_ms.p99');
    assert.ok(p99.significant && Math.abs(p99.difference.mean - (p99.after.mean - p99.before.mean)) < 1e-6);
    assert.match(p99.sentence.en, /^p99 (rises|falls) from [\d.,]+ ms to [\d.,]+ ms \([+-][\d.,]+ ± [\d.,]+\)$/);
    assert.match(p99.sentence.ko, /^p99: .*ms/);
    const firm = r.changes.map((c) => c.significant).lastIndexOf(true);
    assert.ok(firm >= 0 && r.changes[0].significant);
    assert.match(run(['compare', design, design, '--seeds', '2']).out, /No figure differs significantly/);
    refused(['compare', design], /needs two scenarios, or one and --set/);
    refused(['compare', design, design, '--seeds', '1'], /--seeds/);
});
test('compare and headroom call nodes as the board does, and keep ids in JSON', () => {
    const load = [design, '--set', 'users.rate_per_s=500', '--set', 'duration_s=10', '--seeds', '2'];
    const r = json(['compare', ...load]);
    const web = r.changes.find((c) => c.name === 'nodes.web.utilization');
    assert.match(web.sentence.en, /^utilization of Web (rises|stays)/);
    assert.match(web.sentence.ko, /^웹의 사용률: /);
    assert.match(run(['compare', ...load, '--all']).out, /^utilization of Web /m);
    assert.match(run(['compare', ...load, '--all']).out, /^utilization of db /m, 'no label: its id');
    assert.match(run(['compare', ...load, '--all', '--lang', 'ko']).out, /^웹의 사용률: /m);
    const promise = ['headroom', design, '--slo', 'nodes.web.utilization <= 0.25', '--seeds', '1'];
    const found = json(promise);
    assert.equal(found.breaks.name, 'nodes.web.utilization');
    assert.match(found.sentence.en, / utilization of Web is /);
    assert.match(run([...promise, '--lang', 'ko']).out, / 웹의 사용률 값이/);
});
test('headroom: the largest load that keeps the promise, and what breaks', () => {
    const tandem = ['headroom', 'gallery/tandem', '--set', 'duration_s=40', '--seeds', '2'];
    const r = json([...tandem, '--slo', 'p99_ms <= 60']);
    assert.ok(r.multiple > 1.05 && r.multiple < 1.25 && r.beyond / r.multiple < 1.03, JSON.stringify(r));
    assert.equal(r.breaks.name, 'p99_ms');
    assert.equal(r.busiest.node, 'db');
    assert.ok(Math.abs(r.expected - r.multiple) < 0.1 && r.runs <= 24 && r.measured);
    assert.match(r.sentence.en, /^Keeps its promises up to 1\.\d+ times the load: /);
    const broken = run([...tandem, '--slo', 'p99_ms <= 20']);
    assert.equal(broken.status, 1, 'not kept at its own load');
    refused(['headroom', design, '--slo', 'p98_ms < 5'], /no figure "p98_ms"; did you mean/);
});
test('sweep: a grid, the same whoever runs which part of it', () => {
    const grid = ['sweep', design, '--vary', 'db.connections=2,4,8', '--vary', 'web.cores=2,4', '--set', 'duration_s=10', '--set', 'warmup_s=1'];
    const whole = run([...grid, '--csv']).out.trim().split('\n');
    assert.equal(whole.length, 7);
    assert.match(whole[0], /^index,db\.connections,web\.cores,latency_ms\.mean,/);
    assert.match(whole[2], /^1,2,4,/);
    const parts = [0, 1, 2, 3].flatMap((i) => run([...grid, '--csv', '--shard', `${i}/4`]).out.trim().split('\n').slice(1));
    assert.deepEqual(parts.sort((a, b) => parseInt(a) - parseInt(b)), whole.slice(1));
    const r = json([...grid, '--seeds', '2', '--figure', 'p99_ms', '--figure', 'nodes.db.utilization']);
    assert.equal(r.points, 6);
    assert.deepEqual(r.rows[5].set, { 'db.connections': '8', 'web.cores': '4' });
    assert.ok(r.rows[5].figures.p99_ms.mean > 0 && r.rows[5].figures.p99_ms.ci95 > 0);
    refused(['sweep', design], /at least one axis/);
    refused([...grid, '--vary', 'db.conections=1'], /--vary .*did you mean "connections"/);
    refused([...grid, '--shard', '4/4'], /--shard/);
    refused([...grid, '--csv', '--json'], /does not go together/);
});
