// scaleground check, link, kinds and schema: what needs no run.
import { readFileSync, readdirSync, writeFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { design, refused, root, run, scratch, test } from './harness.mjs';

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
