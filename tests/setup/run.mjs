// Set-up where Debian's archive does not have a source: it comes from a git host, at the commit that is named, and is
// used only when its files are the pinned ones. The host is a folder here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'scaleground-setup-'));
const host = join(scratch, 'host');

// A command of cmake/setup.sh, with folders and pins of the test's own and no Debian to ask.
function set_up(folder, pins, command, env = {}) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'pins'), pins);
    const script = `. "${root}/cmake/setup.sh"; deps="${folder}"; pins="${folder}/pins"; fetch_from_debian() { return 1; }; ${command}`;
    const done = spawnSync('/bin/bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 60000 });
    return { status: done.status, said: done.stdout + done.stderr };
}
function git(...args) {
    const done = spawnSync('git', ['-C', host, '-c', 'user.name=host', '-c', 'user.email=host@localhost', ...args], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    return done.stdout.trim();
}

// The host's repository: two versions of the files that are used, and one that is not.
function make_host() {
    mkdirSync(host);
    git('init', '-q');
    const commits = ['first', 'second'].map((version) => {
        writeFileSync(join(host, 'zlib.h'), `// ${version}\n`);
        writeFileSync(join(host, 'adler32.c'), 'int adler32;\n');
        writeFileSync(join(host, 'README'), 'not used\n');
        git('add', '-A');
        git('commit', '-q', '-m', version);
        return git('rev-parse', 'HEAD');
    });
    const files = join(scratch, 'files');
    mkdirSync(files);
    for (const [name, text] of [['zlib.h', '// first\n'], ['adler32.c', 'int adler32;\n']]) writeFileSync(join(files, name), text);
    return { commits, hash: set_up(join(scratch, 'hash'), '', `hash_of_files "${files}"`).said.trim() };
}
const pin = (hash, commit) => `source zlib zlib=1:1.0-1 bookworm ${hash} file://${host} ${commit}\n`;

const tests = [
    ['a source that Debian lacks comes from its git host, at the pinned commit, without what is not used', ({ commits, hash }) => {
        const folder = join(scratch, 'good');
        const { status, said } = set_up(folder, pin(hash, commits[0]), 'fetch_source zlib && have_source zlib');
        assert.equal(status, 0, said);
        assert.equal(readFileSync(join(folder, 'zlib', 'zlib.h'), 'utf8'), '// first\n');
        assert.ok(!existsSync(join(folder, 'zlib', 'README')));
    }],
    ['files that are not the pinned ones are refused', ({ commits, hash }) => {
        const folder = join(scratch, 'other');
        const { status, said } = set_up(folder, pin(hash, commits[1]), 'fetch_source zlib');
        assert.equal(status, 1);
        assert.match(said, /its files hash to [0-9a-f]{64}, expected [0-9a-f]{64}\. Not used\./);
        assert.match(said, /None of the versions of zlib .* could be fetched and verified/);
        assert.ok(!existsSync(join(folder, 'zlib')));
    }],
    ['a second version is tried where the first is gone', ({ commits, hash }) => {
        const folder = join(scratch, 'second');
        const { status, said } = set_up(folder, pin(hash, '0'.repeat(40)) + pin(hash, commits[0]), 'fetch_source zlib');
        assert.equal(status, 0, said);
    }],
    ['without git, set-up says so and asks for it', ({ commits, hash }) => {
        const tools = join(scratch, 'tools');
        mkdirSync(tools);
        for (const name of ['bash', 'dirname', 'nproc', 'mkdir', 'cat', 'rm', 'grep'])
            for (const folder of ['/usr/bin', '/bin'])
                if (existsSync(join(folder, name)) && !existsSync(join(tools, name))) symlinkSync(join(folder, name), join(tools, name));
        const { status, said } = set_up(join(scratch, 'none'), pin(hash, commits[0]), 'fetch_source zlib', { PATH: tools });
        assert.equal(status, 3, said);
        assert.match(said, /git is not installed, so file:.* cannot be asked/);
    }],
];

let failed = 0;
try {
    const made = make_host();
    for (const [name, body] of tests) {
        try {
            body(made);
            console.log(`ok    ${name}`);
        } catch (error) {
            ++failed;
            console.log(`FAIL  ${name}\n      ${String(error.message).split('\n').slice(0, 12).join('\n      ')}`);
        }
    }
} finally {
    rmSync(scratch, { recursive: true });
}
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
