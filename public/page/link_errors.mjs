
// Why an edge makes no sense, as the engine says it (engine/src/sim/scenario.cpp).
const refusals = [
    [/cannot call itself/, "page.refuse_itself"],
    [/^(?:\$\S+: )?a \S+ does not call a \S+/, "page.refuse_kinds"],
    [/round in a circle/, "page.refuse_circle"],
    [/this edge is there already/, "page.refuse_twice"],
];

export function refusal(sentence) {
    const key = refusals.find(([pattern]) => pattern.test(sentence))?.[1];
    return key ? say(key) : sentence.replace(/^\$\S+: /, "");
}
