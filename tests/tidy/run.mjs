// The house rules, as a test: node tests/tidy/run.mjs [FOLDER]. Each rule is one case; it must find nothing in the tree,
// and must find something in its own bad sample, so that a rule that sees nothing any more fails too.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { read_project, sample_project } from './project.mjs';
import * as structure from './rules_structure.mjs';
import * as text from './rules_text.mjs';

const root = process.argv[2] ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const shown = 25;

const rules = [...Object.values(structure), ...Object.values(text)].filter((value) => typeof value === 'object' && value.check);
const project = read_project(root);
let passed = 0;
let failed = 0;
for (const rule of rules) {
    const violations = rule.check(project);
    const blind = rule.check(sample_project(rule.bad)).length === 0;
    if (violations.length === 0 && !blind) {
        passed += 1;
        continue;
    }
    failed += 1;
    console.log(`FAILED  ${rule.name}`);
    if (blind) console.log('        the rule no longer finds its own bad sample: mend tests/tidy');
    for (const { where, what, todo } of violations.slice(0, shown)) console.log(`        ${where}: ${what} -> ${todo}`);
    if (violations.length > shown) console.log(`        and ${violations.length - shown} more`);
}
console.log(`${project.files.length} files; ${text.function_figures(project)}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
