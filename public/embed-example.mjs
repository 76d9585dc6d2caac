// Driving an embed from the page around it: docs/embedding.md is the manual.
const frame = document.getElementById("second");
const waiting = new Map();
let number = 0;

window.addEventListener("message", ({ data, source }) => {
    if (source !== frame.contentWindow || data?.scaleground !== 1) return;
    const asked = waiting.get(data.id);
    if (!asked) return; // an event, such as {event: "listening"}
    waiting.delete(data.id);
    if ("error" in data) asked.reject(new Error(data.error));
    else asked.resolve(data.ok);
});

// One call; a promise of its answer. The first one loads the simulator.
function ask(call, argument) {
    number += 1;
    const id = number;
    frame.contentWindow.postMessage({ scaleground: 1, id, call, ...(argument === undefined ? {} : { argument }) }, location.origin);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

const said = document.getElementById("said");
async function tell() {
    const { latency_ms, availability, digest } = await ask("metrics");
    said.textContent = `p99 ${latency_ms.p99.toFixed(1)} ms, ${(availability * 100).toFixed(2)} % served, digest ${digest}`;
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
