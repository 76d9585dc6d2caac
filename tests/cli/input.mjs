// What the command is given: words, options, and where a scenario comes from.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { design, json, refused, root, run, scratch, test } from './harness.mjs';

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
