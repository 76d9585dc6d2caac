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
