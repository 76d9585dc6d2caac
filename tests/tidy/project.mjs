// The tree as the rules see it: every file with its text, and C++ and JavaScript without comments and strings.
import fs from 'node:fs';
import path from 'node:path';

const skipped = new Set(['build', '.git', 'node_modules', '.cache']);
const binary = /\.(png|jpe?g|ico|webp|ttf|woff2?|wasm|gz|br)$/;

function walk(root, prefix = '') {
    return fs.readdirSync(path.join(root, prefix), { withFileTypes: true }).flatMap((entry) => {
        const name = path.posix.join(prefix, entry.name);
        if (skipped.has(entry.name) || entry.isSymbolicLink()) return [];
        if (entry.isDirectory()) return walk(root, name);
        return entry.isFile() && !binary.test(name) ? [name] : [];
    });
}

const blank = (text) => text.replace(/[^\n]/g, ' ');

// Comments and string contents become spaces, so that line numbers and columns stay. `strings: true` keeps strings.
export function strip(text, { strings = false } = {}) {
    const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|R"([^\s()\\]{0,16})\([\s\S]*?\)\1"|"(?:[^"\\\n]|\\[\s\S])*"|(?<![\w])'(?:[^'\\\n]|\\.){1,8}'/g;
    return text.replace(token, (found) => {
        if (found.startsWith('/')) return blank(found);
        return strings ? found : found[0] + blank(found.slice(1, -1)) + found.at(-1);
    });
}

export function file_of(name, text) {
    const file = { name, text, lines: text.split('\n') };
    file.cpp = /\.(cpp|hpp)$/.test(name);
    file.js = /\.m?js$/.test(name);
    if (file.cpp) {
        file.code = strip(text);
        file.code_with_strings = strip(text, { strings: true });
        file.includes = [...file.code_with_strings.matchAll(/^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]/gm)].map((match) => ({
            quoted: match[1] === '"', what: match[2], line: line_at(text, match.index),
        }));
    }
    return file;
}

export const line_at = (text, index) => text.slice(0, index).split('\n').length;

// Every place a global pattern matches, as {line, match}.
export function places(text, pattern) {
    return [...text.matchAll(pattern)].map((match) => ({ line: line_at(text, match.index), match }));
}

export function read_project(root) {
    const files = walk(root).map((name) => file_of(name, fs.readFileSync(path.join(root, name), 'utf8')));
    return { root, files };
}

// A project made of a few texts: what the rules' own samples are checked with.
export function sample_project(texts) {
    return { root: null, files: Object.entries(texts).map(([name, text]) => file_of(name, text)) };
}
