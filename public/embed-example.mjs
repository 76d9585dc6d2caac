// Driving an embed from the page around it: docs/embedding.md is the manual.
const frame = document.getElementById("second");
const waiting = new Map();
let number = 0;

// What is sent before the frame hears is lost. It says when it begins to; where it began before this script did, it answers.
let heard;
const listening = new Promise((resolve) => (heard = resolve));

window.addEventListener("message", ({ data, source }) => {
    if (source !== frame.contentWindow || data?.scaleground !== 1) return;
    heard();
    const asked = waiting.get(data.id);
    if (!asked) return; // {event: "listening"}, or the answer to the question below
    waiting.delete(data.id);
    if ("error" in data) asked.reject(new Error(data.error));
    else asked.resolve(data.ok);
});

const send = (message) => frame.contentWindow.postMessage({ scaleground: 1, ...message }, "*");
send({ id: "there?", call: "listening" });

// One call; a promise of its answer. The first one loads the simulator.
async function ask(call, argument) {
    await listening;
    number += 1;
    const id = number;
    send({ id, call, ...(argument === undefined ? {} : { argument }) });
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

const said = document.getElementById("said");
async function tell() {
    const { latency_ms, availability, digest } = await ask("metrics");
    const [p99, served] = [latency_ms.p99.toFixed(1), (availability * 100).toFixed(2)];
    said.textContent = document.documentElement.lang === "ko" ? `p99 ${p99} ms, 성공 ${served} %, 다이제스트 ${digest}`
        : `p99 ${p99} ms, ${served} % served, digest ${digest}`;
}

const press = (id, work) => document.getElementById(id).addEventListener("click", () => {
    said.textContent = "…";
    work().then(tell).catch((error) => (said.textContent = error.message));
});
let at_s = 0;
press("run", async () => (at_s = await ask("runTo", 60)));
press("kill", async () => {
    await ask("command", { do: "kill", node: "cache" });
    at_s = await ask("runTo", at_s + 30);
});
press("play", () => ask("play"));
press("pause", () => ask("pause"));
