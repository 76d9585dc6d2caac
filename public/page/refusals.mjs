// What was refused, in the reader's language. The engine answers in English. The commonest reasons why a link does not
// open, and why an edge makes no sense, have words of the page's own here; tests/page holds both together. All others
// are said by error_words.mjs.
import { language } from "./prefs.mjs";
import { say } from "./words.mjs";

// The engine's sentence as an error; `path` is the place that it begins with, where it names one.
export const refusal = (sentence, path = /^(\$\S*): /.exec(sentence)?.[1] ?? "") => Object.assign(new Error(sentence), { path, of_engine: true });

// An error whose sentence stands within one of the page's, as its {what}.
export const within = (key, cause, values = {}) =>
    Object.assign(new Error(say(key, { ...values, what: cause.message }), { cause }), { key, values });

// The sentence of an error, or of anything that was thrown, in the page's language.
export async function told(error) {
    if (error.key) return say(error.key, { ...error.values, what: await told(error.cause) });
    if (!error.of_engine || language() === "en") return error.message;
    try {
        const { in_korean } = await import("./error_words.mjs");
        return await in_korean(error.message, error.path);
    } catch {
        return error.message; // the table could not be fetched: better in English than not at all
    }
}

const of_links = [
    [/cut off: (\d+) of its (\d+) characters/, "page.link_cut_at"],
    [/cut off/, "page.link_cut"],
    [/newer Scaleground/, "page.link_newer"],
    [/checksum does not fit|content is damaged|no part of a link/, "page.link_damaged"],
    [/this link has (\d+) characters; at most (\d+)/, "page.link_large"],
    [/not a Scaleground link/, "page.link_none"],
];

export function link_error(error) {
    for (const [pattern, key] of of_links) {
        const found = pattern.exec(error.message);
        if (found) return new Error(say(key, { have: found[1] ?? "", whole: found[2] ?? "" }));
    }
    return within("page.bad_link", error);
}

const of_edges = [
    [/cannot call itself/, "page.refuse_itself"],
    [/^(?:\$\S+: )?a \S+ does not call a \S+/, "page.refuse_kinds"],
    [/round in a circle/, "page.refuse_circle"],
    [/this edge is there already/, "page.refuse_twice"],
];

// Of a change by hand: which edge it is, the hand knows.
export async function told_by_hand(error) {
    const key = of_edges.find(([pattern]) => pattern.test(error.message))?.[1];
    return key ? say(key) : (await told(error)).replace(/^\$\S+: /, "");
}

// What a design lacks before it can run (engine/src/sim/scenario.cpp).
export function lacking({ what }, nodes) {
    const id = /^"(.+)" leads nowhere$/.exec(what)?.[1];
    return id ? say("page.lacks_way", { node: nodes.find((node) => node.id === id)?.label || id }) : say("page.lacks_all");
}
