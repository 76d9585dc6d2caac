// SVG text of our own making as elements: pictures in <img> may use no font of the page. Those that bring glyphs for
// that leave them behind: here is the page's font, and its policy refuses styles.
export function drawn(svg) {
    const made = document.importNode(new DOMParser().parseFromString(svg.replace(/<style>[^<]*<\/style>/, ""), "image/svg+xml").documentElement, true);
    made.removeAttribute("width");
    made.removeAttribute("height");
    return made;
}
