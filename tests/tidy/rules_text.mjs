// Lengths, banned calls, left-overs and words.
import { line_at, places } from './project.mjs';

const at = (file, line, what, todo) => ({ where: `${file.name}:${line}`, what, todo });

// ---- lengths -------------------------------------------------------------------------------------------

const limits = [
    [/^engine\/include\//, 250, 'public header'],
    [/^engine\//, 500, 'engine file'],
    [/^web\/panels\//, 350, 'panel'],
    [/^(web|public)\/.*\.(cpp|hpp|m?js)$/, 500, 'file of the page'],
    [/^(tests|cmake)\/.*\.(cpp|hpp|mjs|py|sh|cmake)$/, 700, 'file'],
];

export const file_length = {
    name: 'Files stay short: engine 500 lines, panels 350, public headers 250',
    bad: { 'web/panels/long.cpp': '\n'.repeat(400) },
    check: (project) => project.files.flatMap((file) => {
        const limit = limits.find(([pattern]) => pattern.test(file.name));
        if (!limit || !/\.(cpp|hpp|m?js|py|sh|cmake)$/.test(file.name) || file.lines.length - 1 <= limit[1]) return [];
        return [at(file, limit[1], `${file.lines.length - 1} lines; a ${limit[2]} has at most ${limit[1]}`, 'split it by what it does')];
    }),
};

// Functions of a C++ file: {name, line, length}. A brace opens a function when a parameter list stands before it.
export function functions_of(file) {
    const code = file.code.replace(/^[ \t]*#.*$/gm, (line) => ' '.repeat(line.length));
    const found = [];
    const open = [];
    for (let index = 0; index < code.length; index++) {
        if (code[index] === '{') open.push(opening(code, index));
        if (code[index] !== '}') continue;
        const start = open.pop();
        if (start) found.push({ name: start.name, line: start.line, length: code.slice(0, index).split('\n').length - start.line + 1 });
    }
    return found;
}

const not_functions = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'alignas', 'decltype', 'requires', 'noexcept', 'sizeof']);

// What stands before the brace at `index`: back over qualifiers and initialisers to a closing parenthesis, over its
// pair, and then to the name. Null when that is not the head of a function.
function opening(code, index) {
    let close = index - 1;
    let depth = 0;
    for (; close >= 0; close--) {
        const c = code[close];
        if (c === ')') depth++;
        if (c === '(') depth--;
        if (depth === 0 && /[;{}]/.test(c)) return null;
        if (depth < 0) return null;
        if (c !== '(' || depth !== 0) continue;
        const name = code.slice(Math.max(0, close - 80), close).match(/(\]|operator\s*[^\s\w]{1,3}|[~\w:]+)\s*$/);
        if (!name) continue;
        const start = close - name[0].length;
        if (not_functions.has(name[1]) && name[1] !== 'noexcept') return null;
        // A constructor's initialisers look like calls: their list starts with a colon after the parameters.
        if (/[:,]\s*$/.test(code.slice(Math.max(0, start - 40), start)) && !/::\s*$/.test(code.slice(0, start))) continue;
        if (name[1] === 'noexcept' || name[1] === 'decltype') continue;
        return { name: name[1] === ']' ? 'a lambda' : name[1], line: line_at(code, start + name[0].search(/\S/)) };
    }
    return null;
}

export const function_length = {
    name: 'No function is longer than 70 lines',
    bad: { 'engine/src/core/a.cpp': `int f(int x) {\n${'    x += 1;\n'.repeat(80)}    return x;\n}\n` },
    check: (project) => project.files.filter((f) => f.cpp && /^(engine|web)\//.test(f.name)).flatMap((file) =>
        functions_of(file).filter((f) => f.length > 70).map((f) =>
            at(file, f.line, `${f.name} has ${f.length} lines`, 'split it; most functions here have fewer than 40'))),
};

// Not a rule: how functions are spread, to be printed.
export function function_figures(project) {
    const lengths = project.files.filter((f) => f.cpp && /^(engine|web)\//.test(f.name)).flatMap(functions_of).map((f) => f.length).sort((a, b) => a - b);
    if (lengths.length === 0) return 'no C++ yet';
    const part = (share) => lengths[Math.min(lengths.length - 1, Math.floor(lengths.length * share))];
    const over = lengths.filter((length) => length > 40).length;
    return `${lengths.length} functions: median ${part(0.5)} lines, p90 ${part(0.9)}, longest ${lengths.at(-1)}, ${over} over 40`;
}

// ---- banned calls --------------------------------------------------------------------------------------

const engine = /^engine\/(src|include)\//;
const all_engine = /^engine\//;
const ours = /^(engine|web)\//;
const banned = [
    [/\bstd::(sin|cos|tan|asin|acos|atan2?|sinh|cosh|tanh|exp2?|expm1|log|log2|log10|log1p|pow|cbrt|hypot|[tl]gamma|erfc?)[fl]?\s*\(/g,
        engine, 'use core/maths.hpp: libm differs between systems in the last bit'],
    [/(?<![\w:.>])(sin|cos|tan|exp|expm1|log|log2|log10|log1p|pow|cbrt)\s*\((?!\))/g, /^engine\/src\/(sim|kinds|codec|analysis)\//,
        'say maths:: or whose function it is: libm differs between systems in the last bit'],
    [/\b(std::)?(s?rand|random_shuffle)\s*\(|\bstd::(mt19937|minstd|random_device|default_random_engine|\w+_distribution)/g,
        all_engine, 'use core/random.hpp and core/distribution.hpp: seeded, and the same everywhere'],
    [/\bstd::unordered_\w+/g, all_engine, 'use a sorted vector or std::map: the order of unordered containers is not fixed'],
    [/\bstd::function\b/g, /^engine\/src\/(core|sim|kinds)\//, 'use a function pointer of the kind record: no allocation per event'],
    [/(?<![\w])(std::)?(v?f?printf|puts|putchar|fputs|fwrite|fopen|perror)\s*\(|\bstd::c(out|err|log)\b/g,
        /^(engine\/(src|include)|web(?!\/platform_))/, 'the library and the instrument do not print; return the text'],
    [/\b(system_clock|steady_clock|high_resolution_clock)\b|(?<![\w.>])(std::)?(time|gettimeofday|clock_gettime)\s*\((nullptr|NULL|0|CLOCK|&)|\bstd::clock\(/g,
        engine, 'nothing in the engine reads wall time; take the time as an argument'],
    [/\bstd::(thread|jthread|mutex|atomic|async|future)\b/g, ours, 'one thread; the page uses workers with a module each'],
    [/\b(throw|try|catch|dynamic_cast|typeid)\b(?!\w)/g, ours, 'return an Error or a std::optional: it ships without exceptions and run-time types'],
    [/\bstd::(format|ranges::|to_chars_result|bit_cast)\b/g, ours, 'Emscripten 3.1.6 does not have it'],
    [/\b(gets|strcpy|strcat|sprintf|strtok|atoi|atof|setlocale)\s*\(/g, ours, 'use std::string, snprintf or the codec\'s number reader'],
    [/\b__DATE__\b|\b__TIME__\b|\b__TIMESTAMP__\b/g, ours, 'builds must not depend on when they are made'],
];

export const banned_calls = {
    name: 'No banned call in the engine or the instrument',
    bad: { 'engine/src/sim/a.cpp': 'double f(double x) { return std::exp(x); }\n' },
    check: (project) => banned.flatMap(([pattern, where, todo]) =>
        project.files.filter((f) => f.cpp && where.test(f.name)).flatMap((file) =>
            places(file.code, pattern).map((p) => at(file, p.line, `calls ${p.match[0].replace(/\s*\($/, '').trim()}`, todo)))),
};

const banned_on_page = [
    [/\beval\s*\(|\bnew Function\b/g, /\.(m?js|html)$/, 'the page runs under a policy without eval'],
    [/\.(inner|outer)HTML\s*=|document\.write|insertAdjacentHTML/g, /\.m?js$/, 'build nodes with textContent: input may come from a link'],
    [/<script(?![^>]*\bsrc=)(?![^>]*type="application\/(ld\+)?json")[^>]*>/g, /\.html$/, 'no inline script; put it into a module'],
    [/\son[a-z]+="/g, /\.html$/, 'no inline handler; add a listener in a module'],
    [/(?:src|href|action)="(?:https?:)?\/\/(?!(?:github\.com|www\.w3\.org)\b)[^"]*\.(?:js|css|woff2?|ttf|png|svg)"/g, /\.html$/, 'nothing is loaded from other hosts'],
    [/\bimport\s*\(?[^;\n]*['"]https?:/g, /\.m?js$/, 'nothing is loaded from other hosts'],
];

export const page_policy = {
    name: 'The page keeps to its own policy: no eval, no inline script, no other host',
    bad: { 'public/a.html': '<p onclick="f()">x</p>\n' },
    check: (project) => banned_on_page.flatMap(([pattern, where, todo]) =>
        project.files.filter((f) => f.name.startsWith('public/') && where.test(f.name)).flatMap((file) =>
            places(file.text, pattern).map((p) => at(file, p.line, `has ${p.match[0].trim()}`, todo)))),
};

// ---- left-overs ----------------------------------------------------------------------------------------

const word = (...parts) => parts.join('');
const source = /\.(cpp|hpp|m?js|py|sh|cmake|css|html|md|txt|json|glsl|vert|frag|yml)$|^(play|test)$|\.ci\/run$/;

// A comment line that reads like a statement.
function is_dead_code(line) {
    const comment = line.match(/^\s*\/\/\s?(.*?)\s*$/);
    if (!comment) return false;
    const said = comment[1];
    if (/^(#\s*(if|include|define)\b|\}|return\b.*;$|(if|for|while) \(.*[{;]$)/.test(said)) return true;
    return said.endsWith(';') && /^[\w:.<>*&\[\]-]+( [\w:.<>*&\[\]-]+)? ?(=|\(|\+=|-=|\+\+)/.test(said);
}

export const no_leftovers = {
    name: 'No left-over marker and no commented-out code',
    bad: { 'engine/src/core/a.cpp': '// int old = 3;\n' },
    check: (project) => project.files.filter((f) => source.test(f.name) && !f.name.startsWith('tests/tidy/')).flatMap((file) => {
        const marker = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK', 'TB' + 'D'].join('|')})\\b|lorem ipsum`, 'g');
        const found = places(file.text, marker).map((p) => at(file, p.line, `has ${p.match[0]}`, 'do it now or write it down as an issue'));
        if (!file.cpp && !file.js) return found;
        const dead = file.lines.flatMap((line, index) => (is_dead_code(line) ? [{ line: index + 1 }] : []));
        return [...found, ...dead.map((p) => at(file, p.line, 'looks like commented-out code', 'delete it; git remembers'))];
    }),
};

const machine = new RegExp([
    word('/wo', 'rk/'), word('/ro', 'ot/'), word('/tmp/te', 'am'), word('/ho', 'me/\\w'), word('regis', 'try\\.npmjs'), word('npm', 'js\\.(?:org|com)'),
    word('deb\\.deb', 'ian'), word('ftp\\.\\w*\\.?deb', 'ian'), word('security\\.deb', 'ian'), word('archive\\.ubun', 'tu'), word('py', 'pi\\.org'),
    word('pythonho', 'sted'), word('crat', 'es\\.io'), word('un', 'pkg\\.com'), word('jsde', 'livr'), word('cdn', 'js'), word('snapshot\\.deb', 'ian'),
    word('fonts\\.goog', 'leapis'), word('gs', 'tatic'),
].join('|'), 'g');

export const no_machine_paths = {
    name: 'No path of one machine and no registry host',
    bad: { 'README.md': `see ${word('/ro', 'ot/')}x\n` },
    check: (project) => project.files.flatMap((file) => places(file.text, machine).map((p) =>
        at(file, p.line, `names ${p.match[0]}`, 'use relative paths and what the system is configured with'))),
};

export const plain_text = {
    name: 'Text files are plain: LF, no tabs, no trailing blanks, a last newline; scripts have at most 160 columns',
    bad: { 'engine/src/core/a.cpp': 'int a;  \n' },
    check: (project) => project.files.filter((f) => source.test(f.name) && f.text.length > 0).flatMap((file) => {
        const found = [];
        const generated = /package-lock\.json$/.test(file.name) || /^tests\/.*\.(json|txt)$/.test(file.name);
        if (file.text.includes('\r')) found.push(at(file, 1, 'has carriage returns', 'save it with LF'));
        if (!file.text.endsWith('\n')) found.push(at(file, file.lines.length, 'has no newline at its end', 'add one'));
        const prose = /\.(md|json|html|txt)$/.test(file.name);
        const longest = file.cpp ? Infinity : 160; // clang-format sees to C++
        file.lines.forEach((line, index) => {
            if (/[ \t]$/.test(line) && !file.name.endsWith('.md')) found.push(at(file, index + 1, 'ends in blanks', 'trim it'));
            if (/\t/.test(line) && !generated) found.push(at(file, index + 1, 'has a tab', 'use spaces'));
            if (!prose && !/^tests\/tidy\//.test(file.name) && columns(line) > longest) found.push(at(file, index + 1, `has ${columns(line)} columns, limit ${longest}`, 'break the line'));
        });
        return found;
    }),
};

// Hangul and other wide characters take two columns, as clang-format counts.
const columns = (line) => [...line].reduce((sum, c) => sum + (/[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7a3\uff00-\uff60]/.test(c) ? 2 : 1), 0);

export const headers_once = {
    name: 'Every header starts with #pragma once',
    bad: { 'engine/src/core/a.hpp': 'int a;\n' },
    check: (project) => project.files.filter((f) => f.name.endsWith('.hpp') && !/^\s*#pragma once\b/m.test(f.code)).map((file) =>
        at(file, 1, 'has no #pragma once', 'add it')),
};

// ---- words ---------------------------------------------------------------------------------------------

const slots = (text) => [...String(text).matchAll(/\{\w*\}/g)].map((m) => m[0]).sort().join(' ');

export const both_languages = {
    name: 'The interface says everything in English and in Korean',
    bad: { 'public/words/en.json': '{"a": "x", "b": "y"}', 'public/words/ko.json': '{"a": "가"}' },
    check: (project) => {
        const [en, ko] = ['en', 'ko'].map((language) => project.files.find((f) => f.name === `public/words/${language}.json`));
        if (!en && !ko) return [];
        if (!en || !ko) return [at(en ?? ko, 1, 'the other language has no file', 'add it')];
        const [english, korean] = [JSON.parse(en.text), JSON.parse(ko.text)];
        const line = (file, key) => Math.max(1, file.lines.findIndex((l) => l.includes(`"${key}"`)) + 1);
        const found = [];
        for (const key of new Set([...Object.keys(english), ...Object.keys(korean)])) {
            for (const [file, words] of [[en, english], [ko, korean]]) {
                if (!words[key]) found.push(at(file, line(file, key), `lacks "${key}"`, 'add its words'));
            }
            if (english[key] && korean[key] && slots(english[key]) !== slots(korean[key])) {
                found.push(at(ko, line(ko, key), `"${key}" has other {slots} than its English`, 'use the same ones'));
            }
        }
        return found;
    },
};

export const scenarios_in_both = {
    name: 'Every scenario is JSON and carries its title in both languages',
    bad: { 'scenarios/gallery/a.json': '{"title": {"en": "A"}}' },
    check: (project) => project.files.filter((f) => /^scenarios\/.*\.json$/.test(f.name)).flatMap((file) => {
        let scenario;
        try {
            scenario = JSON.parse(file.text);
        } catch (error) {
            return [at(file, 1, `is not JSON: ${error.message}`, 'mend it')];
        }
        return ['en', 'ko'].filter((language) => !scenario.title?.[language]).map((language) => at(file, 1, `has no title in "${language}"`, 'add it'));
    }),
};
