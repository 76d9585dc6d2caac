// What puts the page together.
import assert from 'node:assert/strict';
import { without_comment_lines } from '../../cmake/comments.mjs';
import { test } from './harness.mjs';

test('comment lines of modules are taken out, and nothing that only looks like one', () => {
    const code = (...lines) => lines.join('\n');
    assert.equal(without_comment_lines(code('// a', 'let a = 1; // stays', '    // b `', 'a();')),
        code('', 'let a = 1; // stays', '', 'a();'));
    for (const kept of [
        code('const t = `', '// within a template', '`;'),
        code('const t = `${f({ a: `', '// deep`, b: "}" })}', '// still text', '`;'),
        code("const s = 'one \\", "// goes on';"),
        code('/*', '// within a comment', '*/'),
        code('const r = /[`/]/.test(x) ? /`/ : 4 / 2;', 'const t = `', '// text', '`;'),
        code('return /"/.test(x);', 'const t = `', '// text', '`;'),
        code('const broken = "no end', '// in doubt', ''),
    ]) assert.equal(without_comment_lines(kept), kept);
    assert.equal(without_comment_lines(code('f(`${g(() => {', '// code again', '})}', '// text`);', '// gone')),
        code('f(`${g(() => {', '// code again', '})}', '// text`);', ''));
});
