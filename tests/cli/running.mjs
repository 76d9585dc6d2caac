// scaleground run, review and follow: what is measured, asserted and shown.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { balanced, design, json, refused, run, scratch, test } from './harness.mjs';

// ---- run -----------------------------------------------------------------------------------------------

test('--json has what the manual promises, and requests are conserved', () => {
    const r = json(['run', design]);
    assert.match(r.digest, /^[0-9a-f]{16}$/);
    for (const key of ['events', 'wall_s', 'throughput_per_s', 'availability', 'cost_usd_per_month']) assert.equal(typeof r[key], 'number', key);
    assert.ok(r.cause.en && r.cause.ko && r.cause.mechanism, 'the cause in both languages');
    assert.equal(typeof r.cost_usd_per_million_requests, 'number');
    for (const key of ['mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max']) assert.ok(r.latency_ms[key] > 0, key);
    for (const node of Object.values(r.nodes)) for (const key of ['utilization', 'queue_mean', 'wait_ms_mean']) assert.equal(typeof node[key], 'number', key);
    assert.deepEqual(Object.keys(r.nodes).sort(), JSON.parse(readFileSync(design)).nodes.map((n) => n.id).sort());
    assert.ok(r.requests.completed > 1000);
    balanced(r.requests);
    const { p50, p90, p95, p99, p999, max } = r.latency_ms;
    assert.ok(p50 <= p90 && p90 <= p95 && p95 <= p99 && p99 <= p999 && p999 <= max * 1.005);
});
test('the cause: a sentence, and where, why, since when', () => {
    const calm = json(['run', design]).cause;
    assert.equal(calm.mechanism, 'healthy');
    assert.match(calm.en, /^healthy: the busiest node is \w+ at /);
    const storm = json(['run', 'gallery/thread-pool-exhaustion']).cause;
    assert.equal(storm.mechanism, 'blocked');
    assert.deepEqual([storm.node, storm.through, storm.of, storm.trigger.at_s], ['web', 'db', 'failures', 60]);
    assert.ok(storm.share > 0.5 && storm.share <= 1);
    assert.match(run(['run', 'gallery/thread-pool-exhaustion', '--lang', 'ko']).out, /원인 +60초부터 요청의/);
});
test('review: eight rules, single points, capacity; both languages', () => {
    const r = json(['review', '04-load-balancer']);
    assert.equal(r.rules.length, 8);
    for (const { verdict, reason } of r.rules) assert.ok(['yes', 'no', 'not_needed'].includes(verdict) && reason.en && reason.ko);
    assert.deepEqual(r.single_points.map(({ node }) => node), ['balancer', 'db']);
    assert.ok(r.tiers[0].utilization > 0.3 && r.tiers[0].utilization < 1);
    assert.match(run(['review', '01-single-server', '--lang', 'ko']).out, /단일 장애점/);
    refused(['review'], /needs a scenario/);
});
test('follow: one request, its spans in order', () => {
    const [one] = json(['follow', design, '--request', '100']);
    assert.equal(one.request, 100);
    assert.ok(one.answered && one.spans.length > 2);
    for (let i = 1; i < one.spans.length; i++) assert.ok(one.spans[i].at_ms >= one.spans[i - 1].at_ms);
    for (const { key } of json(['follow', design, '--key', '0'])) assert.equal(key, 0);
    assert.match(run(['follow', design, '--slowest']).out, /^request [\d,]+ for key/);
    refused(['follow', design, '--key', '0', '--slowest'], /exclude each other/);
    refused(['follow', design, '--request', '0'], /--request/);
});
test('the same seed gives the same run, another seed another', () => {
    const [a, b, c] = [json(['run', design]), json(['run', design]), json(['run', design, '--seed', '99'])];
    for (const r of [a, b, c]) { delete r.wall_s; balanced(r.requests); }
    assert.deepEqual(a, b);
    assert.notEqual(a.digest, c.digest);
    assert.equal(c.seed, 99);
});
test('--seeds K: every figure becomes mean and ci95', () => {
    const one = json(['run', design]);
    const many = json(['run', design, '--seeds', '5']);
    const walk = (single, several, path) => {
        if (typeof single === 'number' && !['seed'].includes(path)) {
            assert.deepEqual(Object.keys(several), ['mean', 'ci95'], path);
            assert.ok(several.ci95 === null || several.ci95 >= 0, path);
        } else if (single && typeof single === 'object' && !Array.isArray(single)) {
            for (const key of Object.keys(single)) walk(single[key], several[key], path ? `${path}.${key}` : key);
        }
    };
    walk(one, many, '');
    assert.equal(many.seeds, 5);
    assert.equal(many.runs.length, 5);
    assert.equal(many.runs[0].digest, one.digest, 'the first of the seeds is the scenario\'s own');
    assert.match(many.digest, /^[0-9a-f]{16}$/);
    const alone = [0, 1, 2, 3, 4].map((i) => json(['run', design, '--seed', String(one.seed + i)]).latency_ms.mean);
    const mean = alone.reduce((a, b) => a + b) / 5;
    const spread = Math.sqrt(alone.reduce((a, b) => a + (b - mean) ** 2, 0) / 4);
    assert.ok(Math.abs(many.latency_ms.mean.mean - mean) < 1e-9 * mean);
    assert.ok(Math.abs(many.latency_ms.mean.ci95 - 2.7764 * spread / Math.sqrt(5)) < 1e-6 * mean, 'Student t with 4 degrees');
});
test('--until ends earlier or later than the design', () => {
    const full = json(['run', design]);
    const half = json(['run', design, '--until', '10']);
    const longer = json(['run', design, '--until', '60']);
    assert.ok(half.events < full.events && full.events < longer.events);
    balanced(longer.requests);
});
test('--set changes a node, an edge and the whole', () => {
    const plain = json(['run', design]);
    const slow = json(['run', design, '--set', 'web.service_ms=4']);
    assert.ok(slow.nodes.web.utilization > plain.nodes.web.utilization * 1.5);
    const far = json(['run', design, '--set', 'users->web.latency_ms=50']);
    assert.ok(far.latency_ms.p50 > plain.latency_ms.p50 + 90, 'there and back');
    const shorter = json(['run', design, '--set', 'duration_s=10', '--set', 'warmup_s=0']);
    assert.ok(shorter.events < plain.events);
});
test('--set refuses what makes no sense', () => {
    const set = (assignment, pattern) => refused(['run', design, '--set', assignment], pattern);
    set('nonsense', /no parameter "nonsense"|expected node\.param/);
    set('web', /expected node\.param=value/);
    set('wep.service_ms=4', /no node "wep"; did you mean "web"\?/);
    set('web.service=wrong', /expected .*exponential/);
    set('web.sevice_ms=4', /no parameter "sevice_ms"; did you mean "service_ms"\?/);
    set('web.service_ms=four', /expected a number from .* got "four"/);
    set('web.service_ms=-1', /expected a number from/);
    set('web.service_ms=nan', /expected a number/);
    set('web.instances=1.5', /expected a whole number/);
    set('users->db.latency_ms=5', /no edge from "users" to "db"/);
    set('duration_s=0', /expected a number from/);
    set('seed=4', /--seed/);
});
test('numbers out of range', () => {
    for (const [name, value] of [['--seed', '-1'], ['--seed', '1.5'], ['--seed', '9007199254740993'], ['--seeds', '0'], ['--seeds', '1'],
        ['--seeds', 'x'], ['--until', '0'], ['--until', '-5'], ['--until', '1e99'], ['--until', 'inf'], ['--until', ''], ['--events-limit', '0']])
        refused(['run', design, name, value], new RegExp(`${name}: expected a (whole )?number from`));
    refused(['run', design, '--until', '1'], /warm-up/);
});
test('--assert that holds: status 0', () => {
    const r = json(['run', design, '--assert', 'p99_ms < 10000', '--assert', 'availability >= 0.5', '--assert', 'nodes.web.utilization > 0.01',
        '--assert', 'requests.completed > 10', '--assert', 'latency_ms.p50 <= 1000']);
    assert.equal(r.assertions.length, 5);
    assert.ok(r.assertions.every((a) => a.held === true && typeof a.measured === 'number'));
});
test('--assert that fails: status 1, and the report is there', () => {
    const done = run(['run', design, '--json', '--assert', 'p99_ms < 0.001', '--assert', 'availability >= 0.5']);
    assert.equal(done.status, 1);
    const r = JSON.parse(done.out);
    assert.deepEqual(r.assertions.map((a) => a.held), [false, true]);
    assert.match(done.err, /assertion failed: p99_ms < 0\.001, measured \d/);
    const table = run(['run', design, '--assert', 'p99_ms < 0.001']);
    assert.equal(table.status, 1);
    assert.match(table.out, /✕ p99_ms < 0\.001/);
    assert.equal(table.err, '');
    assert.equal(run(['run', design, '--seeds', '3', '--assert', 'p99_ms < 0.001']).status, 1);
});
test('--assert that is none: status 2', () => {
    refused(['run', design, '--assert', 'p99_ms'], /--assert/);
    refused(['run', design, '--assert', 'p99_ms <'], /--assert/);
    refused(['run', design, '--assert', 'p99_ms < fast'], /--assert/);
    refused(['run', design, '--assert', 'p98_ms < 5'], /no figure "p98_ms"; did you mean "p9\d_ms"\?/);
    refused(['run', design, '--assert', 'nodes.wep.utilization < 5'], /no figure/);
});
test('the slo is shown, and decides only when asked to', () => {
    const text = JSON.parse(readFileSync(design));
    text.slo = { p99_ms: 0.001, availability: 0.5 };
    const broken = join(scratch, 'broken-slo.json');
    writeFileSync(broken, JSON.stringify(text));
    assert.deepEqual(json(['run', broken]).slo.map((s) => s.held), [false, true]);
    assert.equal(run(['run', broken, '--assert', 'slo']).status, 1);
    delete text.slo;
    writeFileSync(broken, JSON.stringify(text));
    refused(['run', broken, '--assert', 'slo'], /promises nothing/);
});
test('--quiet says nothing but what failed', () => {
    const fine = run(['run', design, '--quiet']);
    assert.deepEqual([fine.status, fine.out, fine.err], [0, '', '']);
    const failed = run(['run', design, '--quiet', '--assert', 'p99_ms < 0.001']);
    assert.equal(failed.status, 1);
    assert.equal(failed.out, '');
    assert.match(failed.err, /^scaleground: assertion failed: [^\n]+\n$/);
});
test('--events-limit stops and says so', () => {
    const r = json(['run', design, '--events-limit', '5000']);
    assert.equal(r.ending, 'events-limit');
    assert.equal(r.events, 5000);
    balanced(r.requests);
});
test('the report for people: every node, outcomes, digest; no colours and no progress where no terminal is', () => {
    const { status, out, err } = run(['run', design]);
    assert.equal(status, 0);
    assert.equal(err, '');
    assert.doesNotMatch(out, /\x1b/);
    assert.match(out, new RegExp(json(['run', design]).digest));
    for (const word of ['users', 'web', 'db', 'completed', 'timed out', 'rejected', 'p99', 'digest', 'cost']) assert.ok(out.includes(word), word);
    for (const width of [40, 60, 80, 120]) {
        const lines = run(['run', design], { env: { COLUMNS: String(width) } }).out.split('\n');
        const table = lines.slice(3, lines.indexOf('', 3));
        for (const line of table) assert.ok([...line].length <= width, `${width}: ${line}`);
    }
});
test('Korean by --lang and by LANG; columns stay aligned', () => {
    const korean = run(['run', design, '--lang', 'ko']).out;
    assert.match(korean, /지연 시간/);
    assert.equal(run(['run', design], { env: { LC_ALL: 'ko_KR.UTF-8' } }).out.split('\n')[3], korean.split('\n')[3]);
    refused(['run', design, '--lang', 'fr'], /expected en or ko/);
    // Hangul takes two columns: the bars of all rows must begin in the same one.
    const width = (text) => [...text].reduce((sum, c) => sum + (/[가-힣]/.test(c) ? 2 : 1), 0);
    const rows = korean.split('\n').filter((line) => /[█▏▎▍▌▋▊▉]/.test(line));
    assert.ok(rows.length >= 2);
    assert.equal(new Set(rows.map((line) => width(line.slice(0, line.search(/[█▏▎▍▌▋▊▉]/))))).size, 1);
});
