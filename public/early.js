// Runs before the first paint, so that neither language nor theme flickers, and asks for everything large at once, so
// that nothing on the line waits for a script. boot.mjs takes over from here.
(function () {
    "use strict";
    const query = new URLSearchParams(location.search);
    function stored(key) {
        try {
            return localStorage.getItem(key);
        } catch (error) {
            return null; // storage is closed to us (a sandbox, a privacy setting): nothing was stored
        }
    }
    function first(allowed, ...wishes) {
        return wishes.find((wish) => allowed.includes(wish));
    }
    const own = (navigator.language || "en").toLowerCase().startsWith("ko") ? "ko" : "en";
    const light = matchMedia("(prefers-color-scheme: light)").matches;
    const root = document.documentElement;
    root.lang = first(["en", "ko"], query.get("lang"), stored("scaleground.language"), own);
    if (query.get("embed") === "1") root.dataset.embed = first(["min", "none"], query.get("ui")) ?? "all";
    root.dataset.theme =
        first(["dark", "light"], query.get("theme"), stored("scaleground.theme"), light ? "light" : "dark");
    // Not for a figure that waits for a click, nor for pages of words alone.
    if (root.dataset.embed || document.currentScript.dataset.ahead === undefined) return;
    function ask(path, more) {
        const link = document.createElement("link");
        document.head.append(Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: path }, more));
    }
    for (const path of ["playground.wasm", `words/${root.lang}.json`, "files.json", "scenarios/index.json"]) ask(path);
    ask("playground.mjs", { rel: "modulepreload", as: "" });
    for (const name of ["sans-regular", "sans-semibold", "icons"]) ask(`fonts/${name}.ttf`, { fetchPriority: "low" });
})();
