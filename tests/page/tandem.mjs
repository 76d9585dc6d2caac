// The yardstick of docs/performance.md: Poisson arrivals -> balancer -> 4-worker web -> 2-worker database, all at 0.8.
import { execFile } from "node:child_process";

const tandem = {
    scaleground: 1, title: { en: "Tandem", ko: "직렬 대기" }, seed: 1, duration_s: 100000,
    nodes: [
        { id: "users", kind: "clients", rate_per_s: 10000 },
        { id: "balancer", kind: "balancer" },
        { id: "web", kind: "server", cores: 4, workers: 4, service_ms: 0.32, while_waiting: "release" },
        { id: "db", kind: "database", connections: 2, read_ms: 0.16 },
    ],
    edges: [["users", "balancer"], ["balancer", "web"], ["web", "db"]],
};

// Its link, written by the native command.
export function tandem_link(cli_file) {
    return new Promise((resolve, reject) => {
        const child = execFile(cli_file, ["link", "encode", "-"], (error, stdout, stderr) =>
            (error ? reject(new Error(stderr || error.message)) : resolve(stdout.trim())));
        child.stdin.end(JSON.stringify(tandem));
    });
}
