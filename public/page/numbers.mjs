// Figures with their units, the same in both languages. A figure that is not there shows as a dash.
const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const is = (value) => typeof value === "number" && Number.isFinite(value);
const none = "–";
const k_gap = "\u00a0"; // a figure and its unit stay on one line

export function rate(value) {
    if (!is(value)) return none;
    if (value >= 1e6) return (value / 1e6).toFixed(value < 1e7 ? 2 : 1) + k_gap + "M/s";
    return (value > 0 && value < 10 ? value.toFixed(1) : grouped.format(value)) + k_gap + "/s";
}

export function milliseconds(value) {
    if (!is(value)) return none;
    if (value >= 10000) return (value / 1000).toFixed(1) + k_gap + "s";
    if (value >= 100) return grouped.format(value) + k_gap + "ms";
    return value.toFixed(value >= 10 ? 1 : 2) + k_gap + "ms";
}

export function percent(share, digits = 0) {
    return is(share) ? (share * 100).toFixed(digits) + k_gap + "%" : none;
}

export function count(value) {
    if (!is(value)) return none;
    return value >= 1e6 ? (value / 1e6).toFixed(1) + k_gap + "M" : grouped.format(value);
}

export const usd = (value) => (is(value) ? "$" + grouped.format(value) : none);

export function clock(seconds) {
    if (!is(seconds)) return none;
    const whole = Math.floor(seconds);
    const two = (part) => String(part).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    return (hours ? two(hours) + ":" : "") + two(Math.floor(whole / 60) % 60) + ":" + two(whole % 60);
}
