// Runs before the first paint, so that neither language nor theme flickers. boot.mjs takes over from here.
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
})();
