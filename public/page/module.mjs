// The wasm module: fetched with progress, called by name with JSON. See web/calls.hpp for the table of calls.
import { refusal } from "./refusals.mjs";

// Counts bytes as they pass (unpacked ones, where the server compresses).
async function fetch_counted(url, on_bytes) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
    if (!answer.body) return answer;
    let seen = 0;
    const counted = new TransformStream({
        transform(chunk, controller) {
            seen += chunk.byteLength;
            on_bytes(seen);
            controller.enqueue(chunk);
        },
    });
    return new Response(answer.body.pipeThrough(counted), { headers: answer.headers });
}

export async function fetch_bytes(url, on_bytes) {
    const answer = await fetch_counted(url, on_bytes);
    return new Uint8Array(await answer.arrayBuffer());
}

export async function load_module(canvas, on_bytes) {
    const { default: playground } = await import("../playground.mjs");
    let refuse;
    const refused = new Promise((resolve, reject) => (refuse = reject));
    const started = playground({
        canvas,
        print: (line) => console.info(line),
        printErr: (line) => console.warn(line),
        onAbort: (what) => refuse(new Error(`the module stopped: ${what}`)),
        instantiateWasm(imports, done) {
            const source = fetch_counted("playground.wasm", on_bytes);
            const stream = WebAssembly.instantiateStreaming(source, imports);
            stream.then(({ instance, module }) => done(instance, module)).catch(refuse);
            return {};
        },
    });
    return new Caller(await Promise.race([started, refused]));
}

// Text longer than this goes through the module's scratch buffer instead of its stack, bytes.
const k_stack_text_bytes = 4096;

export class Caller {
    constructor(module) {
        this.module = module;
        this.gone = null; // the error that ended the module, if one did
        this.started = false;
    }

    // Opens the graphics; false where the browser refuses them.
    start() {
        this.started = this.module._sg_start() === 1;
        return this.started;
    }

    // The value of a call; an Error with the module's sentence when it was refused.
    call(name, values = {}) {
        if (this.gone) throw this.gone;
        const module = this.module;
        const json = JSON.stringify(values);
        let text;
        try {
            if (json.length < k_stack_text_bytes) {
                text = module.ccall("sg_call", "string", ["string", "string"], [name, json]);
            } else {
                const bytes = module.lengthBytesUTF8(json) + 1;
                const at = module._sg_buffer(bytes);
                module.stringToUTF8(json, at, bytes);
                text = module.ccall("sg_call", "string", ["string", "number"], [name, at]);
            }
        } catch (error) {
            this.gone = error; // a trap leaves the module in no known state
            throw error;
        }
        const answer = JSON.parse(text);
        if ("error" in answer) throw refusal(answer.error, answer.path);
        return answer.ok;
    }

    font(role, bytes) {
        const at = this.module._sg_buffer(bytes.length);
        this.module.HEAPU8.set(bytes, at);
        this.module.ccall("sg_font", null, ["string", "number", "number"], [role, at, bytes.length]);
    }

    frame(now_ms) {
        return this.module._sg_frame(now_ms);
    }

    resize(width, height, ratio) {
        this.module._sg_resize(width, height, ratio);
    }
}
