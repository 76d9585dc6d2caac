// Lessons without the page: `run` measures the goal, and `check` reads all that a player would.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { design, json, refused, root, run, test } from './harness.mjs';

const lesson = join(root, 'scenarios/ladder/02-own-database.json');
const changed = (change) => {
    const scenario = JSON.parse(readFileSync(lesson, 'utf8'));
    change(scenario.lesson);
    return JSON.stringify(scenario);
};

test('a lesson: the reference reaches its goal, status 0; where it starts misses it, status 1, and is told why', () => {
    const reached = json(['run', lesson]);
    assert.ok(reached.goal.length >= 2 && reached.goal.every((part) => part.held));
    assert.equal(reached.feedback, null);
    const start = run(['run', lesson, '--start', '--json']);
    assert.equal(start.status, 1);
    assert.match(start.err, /goal missed: p99_ms <= 500, measured /);
    const missed = JSON.parse(start.out);
    assert.ok(missed.goal.some((part) => !part.held));
    assert.ok(missed.feedback.length > 20);
    assert.notEqual(missed.digest, reached.digest);
    assert.match(run(['run', lesson, '--start', '--lang', 'ko']).out, /과제 +✕ p99_ms/);
});
test('--start where there is no lesson', () => refused(['run', design, '--start'], /has no lesson/));
test('check reads a whole lesson: its figures, its edits, its keys', () => {
    assert.equal(run(['check', lesson]).status, 0);
    refused(['check', '-'], /lesson\.start\[0\].*no node/, { input: changed((one) => one.start.unshift({ remove: 'nobody' })) });
    refused(['check', '-'], /lesson\.goal.*did you mean/, { input: changed((one) => one.goal.all.push('p98_ms < 3')) });
    refused(['check', '-'], /lesson.*hints/, { input: changed((one) => (one.hint = [])) });
});
