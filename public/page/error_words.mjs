// Refusals of the engine in Korean, by the table of the command: engine/src/codec/error_words.json, which error_words.cpp
// beside it reads in the same way. Asked for when the first such sentence is to be said; who makes no mistake loads
// neither. What nobody has put into Korean stays English.
const k_deep_most = 4; // parts within parts

let table = null;

// {1} to {4} of a pattern stand for what differs, each as short as can be.
function matcher(pattern) {
    const open = pattern.split(/\{(\d)\}/).map((part, index) =>
        (index % 2 ? `(?<p${part}>.+?)` : part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")));
    return new RegExp(`^${open.join("")}$`, "s");
}

async function read_table() {
    const answer = await fetch("words/errors.json");
    if (!answer.ok) throw new Error(`words/errors.json: HTTP ${answer.status}`);
    return (await answer.json()).map(([english, korean]) => [matcher(english), korean]);
}

// "a", "b" or "c"
const listed = (part) => part.replace(/" or "(?!.*" or ")/s, '", "');

function said(text, deep) {
    for (const [pattern, korean] of table) {
        const found = pattern.exec(text);
        if (!found) continue;
        return korean.replace(/\{(\d)\}/g, (whole, number) => {
            const part = found.groups["p" + number];
            return (deep > 0 && !part.startsWith('"') && said(part, deep - 1)) || listed(part);
        });
    }
    return "";
}

// A sentence as Error::sentence() makes it: "path: what; hint", of which path and hint may be missing.
export async function in_korean(sentence, path) {
    table ??= await read_table();
    const [place, rest] = path && sentence.startsWith(path + ": ") ? [path, sentence.slice(path.length + 2)] : ["", sentence];
    const end = rest.lastIndexOf("; ");
    const [what, hint] = end < 0 ? [rest, ""] : [rest.slice(0, end), rest.slice(end + 2)];
    const words = said(what, k_deep_most);
    if (!words) return sentence;
    return (place && (said(place, k_deep_most) || place) + ": ") + words + (hint && "; " + (said(hint, k_deep_most) || hint));
}
