// The face for the page around an embed: window.scaleground by postMessage. docs/embedding.md is its manual.
//   in   {scaleground: 1, id, call, argument?}       from the parent window only
//   out  {scaleground: 1, id, ok} or {scaleground: 1, id, error}
import { told } from "./refusals.mjs";
import { say } from "./words.mjs";

const k_version = 1;
const k_text_most = 65536;

const is_text = (value) => typeof value === "string" && value.length > 0 && value.length <= k_text_most;
const is_moment = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const is_command = (value) => is_text(value) || (typeof value === "object" && value !== null && !Array.isArray(value)
    && JSON.stringify(value).length <= k_text_most);

// Calls and what their argument has to be; null where they take none.
const k_calls = {
    listening: null, ready: null, link: null, play: null, pause: null, metrics: null, digest: null,
    load: { fits: is_text, what: "embed.wants_link" },
    runTo: { fits: is_moment, what: "embed.wants_moment" },
    command: { fits: is_command, what: "embed.wants_command" },
};

// What is wrong with a message; an empty text when nothing is.
export function fault_of(data) {
    for (const key of Object.keys(data))
        if (!["scaleground", "id", "call", "argument"].includes(key)) return say("embed.bad_key", { key });
    if (data.scaleground !== k_version) return say("embed.bad_version", { version: k_version });
    if (!Object.hasOwn(k_calls, data.call)) return say("embed.bad_call", { call: String(data.call).slice(0, 40), calls: Object.keys(k_calls).join(", ") });
    const wanted = k_calls[data.call];
    if (wanted === null) return data.argument === undefined ? "" : say("embed.no_argument", { call: data.call });
    return wanted.fits(data.argument) ? "" : say("embed.bad_argument", { call: data.call, what: say(wanted.what) });
}

const is_id = (id) => (typeof id === "string" && id.length <= 64) || (typeof id === "number" && Number.isFinite(id));

// `begin()` loads the instrument; resolves when the face works.
export function answer_messages(face, begin) {
    if (window.parent === window) return;
    // A host from a file or a sandbox has no origin that could be named.
    const reply = (origin, message) => window.parent.postMessage({ scaleground: k_version, ...message }, origin === "null" ? "*" : origin);
    window.addEventListener("message", async ({ data, origin, source }) => {
        if (source !== window.parent || typeof data !== "object" || data === null || !("scaleground" in data)) return;
        if (!is_id(data.id)) return reply(origin, { id: null, error: say("embed.bad_id") });
        const { id } = data;
        const fault = fault_of(data);
        if (fault) return reply(origin, { id, error: fault });
        if (data.call === "listening") return reply(origin, { id, ok: true }); // asked before anything is loaded
        try {
            await begin();
            const answer = data.call === "ready" ? true : await face[data.call](data.argument);
            reply(origin, { id, ok: answer ?? true });
        } catch (error) {
            reply(origin, { id, error: await told(error) });
        }
    });
    window.parent.postMessage({ scaleground: k_version, event: "listening" }, "*"); // says nothing but that it is there
}
