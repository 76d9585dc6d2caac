// Where the user was when the page went away: a reload, a crash, a tab that the browser threw out. The tab remembers it
// (sessionStorage comes back with the tab); a mark in the browser's storage tells of a tab that never said goodbye.
import { clock } from "./numbers.mjs";
import { store, stored } from "./prefs.mjs";
import { find_work } from "./works.mjs";
import { say } from "./words.mjs";

const k_name = "scaleground.place";

function remembered() {
    try {
        const place = JSON.parse(sessionStorage.getItem(k_name) ?? "null");
        return place && typeof place.key === "string" && place.at_s >= 0 ? place : null;
    } catch {
        return null; // no storage here: nothing was remembered
    }
}

// Called whenever own work was written, and when the page goes.
export function remember_place(playground) {
    const state = playground.state();
    if (!state || playground.embed) return;
    try {
        sessionStorage.setItem(k_name, JSON.stringify({ key: playground.work_key, hash: location.hash, at_s: state.now_s, playing: state.playing }));
    } catch {
        return; // as above
    }
    if (playground.work_key) store("unclosed", playground.work_key);
}

export const said_goodbye = () => store("unclosed", "");

// The hash to open first, with the moment where the user was.
export function place_to_open(hash) {
    const place = remembered();
    return place && hash && place.hash === hash && !hash.includes("&at=") ? `${hash}&at=${place.at_s}` : hash;
}

// After opening: says what came back, or offers what was not closed.
export function tell_recovered(playground, hash, opened) {
    if (playground.lesson.active) return; // it finds what was changed in it by itself
    const place = remembered();
    if (place && opened !== hash) {
        if (place.playing) playground.act(() => playground.caller.call("play"));
        playground.banner.note(say("keep.recovered", { clock: clock(place.at_s) }));
        return;
    }
    const work = find_work(stored("unclosed") ?? "");
    if (!work || work.key === playground.work_key) return;
    said_goodbye();
    playground.banner.offer(say("keep.unclosed", { title: work.title }), say("keep.open"),
        () => playground.try_open("#work=" + work.key, { push: true }));
}
