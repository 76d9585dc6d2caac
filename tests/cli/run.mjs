// The command from outside: exit statuses, what goes to which stream, the shape of --json.
// Finds the builds through SCALE_COMMAND (native) and SCALE_WASM_COMMAND (run by node; tried where it exists).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const native = process.env.SCALE_COMMAND ?? join(root, 'build/native/engine/scaleground');
const wasm = process.env.SCALE_WASM_COMMAND ?? join(root, 'build/wasm/engine/scaleground.js');
const design = join(here, 'design.json');
const scratch = mkdtempSync(join(tmpdir(), 'scaleground-'));

// Language and colour do not depend on who runs the tests.
const environment = { ...process.env, LC_ALL: 'C.UTF-8', NO_COLOR: '', COLUMNS: '', TERM: 'xterm' };

function run(args, { input = '', env = {}, program = [native] } = {}) {
    const done = spawnSync(program[0], [...program.slice(1), ...args], {
        input, env: { ...environment, ...env }, encoding: 'utf8', maxBuffer: 1 << 26, timeout: 120000,
    });
    return { status: done.status, out: done.stdout, err: done.stderr };
}

const json = (args, options) => {
    const done = run([...args, '--json'], options);
    assert.equal(done.status, 0, done.err);
    return JSON.parse(done.out);
};

// Bad input: status 2, one line that says so on stderr, nothing on stdout.
function refused(args, pattern, options) {
    const { status, out, err } = run(args, options);
    assert.equal(status, 2, `status of ${args.join(' ')}: ${err}`);
    assert.equal(out, '', 'stdout stays empty');
    assert.match(err, /^scaleground: [^\n]+\n$/, 'one line on stderr');
    assert.match(err, pattern);
}

function balanced(r) {
    assert.equal(r.offered, r.completed + r.failed + r.timed_out + r.rejected + r.in_flight, JSON.stringify(r));
}

const tests = [];
const test = (name, body) => tests.push({ name, body });

// ---- help and unknown words ----------------------------------------------------------------------------

const commands = ['run', 'review', 'follow', 'theory', 'compare', 'headroom', 'sweep', 'check', 'kinds', 'link', 'lessons', 'schema', 'bench'];
test('--help names every command and exits 0', () => {
    const { status, out, err } = run(['--help']);
    assert.equal(status, 0);
    assert.equal(err, '');
    for (const name of commands) assert.match(out, new RegExp(`^  ${name} `, 'm'));
    for (const line of out.split('\n')) assert.ok(line.length <= 120, line);
});
test('every command has its own --help', () => {
    for (const name of commands) {
        const { status, out } = run([name, '--help']);
        assert.equal(status, 0);
        assert.match(out, new RegExp(`^usage: scaleground ${name}`));
        assert.equal(run(['help', name]).out, out);
    }
});
test('--version', () => assert.match(run(['--version']).out, /^scaleground \d+\.\d+\.\d+\n$/));
test('no command', () => refused([], /no command given/));
test('unknown command, with the nearest', () => refused(['rum'], /unknown command; did you mean "run"\?/));
test('unknown option, with the nearest', () => refused(['run', design, '--untill', '5'], /--untill: unknown option; did you mean "--until"\?/));
test('an option without its value', () => refused(['run', design, '--until'], /--until: needs a value/));
test('an option given twice', () => refused(['run', design, '--json', '--json'], /given twice/));
test('a value where none is taken', () => refused(['run', design, '--json=1'], /takes no value/));

// ---- where a scenario comes from -----------------------------------------------------------------------

