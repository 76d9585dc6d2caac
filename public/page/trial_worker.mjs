// Runs trials beside the page, one after the other.
import { load_headless, run_trial } from "./trial_run.mjs";

const headless = load_headless();

self.onmessage = async ({ data: { number, job } }) => {
    try {
        const caller = await headless;
        self.postMessage({ number, result: await run_trial(caller, job, async () => false) });
    } catch (error) {
        self.postMessage({ number, error: error.message });
    }
};
