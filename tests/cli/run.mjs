// The command from outside: exit statuses, what goes to which stream, the shape of --json.
import { existsSync, rmSync } from 'node:fs';
import { native, scratch, tests } from './harness.mjs';
import './input.mjs';
import './running.mjs';
import './lessons.mjs';
import './analysis.mjs';
import './formats.mjs';
import './tools.mjs';
import './streams.mjs';

if (!existsSync(native)) {
    console.log(`the command is not built: ${native}\n0 passed, 1 failed`);
    process.exit(1);
}
let failed = 0;
for (const { name, body } of tests) {
    try {
        await body();
        console.log(`ok    ${name}`);
    } catch (error) {
        ++failed;
        console.log(`FAIL  ${name}\n      ${String(error.message).split('\n').slice(0, 12).join('\n      ')}`);
    }
}
rmSync(scratch, { recursive: true });
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