test('a file, standard input, a link and a whole address give the same digest', () => {
    const link = run(['link', 'encode', design]).out.trim();
    const text = readFileSync(design, 'utf8');
    const digests = [
        json(['run', design]), json(['run', '-'], { input: text }), json(['run', link]),
        json(['run', link.slice(1)]), json(['run', `https://example.org/play/?embed=1${link}`]),
        json(['run', '-'], { input: `${link}\n` }),
    ].map((r) => r.digest);
    assert.equal(new Set(digests).size, 1, digests.join(' '));
});
test('a file that is not there', () => refused(['run', 'no-such-thing-anywhere'], /no file, link or lesson called/));
test('a folder', () => refused(['run', scratch], /cannot read/));
test('an empty name', () => refused(['run', ''], /empty/));
test('no scenario', () => refused(['run'], /needs a scenario/));
test('two scenarios', () => refused(['run', design, design], /one scenario/));
test('a lesson link says what to do instead', () => refused(['run', '#lesson=06-cache&step=2'], /lesson's id/));
test('text that is no JSON', () => refused(['run', '-'], /standard input/, { input: 'hello' }));
test('nothing at all', () => refused(['run', '-'], /standard input/, { input: '' }));
test('a wrong key, with the nearest', () => {
    const text = readFileSync(design, 'utf8').replace('"duration_s"', '"duratoin_s"');
    refused(['run', '-'], /duratoin_s.*duration_s/, { input: text });
});
test('a file beyond the limit', () => refused(['run', '-'], /./, { input: ' '.repeat(300 * 1024) }));
test('a link that was cut off', () => {
    const link = run(['link', 'encode', design]).out.trim();
    refused(['run', link.slice(0, -7)], /link/);
});
test('a link with a letter changed', () => {
    const link = run(['link', 'encode', design]).out.trim();
    const at = Math.floor(link.length / 2);
    refused(['run', link.slice(0, at) + (link[at] === 'A' ? 'B' : 'A') + link.slice(at + 1)], /link/);
});
test('every scenario that comes with the command: listed, valid, encodable', () => {
    const list = JSON.parse(run(['lessons', '--json']).out);
    const files = ['ladder', 'gallery'].flatMap((folder) => {
        const path = join(root, 'scenarios', folder);
        return existsSync(path) ? readdirSync(path).filter((f) => f.endsWith('.json')) : [];
    });
    assert.equal(list.length, files.length);
    for (const { id, title } of list) {
        assert.ok(title.en && title.ko, `${id} has a title in both languages`);
        assert.match(run(['link', 'encode', id]).out, /^#s=1/);
    }
    if (list.length) {
        const { id } = list[0];
        refused(['run', `${id}x`], new RegExp(`did you mean "${id}"`));
        const name = list[0].path.replace(/^scenarios\//, '').replace(/\.json$/, '');
        assert.equal(run(['link', 'encode', name]).out, run(['link', 'encode', id]).out);
        assert.match(run(['lessons']).out, new RegExp(`^${id} `, 'm'));
    }
});

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

// ---- check, link, kinds, schema ------------------------------------------------------------------------

test('check: ok for good files, one line per bad one', () => {
    assert.deepEqual(run(['check', design, design]), { status: 0, out: `ok  ${design}\nok  ${design}\n`, err: '' });
    refused(['check'], /at least one/);
    const bad = join(scratch, 'bad.json');
    writeFileSync(bad, '{"scaleground": 1, "nodes": [{"id": "a", "kind": "severr"}]}');
    refused(['check', design, bad], /bad\.json: \$\.nodes\[0\].*server/);
    assert.equal(run(['check', bad, bad]).err.trim().split('\n').length, 2);
});
test('link: encode, decode, encode is the same link; decode prints what check accepts', () => {
    const link = run(['link', 'encode', design]);
    assert.equal(link.status, 0);
    assert.match(link.out, /^#s=1[A-Za-z0-9_-]+\n$/);
    assert.equal(link.err, '', 'no note where stderr is no terminal');
    const decoded = run(['link', 'decode', link.out.trim()]);
    assert.equal(decoded.status, 0);
    assert.equal(run(['link', 'encode', '-'], { input: decoded.out }).out, link.out);
    assert.equal(run(['link', 'decode', '-'], { input: link.out }).out, decoded.out);
    refused(['link'], /link encode SCENARIO/);
    refused(['link', 'encode'], /link encode SCENARIO/);
    refused(['link', 'encdoe', design], /did you mean "encode"/);
    refused(['link', 'decode', 'hello'], /./);
    refused(['link', 'decode', '#s=1AAAA'], /link/);
    refused(['link', 'decode', `#s=1${'A'.repeat(40000)}`], /./);
});
test('kinds: list, page, JSON, Markdown', () => {
    const all = JSON.parse(run(['kinds', '--json']).out);
    const text = JSON.stringify(all);
    for (const id of ['clients', 'dns', 'balancer', 'server', 'database']) {
        assert.ok(text.includes(`"${id}"`), id);
        assert.match(run(['kinds']).out, new RegExp(`^${id} `, 'm'));
        const page = run(['kinds', id]);
        assert.equal(page.status, 0);
        assert.match(page.out, /Parameters[^]*default .*, range/);
        assert.match(page.out, /Known inaccuracies/);
        assert.match(run(['kinds', id, '--markdown']).out, new RegExp(`^# .*\\(\`${id}\`\\)$`, 'm'));
        assert.match(run(['kinds', id, '--lang', 'ko']).out, /[가-힣]/);
        assert.doesNotThrow(() => JSON.parse(run(['kinds', id, '--json']).out));
    }
    refused(['kinds', 'severr'], /no kind "severr"; did you mean "server"\?/);
    refused(['kinds', 'server', '--out', scratch], /--out/);
});
test('docs/kinds is what kinds --markdown writes', () => {
    for (const [folder, language] of [['docs/kinds', 'en'], ['docs/kinds/ko', 'ko']]) {
        const fresh = mkdtempSync(join(scratch, 'kinds-'));
        assert.equal(run(['kinds', '--markdown', '--lang', language, '--out', fresh]).status, 0);
        const pages = readdirSync(fresh).sort();
        assert.deepEqual(readdirSync(join(root, folder)).filter((f) => f.endsWith('.md')).sort(), pages);
        for (const page of pages)
            assert.equal(readFileSync(join(root, folder, page), 'utf8'), readFileSync(join(fresh, page), 'utf8'),
                `${folder}/${page} is stale: scaleground kinds --markdown --lang ${language} --out ${folder}`);
    }
});
test('schema is a JSON Schema that names every kind', () => {
    const schema = run(['schema']);
    assert.match(JSON.parse(schema.out).$schema, /2020-12/);
    for (const id of ['clients', 'dns', 'balancer', 'server', 'database']) assert.ok(schema.out.includes(`"${id}"`), id);
});

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
test('Ctrl-C prints what was measured so far', async () => {
    const child = spawn(native, ['run', design, '--json', '--until', '10000000'], { env: environment });
    let out = '';
    child.stdout.on('data', (piece) => { out += piece; });
    setTimeout(() => child.kill('SIGINT'), 500);
    const status = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(status, 130);
    const r = JSON.parse(out);
    assert.equal(r.ending, 'interrupted');
    assert.ok(r.requests.completed > 0);
    balanced(r.requests);
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
    const shown = on_terminal(`timeout -s INT 2.5 "${native}" run "${design}" --until 10000000 --seeds 2`);
    if (shown === null) return;
    const lines = shown.split('\r').filter((line) => /^ *\d+ %  run 1 of 2  [\d,.]+ s of 10,000,000 s  .*requests\/s/.test(line));
    assert.ok(lines.length >= 3, `${lines.length} lines of progress`);
    assert.ok(shown.includes('\r\x1b[K'), 'taken away');
    assert.match(shown, /Stopped by Ctrl-C[^]*digest/);
});

// ---- bench ---------------------------------------------------------------------------------------------

test('bench measures a case and prints every promise', () => {
    const r = json(['bench', '--quick', '--only', 'record']);
    assert.ok(r.cases.record.ns_per_event > 0 && r.cases.record.ns_per_event < 1000);
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

if (!existsSync(native)) {
    console.log(`the command is not built: ${native}\n0 passed, 1 failed`);
    process.exit(1);
}
let failed = 0;
for (const { name, body } of tests) {
    try {
        await body();
        console.log(`ok    ${name}`);
    } catch (error) {
        ++failed;
        console.log(`FAIL  ${name}\n      ${String(error.message).split('\n').slice(0, 12).join('\n      ')}`);
    }
}
rmSync(scratch, { recursive: true });
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
