// Figures by the names that assertions use ("p99_ms", "nodes.db.utilization"), as words and with units.
import { count, milliseconds, percent, rate, usd } from "./numbers.mjs";
import { pick, say } from "./words.mjs";

const none = "–";

const share = (value) => percent(value, value > 0 && value < 0.01 ? 2 : 0);

// `metric` is what the node's kind says of it, where it says anything: {name, format}.
export function figure_text(name, value, metric = null) {
    if (typeof value !== "number") return none;
    if (metric?.format === "ratio") return share(value);
    const last = name.split(".").at(-1);
    if (last.endsWith("_ms") || name.startsWith("latency_ms.") || /\.latency_ms\./.test(name)) return milliseconds(value);
    if (last.startsWith("cost_usd")) return usd(value);
    if (last.endsWith("_per_s")) return rate(value);
    if (last === "availability") return percent(value, value > 0.99 && value < 1 ? 2 : 1);
    if (/ratio|share|utilization|busy/.test(last)) return share(value);
    return count(value);
}

const named = {
    mean_ms: "page.figure_mean", availability: "page.figure_availability",
    throughput_per_s: "page.figure_throughput", cost_usd_per_month: "page.figure_cost",
};
const of_nodes = {
    utilization: "page.figure_utilization", hit_ratio: "page.figure_hit_ratio", queue_mean: "page.figure_queue",
    workers_busy: "page.figure_workers", stale_ratio: "page.figure_stale", failed: "page.figure_failed",
};

const percentile_name = (name) => name === "p999" ? "p99.9" : name;

// Names of kinds begin with a capital; within a line they do not, unless they are an abbreviation.
const within_line = (words) => /^[A-Z][a-z]/.test(words) ? words[0].toLowerCase() + words.slice(1) : words;

// `label(id)` gives what a node is called.
export function figure_name(name, label, metric = null) {
    if (name in named) return say(named[name]);
    const node = name.match(/^nodes\.([^.]+)\.(.+)$/);
    if (node) {
        const latency = node[2].match(/^latency_ms\.(p\d+)$/);
        const key = of_nodes[node[2]] ?? named[node[2]];
        const what = latency ? percentile_name(latency[1]) : key ? within_line(say(key))
            : metric ? within_line(pick(metric.name)) : node[2].replaceAll("_", " ");
        return say("page.figure_of", { node: label(node[1]), what });
    }
    const percentile = name.match(/^(p\d+)_ms$/);
    if (percentile) return percentile_name(percentile[1]);
    return name.split(".").at(-1).replaceAll("_", " ");
}

// "p99_ms < 250" in words.
export function condition_text(text, label, metric_of = () => null) {
    const parts = text.match(/^(\S+) (<=|>=|==|!=|<|>) (\S+)$/);
    if (!parts) return text;
    const sign = { "<=": "≤", ">=": "≥", "==": "=", "!=": "≠" }[parts[2]] ?? parts[2];
    const metric = metric_of(parts[1]);
    return `${figure_name(parts[1], label, metric)} ${sign} ${figure_text(parts[1], Number(parts[3]), metric)}`;
}
