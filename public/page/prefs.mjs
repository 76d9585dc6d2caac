// Language, theme and the user's own designs, kept where the browser lets us; everything works without.
export function stored(key) {
    try {
        return localStorage.getItem("scaleground." + key);
    } catch {
        return null; // storage is closed (sandbox, privacy setting, full disk): the page then forgets, no more
    }
}

export function store(key, value) {
    if (document.documentElement.dataset.embed) return false; // a figure in another page leaves nothing behind
    try {
        localStorage.setItem("scaleground." + key, value);
        return true;
    } catch {
        return false;
    }
}

export const language = () => (document.documentElement.lang === "ko" ? "ko" : "en");
export const theme = () => (document.documentElement.dataset.theme === "light" ? "light" : "dark");

export function set_language(value) {
    document.documentElement.lang = value;
    store("language", value);
}

export function set_theme(value) {
    document.documentElement.dataset.theme = value;
    store("theme", value);
}
