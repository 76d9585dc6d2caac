// Takes comment lines out of the page's modules. A line that begins with // within a string that goes on or within a
// template is text; what cannot be told apart for certain is left as it is.

const in_doubt = new Error('a string that no quote ends on its line');

// Ends of what began at `from`: a string's, a template's (its ${} may hold templates again), a comment's.
function end_of_template(text, from) {
    for (let i = from + 1; i < text.length; ++i) {
        if (text[i] === '\\') ++i;
        else if (text[i] === '`') return i;
        else if (text.startsWith('${', i)) i = end_of_code(text, i + 2, () => {});
    }
    return text.length;
}

function end_of_quoted(text, from) {
    let i = from + 1;
    while (text[i] !== text[from]) {
        if (i >= text.length || text[i] === '\n') throw in_doubt;
        i += text[i] === '\\' ? 2 : 1;
    }
    return i;
}

// A slash after a value divides; anywhere else a regular expression begins.
const after_value = /(?:[\w$)\]}"'`]|\+\+|--)$/;
const after_word = /\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|yield|await)$/;

function end_of_expression(text, from) {
    let within = false;
    for (let i = from + 1; i < text.length && text[i] !== '\n'; ++i) {
        if (text[i] === '\\') ++i;
        else if (text[i] === '[') within = true;
        else if (text[i] === ']') within = false;
        else if (text[i] === '/' && !within) return i;
    }
    return from;
}

// Up to the } that closes it. `line(from, to)` hears of comments that have a line to themselves.
function end_of_code(text, from, line) {
    let open = 0;
    let last = from - 1; // of the code so far, without space and comments
    for (let i = from; i < text.length; ++i) {
        const c = text[i];
        if (text.startsWith('//', i)) {
            const to = (text.indexOf('\n', i) + 1 || text.length + 1) - 1;
            const start = text.lastIndexOf('\n', i - 1) + 1;
            if (/^[ \t]*$/.test(text.slice(start, i))) line(start, to);
            i = to;
            continue;
        }
        if (text.startsWith('/*', i)) {
            i = (text.indexOf('*/', i + 2) + 2 || text.length + 1) - 1;
            continue;
        }
        const seen = text.slice(Math.max(from, last - 11), last + 1);
        if (c === '`') i = end_of_template(text, i);
        else if (c === '"' || c === "'") i = end_of_quoted(text, i);
        else if (c === '/' && (!after_value.test(seen) || after_word.test(seen))) i = end_of_expression(text, i);
        else if (c === '{') ++open;
        else if (c === '}' && open-- === 0) return i;
        if (!/\s/.test(c)) last = i;
    }
    return text.length;
}

// The lines stay, so that an error names the right one.
export function without_comment_lines(text) {
    const lines = [];
    try {
        end_of_code(text, 0, (from, to) => lines.push([from, to]));
    } catch (doubt) {
        if (doubt !== in_doubt) throw doubt;
        return text;
    }
    let out = '', at = 0;
    for (const [from, to] of lines) {
        out += text.slice(at, from);
        at = to;
    }
    return out + text.slice(at);
}
