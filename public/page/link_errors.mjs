// The commonest reasons why a link does not open, in the reader's language. The codec answers in English (see
// engine/src/codec/link.cpp); what is not in this table is passed on as it says it. tests/page holds both together.
import { say } from "./words.mjs";

const reasons = [
    [/cut off: (\d+) of its (\d+) characters/, "page.link_cut_at"],
    [/cut off/, "page.link_cut"],
    [/newer Scaleground/, "page.link_newer"],
    [/checksum does not fit|content is damaged|no part of a link/, "page.link_damaged"],
    [/not a Scaleground link/, "page.link_none"],
];

export function link_error(sentence) {
    for (const [pattern, key] of reasons) {
        const found = pattern.exec(sentence);
        if (found) return say(key, { have: found[1] ?? "", whole: found[2] ?? "" });
    }
    return say("page.bad_link", { what: sentence });
}

// Why an edge makes no sense, as the engine says it (engine/src/sim/scenario.cpp).
const refusals = [
    [/cannot call itself/, "page.refuse_itself"],
    [/^(?:\$\S+: )?a \S+ does not call a \S+/, "page.refuse_kinds"],
    [/round in a circle/, "page.refuse_circle"],
    [/this edge is there already/, "page.refuse_twice"],
];

export function refusal(sentence) {
    const key = refusals.find(([pattern]) => pattern.test(sentence))?.[1];
    return key ? say(key) : sentence.replace(/^\$\S+: /, "");
}
