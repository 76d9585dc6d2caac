// Runs trials beside the page. They share one module, so the next begins when the one before has ended.
import { load_headless, run_trial } from "./trial_run.mjs";

const headless = load_headless();
let before = headless;

async function run({ number, job }) {
    try {
        self.postMessage({ number, result: await run_trial(await headless, job, async () => false,
            (done) => self.postMessage({ number, done })) });
    } catch (error) {
        self.postMessage({ number, error: error.message });
    }
}

self.onmessage = ({ data }) => {
    before = before.then(() => run(data), () => run(data));
};
