// SVG text of our own making as elements: pictures in <img> may use no font of the page.
export function drawn(svg) {
    const made = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    made.removeAttribute("width");
    made.removeAttribute("height");
    return made;
}
